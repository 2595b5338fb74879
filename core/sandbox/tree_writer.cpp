#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/sandbox/bare_repository.h"

namespace waybill::sandbox {
namespace {

// What shall stand at one name of a tree: an object, nothing, or more names below.
struct Node {
  std::optional<git::Entry> entry;
  bool removed = false;
  std::map<std::string, Node> below;
};

git::Mode mode_of(const std::string& text) {
  if (text == "100644") return git::Mode::kFile;
  if (text == "100755") return git::Mode::kExecutable;
  if (text == "120000") return git::Mode::kLink;
  if (text == "160000") return git::Mode::kSubmodule;
  if (text == "040000") return git::Mode::kTree;
  throw Error(Fault::kInput, "`{}` is no mode of a tree entry", text);
}

void check_name(const std::string& name, const std::string& path) {
  if (name.empty() || name == "." || name == ".." || name == ".git" || name.find('\0') != std::string::npos)
    throw Error(Fault::kInput, "tree.path contains a malformed path component: `{}`", path);
}

Node& place(Node& root, const std::string& path) {
  Node* at = &root;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = path.find('/', begin);
    const std::string name = path.substr(begin, end - begin);
    check_name(name, path);
    at = &at->below[name];
    if (end == std::string::npos) return *at;
    begin = end + 1;
  }
}

std::string_view kind(git::Mode mode) {
  return mode == git::Mode::kTree ? "tree" : mode == git::Mode::kSubmodule ? "commit" : "blob";
}

// Builds the trees from the leaves up; `written` collects them in the form `git mktree --batch` reads.
class Composer {
 public:
  explicit Composer(const git::Repository& repository) : repository_(repository) {}

  std::vector<git::Entry> compose(const std::optional<Oid>& base, const Node& node) {
    std::map<std::string, git::Entry> entries;
    if (base)
      for (git::Entry& entry : repository_.children(*base)) entries.emplace(entry.path, std::move(entry));
    for (const auto& [name, child] : node.below) apply(entries, name, child);
    std::vector<git::Entry> listed;
    for (auto& [name, entry] : entries) listed.push_back(std::move(entry));
    for (const git::Entry& entry : listed)
      written += fmt::format("{:06o} {} {}\t{}", static_cast<unsigned>(entry.mode), kind(entry.mode), entry.id.hex(),
                             entry.path) +
                 '\0';
    written += '\0';
    return listed;
  }

  std::string written;

 private:
  void apply(std::map<std::string, git::Entry>& entries, const std::string& name, const Node& child) {
    const auto old = entries.find(name);
    std::optional<git::Entry> now = old == entries.end() ? std::nullopt : std::optional(old->second);
    if (child.removed) now.reset();
    if (child.entry) now = child.entry;
    if (now) now->path = name;
    if (!child.below.empty()) {
      const bool is_tree = now && now->mode == git::Mode::kTree;
      const std::vector<git::Entry> inside = compose(is_tree ? std::optional(now->id) : std::nullopt, child);
      if (inside.empty())
        now.reset();
      else
        now = git::Entry{name, git::Mode::kTree, git::tree_id(inside)};
    }
    entries.erase(name);
    if (now) entries.emplace(name, *now);
  }

  const git::Repository& repository_;
};

}  // namespace

Oid BareRepository::write_tree(const std::optional<Oid>& base, const std::vector<TreeEdit>& edits) const {
  Node root;
  const TemporaryFolder contents(path_);
  std::string paths;
  for (const TreeEdit& edit : edits) {
    Node& node = place(root, edit.path);
    if (edit.id) node.entry = git::Entry{"", mode_of(edit.mode), *edit.id};
    if (edit.content) {
      const std::filesystem::path file = contents.path() / std::to_string(std::ranges::count(paths, '\n'));
      write_file(file, *edit.content);
      paths += file.string() + "\n";
      node.entry = git::Entry{"", mode_of(edit.mode), git::blob_id(*edit.content)};
    }
    node.removed = !edit.id && !edit.content;
  }
  if (!paths.empty()) git({"hash-object", "-w", "--no-filters", "--stdin-paths"}, paths);
  const git::Repository& repository = read();
  Composer composer(repository);
  const std::vector<git::Entry> top = composer.compose(base, root);
  if (top.empty()) return write("tree", "");
  git({"mktree", "-z", "--batch"}, composer.written);
  return git::tree_id(top);
}

}  // namespace waybill::sandbox
