#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

Error damaged(const Oid& id, std::string_view how) {
  return Error(Fault::kInput, "the tree `{}` {}", id.hex(), how);
}

// The modes of git's oldest repositories mean the same file: only the owner's x counts (as git reads them).
Mode parse_mode(std::string_view octal, const Oid& id) {
  std::uint32_t bits = 0;
  const auto [stop, error] = std::from_chars(octal.data(), octal.data() + octal.size(), bits, 8);
  if (error == std::errc() && stop == octal.data() + octal.size()) {
    for (const Mode mode : {Mode::kTree, Mode::kLink, Mode::kSubmodule})
      if (bits == static_cast<std::uint32_t>(mode)) return mode;
    if ((bits & ~0777U) == 0100000U) return (bits & 0100U) != 0 ? Mode::kExecutable : Mode::kFile;
  }
  throw damaged(
      id, fmt::format("holds the mode `{}`, which is no file, link, folder or submodule", shown(octal.substr(0, 12))));
}

// Collects below one tree and counts what it visits: folders without files must not take for ever either.
class Listing {
 public:
  Listing(const Repository& repository, std::size_t limit) : repository_(repository), limit_(limit) {}

  void add(const Oid& tree, const std::string& prefix, std::size_t depth) {
    for (Entry& entry : repository_.children(tree)) {
      entry.path.insert(0, prefix);
      if (depth > kDepth) throw Error(Fault::kInput, "`{}` lies deeper than {} levels", shown(entry.path), kDepth);
      if (++visited_[entry.mode == Mode::kTree ? 1 : 0] > limit_)
        throw Error(Fault::kInput, "more than {} entries below the tree, the last one read is `{}`", limit_,
                    shown(entry.path));
      if (entry.mode == Mode::kTree)
        add(entry.id, entry.path + "/", depth + 1);
      else
        found_.push_back(std::move(entry));
    }
  }

  std::vector<Entry> take() { return std::move(found_); }

 private:
  const Repository& repository_;
  std::size_t limit_;
  std::size_t visited_[2] = {0, 0};
  std::vector<Entry> found_;
};

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> names;
  for (std::size_t start = 0; !path.empty() && start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    names.push_back(path.substr(start, end - start));
    require_name(names.back(), path);
    start = end + 1;
  }
  if (names.size() > kDepth) throw Error(Fault::kInput, "`{}` lies deeper than {} levels", shown(path), kDepth);
  return names;
}

std::optional<Entry> find(const std::vector<Entry>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &Entry::path);
  if (found == entries.end()) return std::nullopt;
  return *found;
}

bool is_safe(std::string_view name) {
  const auto is_git = [](std::string_view four) {
    constexpr std::string_view kGit = ".git";
    return std::ranges::equal(four, kGit, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; });
  };
  return !name.empty() && name != "." && name != ".." && !is_git(name) && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

}  // namespace

std::string shown(std::string_view name) {
  std::string text(name.substr(0, 200));
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, '?');
  return text;
}

void require_name(std::string_view name, std::string_view where) {
  if (!is_safe(name))
    throw Error(Fault::kInput, "`{}` of `{}` is not a name that a git tree may hold", shown(name), shown(where));
}

bool in_tree_order(const Entry& one, const Entry& other) {
  const std::size_t shorter = std::min(one.path.size(), other.path.size());
  if (const int order = one.path.compare(0, shorter, other.path, 0, shorter); order != 0) return order < 0;
  const auto next = [shorter](const Entry& entry) {
    if (shorter < entry.path.size()) return static_cast<int>(static_cast<unsigned char>(entry.path[shorter]));
    return entry.mode == Mode::kTree ? static_cast<int>('/') : -1;
  };
  return next(one) < next(other);
}

std::vector<Entry> parse_tree(std::string_view bytes, const Oid& id) {
  std::vector<Entry> entries;
  std::vector<std::string_view> names;
  while (!bytes.empty()) {
    const std::size_t space = bytes.find(' ');
    const std::size_t nul = bytes.find('\0');
    if (space > nul || nul == std::string_view::npos || bytes.size() - nul - 1 < Oid::kSize)
      throw damaged(id, "is cut short");
    const std::string_view name = names.emplace_back(bytes.substr(space + 1, nul - space - 1));
    if (!is_safe(name)) require_name(name, "the tree " + id.hex());
    entries.push_back({std::string(name), parse_mode(bytes.substr(0, space), id),
                       Oid::from_bytes(bytes.substr(nul + 1, Oid::kSize))});
    if (entries.size() > 1 && !in_tree_order(entries[entries.size() - 2], entries.back()))
      throw damaged(id, name == names[names.size() - 2] ? fmt::format("names `{}` twice", shown(name))
                                                        : fmt::format("holds `{}` out of order", shown(name)));
    bytes.remove_prefix(nul + 1 + Oid::kSize);
  }
  // A file and a folder of one name need not stand beside each other.
  if (!std::ranges::is_sorted(names)) std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    throw damaged(id, fmt::format("names `{}` twice", shown(*twice)));
  return entries;
}

const std::vector<Entry>& Repository::Impl::tree(const Oid& id) {
  if (const auto known = trees.find(id); known != trees.end()) return known->second;
  const Object object = read_object(objects.get(), id, GIT_OBJECT_TREE, kTreeLimit, path);
  const auto* data = static_cast<const char*>(::git_odb_object_data(object.get()));
  std::vector<Entry> entries = parse_tree({data, ::git_odb_object_size(object.get())}, id);
  if (names + entries.size() > kNamesKept) {
    trees.clear();
    names = 0;
  }
  names += entries.size();
  return trees.emplace(id, std::move(entries)).first->second;
}

std::optional<Oid> Repository::subtree(const Oid& commit_id, std::string_view path) const {
  const std::vector<std::string_view> names = split(path);
  auto root = impl_->roots.find(commit_id);
  if (root == impl_->roots.end()) root = impl_->roots.emplace(commit_id, commit(commit_id).tree).first;
  Oid tree = root->second;
  for (const std::string_view name : names) {
    const std::optional<Entry> entry = find(impl_->tree(tree), name);
    if (!entry || entry->mode != Mode::kTree) return std::nullopt;
    tree = entry->id;
  }
  return tree;
}

std::vector<Entry> Repository::children(const Oid& tree) const {
  return impl_->tree(tree);
}

std::vector<Entry> Repository::files(const Oid& tree, std::size_t limit) const {
  Listing listing(*this, limit);
  listing.add(tree, "", 1);
  return listing.take();
}

std::string Repository::blob(const Oid& id, std::size_t limit) const {
  const Object object = read_object(impl_->objects.get(), id, GIT_OBJECT_BLOB, limit, impl_->path);
  return {static_cast<const char*>(::git_odb_object_data(object.get())), ::git_odb_object_size(object.get())};
}

std::optional<std::string> Repository::file(const Oid& commit_id, std::string_view path, std::size_t limit) const {
  const std::size_t slash = path.rfind('/');
  const bool nested = slash != std::string_view::npos;
  const std::string_view name = nested ? path.substr(slash + 1) : path;
  require_name(name, path);
  if (nested && slash == 0) require_name("", path);
  const std::optional<Oid> folder = subtree(commit_id, nested ? path.substr(0, slash) : std::string_view());
  if (!folder) return std::nullopt;
  const std::optional<Entry> entry = find(impl_->tree(*folder), name);
  if (!entry || (entry->mode != Mode::kFile && entry->mode != Mode::kExecutable)) return std::nullopt;
  return blob(entry->id, limit);
}

}  // namespace waybill::git
