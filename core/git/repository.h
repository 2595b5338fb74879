#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/oid.h"

namespace waybill::git {

enum class Mode : std::uint32_t {
  kFile = 0100644,
  kExecutable = 0100755,
  kLink = 0120000,
  kSubmodule = 0160000,
  kTree = 0040000
};

// One name of a tree; in recursive listings `path` is relative to the listed tree, with `/`.
struct Entry {
  std::string path;
  Mode mode = Mode::kFile;
  Oid id;
  auto operator<=>(const Entry&) const = default;
};

struct Signature {
  std::string name;
  std::string email;
  Time time;
};

struct Commit {
  Oid id;
  Oid tree;
  std::vector<Oid> parents;
  std::string message;
  Signature author;
  Signature committer;
};

struct Tag {
  std::string name;                    // without refs/tags/
  Oid object;                          // the tag object, or the commit of a lightweight tag
  Oid target;                          // the commit
  std::optional<std::string> message;  // of an annotated tag
};

enum class Change { kAdded, kModified, kDeleted };

// A local repository, read by object: never a work tree, never filters, attributes, submodules (trust.md T10).
class Repository {
 public:
  // Fault::kInput for: no repository; a shallow one (the hint says `fetch-depth: 0`); replace refs, grafts, alternates.
  static Repository open(const std::filesystem::path& path);
  // A new bare repository.
  static Repository create(const std::filesystem::path& path);

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  // "refs/heads/main", "refs/tags/x", "HEAD" or 40 hex → the commit (tags peeled); nothing when absent. Other names,
  // and names of a tree or blob, are Fault::kInput.
  std::optional<Oid> find_commit(std::string_view reference) const;
  // What people type: HEAD, 40 digits, a full name, a tag, a branch or `origin/branch`, in this order; with `~N`.
  std::optional<Oid> resolve(std::string_view name) const;
  Commit commit(const Oid& id) const;
  // The tree object at `path` ("" = root, no `/` at either end) of a commit; nothing when absent or not a tree.
  std::optional<Oid> subtree(const Oid& commit, std::string_view path) const;
  // The names of one tree, in git's order. A tree with names "", ".", "..", ".git", with `/`, NUL, doubles or out of
  // order is Fault::kInput.
  std::vector<Entry> children(const Oid& tree) const;
  // Every blob, link and submodule below, sorted bytewise by path; more than `limit` entries or 64 levels are
  // Fault::kInput.
  std::vector<Entry> files(const Oid& tree, std::size_t limit = 100'000) const;
  // The bytes of a blob; larger than `limit` is Fault::kInput.
  std::string blob(const Oid& id, std::size_t limit) const;
  // A file by path in a commit; nothing when absent, a link, a submodule or a folder.
  std::optional<std::string> file(const Oid& commit, std::string_view path, std::size_t limit) const;

  // Differing blobs of two trees by full path (no rename detection: a move is one deleted, one added).
  std::map<std::string, Change> changes(const std::optional<Oid>& from_tree, const Oid& to_tree) const;

  bool is_ancestor(const Oid& ancestor, const Oid& descendant) const;  // true when equal
  std::optional<Oid> merge_base(const Oid& one, const Oid& other) const;
  // Commits reachable from `tip` and not from `hidden`, newest first in topological order.
  std::vector<Commit> history(const Oid& tip, const std::vector<Oid>& hidden, std::size_t limit = 100'000) const;
  // `tip` and its first parents, newest first, until `visit` says false or the root. Each commit is read when a walk
  // comes to it, and once for all walks from this tip; a walk of more than `limit` is Fault::kInput.
  void walk_first_parents(const Oid& tip, const std::function<bool(const Commit&)>& visit,
                          std::size_t limit = 100'000) const;

  // By name; tags of something other than a commit are left out.
  std::vector<Tag> tags() const;
  std::map<std::string, Oid> branches(std::string_view prefix = "refs/heads/") const;  // full names, no symbolic refs

  // What a symbolic reference names, whether that exists yet or not: "refs/heads/main" for HEAD. Nothing when it is no
  // symbolic reference.
  std::optional<std::string> symbolic_target(std::string_view reference) const;
  // The address of a remote, as this repository's own configuration has it.
  std::optional<std::string> remote_url(const std::string& remote) const;

  // Fetches over HTTP(S) with `token` as x-access-token's password (none when empty), or from a repository on this
  // machine. Refspecs as git writes them, each with a target below refs/; a commit's 40 digits may be the source
  // when `+` stands before them.
  // Missing remote refs are no error. Fault::kRemote, kPermission; kConflict when a target without `+` would not go
  // forward. Nothing is kept but objects and references; tags come only when asked for.
  void fetch(const std::string& url, const std::vector<std::string>& refspecs, const std::string& token);
  std::filesystem::path path() const;

  // New objects. A tree's entries are of one level; a commit's author is its committer, in UTC.
  Oid write_blob(std::string_view bytes);
  Oid write_tree(const std::vector<Entry>& entries);
  Oid write_commit(const Oid& tree, const std::vector<Oid>& parents, const Signature& by, const std::string& message);

  // One reference of a remote, by its full name: what it was (nothing = not there), and the commit made on top of that.
  struct Advance {
    std::string reference;
    std::optional<Oid> from;
    Oid to;
  };

  // Sets each reference that is still what it was, over HTTP(S) as fetch(), and gives those that could not be, with the
  // reason. Nothing there is ever overwritten, nothing here set.
  std::map<std::string, std::string> push(const std::string& url, const std::vector<Advance>& advances,
                                          const std::string& token);

 private:
  struct Impl;
  std::optional<Oid> peeled(const Oid& id) const;  // the commit behind tag objects; nothing for files and folders
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The id git gives a blob of these bytes, and a tree of these entries (of one level, `path` = name).
Oid blob_id(std::string_view bytes);
Oid tree_id(std::vector<Entry> entries);
// The id of `tree` (nothing = an empty one) with these entries in place of what is at their paths; a path with nothing
// goes. Folders on the way come and go as git has them.
Oid overlaid_tree(const Repository& repository, const std::optional<Oid>& tree,
                  const std::map<std::string, std::optional<Entry>>& entries);
// True when git accepts the full reference name, from refs/ on (git-check-ref-format).
bool is_reference_name(std::string_view name);

}  // namespace waybill::git
