#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/oid.h"
#include "core/git/repository.h"

namespace waybill::sandbox {

// A reference that moved, appeared (`before` empty) or went away (`after` empty).
struct RefChange {
  std::string name;
  std::optional<Oid> before;
  std::optional<Oid> after;
};

struct RefTarget {
  Oid id;
  std::string type;  // commit, tag
};

// One path of a tree to be written; `id` and `content` absent = the path goes away.
struct TreeEdit {
  std::string path;
  std::string mode;
  std::optional<Oid> id;
  std::optional<std::string> content;
};

struct FileChange {
  std::string status;  // added, removed, modified, renamed, changed
  std::string path;
  std::string previous;  // of a renamed one
  Oid id;                // of the blob, the old one when removed
  long additions = 0;
  long deletions = 0;
};

// A bare repository on the forge's disk: what core/git reads, and the writing that only a server does, by the real git.
class BareRepository {
 public:
  explicit BareRepository(std::filesystem::path path);
  // Makes it, with the branches and tags of `from` (path, URL or bundle; empty = none).
  static BareRepository create(const std::filesystem::path& path, const std::string& default_branch,
                               const std::string& from);

  const std::filesystem::path& path() const { return path_; }

  // Opened once and shared by every copy, since opening costs more than most reading: one thread at a time.
  const git::Repository& read() const;

  // The commits that lead to one and not to the other. Remembered: asked again it costs nothing.
  const std::set<Oid>& ahead(const Oid& head, const Oid& base) const;

  // The object a full reference name points at: commits, or tag objects.
  std::optional<Oid> reference(const std::string& name) const;
  std::map<std::string, RefTarget> references(const std::string& prefix) const;
  // All or none of them; git's complaint, or nothing.
  std::optional<std::string> update(const std::vector<RefChange>& changes) const;

  // A commit by id, full or short reference name (heads/x, x, tags/x); tags peeled.
  std::optional<Oid> commit(const std::string& name) const;
  std::string type(const Oid& id) const;                              // commit, tree, blob, tag; empty when absent
  std::string content(const std::string& type, const Oid& id) const;  // of an object that exists
  Oid write(const std::string& type, std::string_view content) const;
  // Fault::kInput when an id does not exist or is of another kind.
  Oid write_tree(const std::optional<Oid>& base, const std::vector<TreeEdit>& edits) const;
  Oid write_commit(const git::Commit& commit) const;  // `id` is ignored

  // The tree of a three-way merge, nothing on a conflict.
  std::optional<Oid> merged_tree(const Oid& ours, const Oid& theirs) const;
  std::vector<FileChange> changes(const Oid& from_tree, const Oid& to_tree) const;
  // As a forge does now and then: where there are many loose objects they go into packs, or fetching gets ever slower.
  void pack_when_many() const;
  // Brings a commit in from another repository on this disk.
  void bring(const BareRepository& from, const Oid& commit, const std::string& as_reference) const;

 private:
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {}) const;

  struct Read {
    std::optional<git::Repository> repository;
    std::map<std::pair<Oid, Oid>, std::set<Oid>> ahead;
  };

  std::filesystem::path path_;
  std::shared_ptr<Read> read_;
};

// The environment every git of the sandbox runs in: no configuration but the repository's own.
std::map<std::string, std::string> git_environment();

}  // namespace waybill::sandbox
