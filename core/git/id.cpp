#include <algorithm>

#include "core/base/error.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

Oid hash(std::string_view bytes, git_object_t kind) {
  start_library();
  git_oid id;
  check(::git_odb_hash(&id, bytes.data(), bytes.size(), kind), "hashing an object");
  return value(id);
}

}  // namespace

Oid blob_id(std::string_view bytes) {
  return hash(bytes, GIT_OBJECT_BLOB);
}

Oid tree_id(std::vector<Entry> entries) {
  std::ranges::sort(entries, in_tree_order);
  std::string bytes;
  for (const Entry& entry : entries) {
    require_name(entry.path, "a new tree");
    bytes += fmt::format("{:o} {}", static_cast<std::uint32_t>(entry.mode), entry.path);
    bytes += '\0';
    bytes += entry.id.bytes();
  }
  std::ranges::sort(entries, {}, &Entry::path);
  const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::path);
  if (twice != entries.end()) throw Error(Fault::kInput, "a new tree names `{}` twice", shown(twice->path));
  return hash(bytes, GIT_OBJECT_TREE);
}

Oid overlaid_tree(const Repository& repository, const std::optional<Oid>& tree,
                  const std::map<std::string, std::optional<Entry>>& entries) {
  std::map<std::string, Entry> here;
  if (tree)
    for (Entry& entry : repository.children(*tree)) here.insert_or_assign(entry.path, entry);
  std::map<std::string, std::map<std::string, std::optional<Entry>>> below;
  for (const auto& [path, entry] : entries) {
    const std::size_t slash = path.find('/');
    const std::string name = path.substr(0, slash);
    if (slash != std::string::npos)
      below[name].emplace(path.substr(slash + 1), entry);
    else if (entry)
      here.insert_or_assign(name, Entry{name, entry->mode, entry->id});
    else
      here.erase(name);
  }
  const Oid empty = tree_id({});
  for (const auto& [name, inside] : below) {
    const auto found = here.find(name);
    const bool is_tree = found != here.end() && found->second.mode == Mode::kTree;
    const Oid made = overlaid_tree(repository, is_tree ? std::optional(found->second.id) : std::nullopt, inside);
    if (!is_tree && made == empty) continue;  // nothing was there to go
    here.erase(name);
    if (made != empty) here.emplace(name, Entry{name, Mode::kTree, made});
  }
  std::vector<Entry> all;
  for (auto& [name, entry] : here) all.push_back(std::move(entry));
  return tree_id(std::move(all));
}

}  // namespace waybill::git
