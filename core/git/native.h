#pragma once

// libgit2 behind values, for the .cpp files of this folder alone.

#include <git2.h>

#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"
#include "core/git/repository.h"

namespace waybill::git {

// Starts libgit2, if it is not, with the settings that waybill wants everywhere. That reads every certificate of the
// system, which takes milliseconds: it stays started until the program ends.
void start_library();

struct Repository::Impl {
  std::filesystem::path path;  // of the git folder
  Handle<git_repository, git_repository_free> repository;
  Handle<git_odb, git_odb_free> objects;
  std::map<Oid, std::deque<Commit>> lines;  // first parents by tip, as far as somebody walked
  std::map<Oid, Oid> roots;                 // trees by commit, and names by tree, as far as somebody looked
  std::map<Oid, std::vector<Entry>> trees;
  std::size_t names = 0;

  // Good until the next call.
  const std::vector<Entry>& tree(const Oid& id);
};

using Object = Handle<git_odb_object, git_odb_object_free>;

// Limits on what one repository may make waybill hold.
constexpr std::size_t kTreeLimit = 64 * 1024 * 1024;  // bytes of one tree
constexpr std::size_t kCommitLimit = 1024 * 1024;     // bytes of one commit or tag
constexpr std::size_t kDepth = 64;                    // names in a path
constexpr std::size_t kNamesKept = 200'000;           // of trees that were read

// Turns a failed call into Fault::kInput: `doing` says what was tried.
void check(int code, std::string_view doing);
// What libgit2 last complained about; forgets it.
std::string complaint();

git_oid native(const Oid& id);
Oid value(const git_oid& id);

// An object of exactly this kind whose bytes have its id. Missing, damaged, of another kind or larger than `limit` is
// Fault::kInput.
Object read_object(git_odb* objects, const Oid& id, git_object_t kind, std::size_t limit,
                   const std::filesystem::path& repository);
// The kind of an object; GIT_OBJECT_INVALID when there is none.
git_object_t kind_of(git_odb* objects, const Oid& id);

// The names of a tree object in their order. Names that could leave a folder, double or unsorted ones are
// Fault::kInput.
std::vector<Entry> parse_tree(std::string_view bytes, const Oid& id);
// Refuses "", ".", "..", ".git" in any case, and names that hold `/` or NUL.
void require_name(std::string_view name, std::string_view where);
// A name as an error text may hold it: control characters become `?`.
std::string shown(std::string_view name);
// How git orders the names of a tree: folders as if they ended in `/`.
bool in_tree_order(const Entry& one, const Entry& other);

// The git folder of a repository or of its work tree, after every trick that could change what an object means was
// refused.
std::filesystem::path safe_git_folder(const std::filesystem::path& path);
void refuse_replacements(git_repository* repository, const std::filesystem::path& path);

}  // namespace waybill::git
