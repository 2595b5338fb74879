#include <algorithm>

#include "core/base/encoding.h"
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
    bytes += '\0' + from_hex(entry.id.hex());
  }
  std::ranges::sort(entries, {}, &Entry::path);
  const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::path);
  if (twice != entries.end()) throw Error(Fault::kInput, "a new tree names `{}` twice", shown(twice->path));
  return hash(bytes, GIT_OBJECT_TREE);
}

}  // namespace waybill::git
