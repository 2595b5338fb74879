#include "core/sandbox/bare_repository.h"

#include <charconv>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kRefLimit = 4096;
constexpr std::size_t kPackedRefsLimit = 64UL * 1024 * 1024;
constexpr std::size_t kOutputLimit = 256UL * 1024 * 1024;
constexpr std::ptrdiff_t kManyInOneFolder = 4;  // of the 256 that loose objects are spread over

Exit run_git(const std::filesystem::path& folder, std::vector<std::string> arguments, std::string_view input) {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), "git");
  command.environment = git_environment();
  command.environment["GIT_DIR"] = folder.string();
  command.folder = folder;
  command.input = std::string(input);
  command.timeout = std::chrono::seconds(300);
  command.output_limit = kOutputLimit;
  return run(command);
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

std::vector<std::string_view> split(std::string_view text, char end) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t at = text.find(end);
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return parts;
}

long number(std::string_view text) {
  long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string signature(const git::Signature& person) {
  return fmt::format("{} <{}> {} +0000", person.name, person.email, person.time.time_since_epoch().count());
}

// A name that leads to a tree or a blob names no commit either.
std::optional<Oid> peeled(const git::Repository& repository, const std::string& name) {
  try {
    return repository.find_commit(name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool is_tree(const git::Repository& repository, const Oid& id) {
  try {
    (void)repository.children(id);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::map<std::string, std::string> git_environment() {
  return {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
          {"HOME", "/nonexistent"},
          {"LC_ALL", "C"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_CONFIG_COUNT", "1"},
          {"GIT_CONFIG_KEY_0", "safe.directory"},
          {"GIT_CONFIG_VALUE_0", "*"},
          {"GIT_COMMITTER_NAME", "GitHub"},
          {"GIT_COMMITTER_EMAIL", "noreply@github.com"}};
}

BareRepository::BareRepository(std::filesystem::path path) : path_(std::move(path)), read_(std::make_shared<Read>()) {}

const git::Repository& BareRepository::read() const {
  if (!read_->repository) read_->repository = git::Repository::open(path_);
  return *read_->repository;
}

const std::set<Oid>& BareRepository::ahead(const Oid& head, const Oid& base) const {
  if (const auto known = read_->ahead.find({head, base}); known != read_->ahead.end()) return known->second;
  std::set<Oid> commits;
  for (const git::Commit& commit : read().history(head, {base})) commits.insert(commit.id);
  return read_->ahead.emplace(std::pair(head, base), std::move(commits)).first->second;
}

std::string BareRepository::git(const std::vector<std::string>& arguments, std::string_view input) const {
  Exit exit = run_git(path_, arguments, input);
  if (exit.code != 0)
    throw Error(Fault::kInput, "git {} in `{}`: {}", arguments.front(), path_.filename().string(),
                first_line(exit.errors));
  return std::move(exit.output);
}

BareRepository BareRepository::create(const std::filesystem::path& path, const std::string& default_branch,
                                      const std::string& from) {
  std::filesystem::create_directories(path);
  const BareRepository made(path);
  made.git({"init", "--quiet", "--bare", "--template=", "--initial-branch=" + default_branch, "."});
  const std::string config =
      std::string("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n") +
      "\tlogAllRefUpdates = false\n[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n\tunpackLimit = 10000\n" +
      "\thideRefs = refs/pull\n[http]\n\treceivepack = true\n[uploadpack]\n\tallowAnySHA1InWant = true\n";
  write_file(path / "config", config);
  if (!from.empty())
    made.git({"fetch", "--quiet", "--no-tags", from, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"});
  return made;
}

std::optional<Oid> BareRepository::reference(const std::string& name) const {
  if (!git::is_reference_name(name)) return std::nullopt;
  if (std::filesystem::is_regular_file(path_ / name)) return Oid::parse(first_line(read_file(path_ / name, kRefLimit)));
  if (!std::filesystem::exists(path_ / "packed-refs")) return std::nullopt;
  const std::string packed = read_file(path_ / "packed-refs", kPackedRefsLimit);
  for (const std::string_view line : split(packed, '\n'))
    if (line.size() > 41 && line.substr(41) == name) return Oid::parse(line.substr(0, 40));
  return std::nullopt;
}

std::map<std::string, RefTarget> BareRepository::references(const std::string& prefix) const {
  std::map<std::string, RefTarget> found;
  const std::string listed = git({"for-each-ref", "--format=%(objectname) %(objecttype) %(refname)"});
  for (const std::string_view line : split(listed, '\n')) {
    const auto words = split(line, ' ');
    if (words.at(2).starts_with(prefix))
      found.emplace(words[2], RefTarget{Oid::parse(words[0]), std::string(words[1])});
  }
  return found;
}

std::optional<Oid> BareRepository::commit(const std::string& name) const {
  const git::Repository& repository = read();
  const bool is_id = name.size() == 40 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (is_id) return peeled(repository, name);
  for (const char* prefix : {"refs/", "refs/heads/", "refs/tags/"})
    if (git::is_reference_name(prefix + name))
      if (const auto found = peeled(repository, prefix + name)) return found;
  return std::nullopt;
}

std::optional<std::string> BareRepository::update(const std::vector<RefChange>& changes) const {
  const std::string none(40, '0');
  std::string input;
  for (const RefChange& change : changes) {
    const std::string before = change.before ? change.before->hex() : none;
    input += (change.after ? "update " : "delete ") + change.name + '\0';
    if (change.after) input += change.after->hex() + '\0';
    input += before + '\0';
  }
  const Exit exit = run_git(path_, {"update-ref", "--no-deref", "-z", "--stdin"}, input);
  if (exit.code == 0) return std::nullopt;
  return std::string(first_line(exit.errors));
}

std::string BareRepository::type(const Oid& id) const {
  if (commit(id.hex()) == id) return "commit";
  if (is_tree(read(), id)) return "tree";
  const Exit exit = run_git(path_, {"cat-file", "-t", id.hex()}, {});
  return exit.code == 0 ? std::string(first_line(exit.output)) : std::string();
}

std::string BareRepository::content(const std::string& type, const Oid& id) const {
  return git({"cat-file", type, id.hex()});
}

Oid BareRepository::write(const std::string& type, std::string_view content) const {
  return Oid::parse(first_line(git({"hash-object", "-w", "-t", type, "--stdin"}, content)));
}

Oid BareRepository::write_commit(const git::Commit& commit) const {
  std::string text = fmt::format("tree {}\n", commit.tree.hex());
  for (const Oid& parent : commit.parents) text += fmt::format("parent {}\n", parent.hex());
  text += fmt::format("author {}\ncommitter {}\n\n{}", signature(commit.author), signature(commit.committer),
                      commit.message);
  return write("commit", text);
}

std::optional<Oid> BareRepository::merged_tree(const Oid& ours, const Oid& theirs) const {
  const Exit exit = run_git(path_, {"merge-tree", "--write-tree", "--no-messages", ours.hex(), theirs.hex()}, {});
  if (exit.code != 0) return std::nullopt;
  return Oid::parse(first_line(exit.output));
}

std::vector<FileChange> BareRepository::changes(const Oid& from_tree, const Oid& to_tree) const {
  const std::string listed =
      git({"diff-tree", "-r", "-M", "--raw", "--numstat", "--no-abbrev", "-z", from_tree.hex(), to_tree.hex()});
  std::vector<FileChange> found;
  std::map<std::string, std::size_t, std::less<>> by_path;
  const std::vector<std::string_view> fields = split(listed, '\0');
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].starts_with(':')) {
      const auto words = split(fields[i], ' ');
      const char kind = words.at(4).front();
      const bool renamed = kind == 'R' || kind == 'C';
      FileChange change{kind == 'A'   ? "added"
                        : kind == 'D' ? "removed"
                        : renamed     ? "renamed"
                        : kind == 'T' ? "changed"
                                      : "modified",
                        std::string(fields.at(renamed ? i + 2 : i + 1)),
                        renamed ? std::string(fields.at(i + 1)) : std::string(),
                        Oid::parse(words.at(kind == 'D' ? 2 : 3))};
      i += renamed ? 2 : 1;
      by_path[change.path] = found.size();
      found.push_back(std::move(change));
      continue;
    }
    const auto columns = split(fields[i], '\t');
    std::string_view path = columns.size() > 2 ? columns[2] : std::string_view();
    if (path.empty()) {
      path = fields.at(i + 2);
      i += 2;
    }
    const auto at = by_path.find(path);
    if (at == by_path.end()) continue;
    found[at->second].additions = number(columns.at(0));
    found[at->second].deletions = number(columns.at(1));
  }
  return found;
}

void BareRepository::pack_when_many() const {
  const std::filesystem::path one_of_many = path_ / "objects/17";
  if (!std::filesystem::exists(one_of_many)) return;
  if (std::distance(std::filesystem::directory_iterator(one_of_many), {}) < kManyInOneFolder) return;
  git({"repack", "-d", "--quiet", "--geometric=2"});
  git({"pack-refs", "--all"});
}

void BareRepository::bring(const BareRepository& from, const Oid& commit, const std::string& as_reference) const {
  git({"fetch", "--quiet", "--no-tags", from.path().string(), "+" + commit.hex() + ":" + as_reference});
}

}  // namespace waybill::sandbox
