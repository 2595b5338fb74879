#include "core/git/native.h"

#include <git2/sys/stream.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/git/stream.h"

namespace waybill::git {
namespace {

void configure() {
  // In a container job the files of the checkout belong to another user than the one that waybill runs as. The owner
  // matters to programs that run hooks and configured commands; waybill runs none of them.
  ::git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // Nobody's configuration outside the repository counts: no rewritten URLs, no other certificates.
  for (const int level :
       {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
    ::git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  // What a sparse checkout sets; it concerns work trees only, and waybill reads none.
  std::array<const char*, 1> harmless{"worktreeconfig"};
  ::git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless.data(), harmless.size());
  register_timed_streams();
}

class Started {
 public:
  Started() {
    if (::git_libgit2_init() < 0) throw Error(Fault::kInternal, "libgit2 cannot be started: {}", complaint());
    configure();
  }

  ~Started() { ::git_libgit2_shutdown(); }

  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
};

}  // namespace

void start_library() {
  // Once and for as long as the process lives: starting reads every certificate of the system.
  static const Started kStarted;
}

std::string complaint() {
  const git_error* last = ::git_error_last();
  std::string text = last == nullptr || last->message == nullptr ? "no reason given" : last->message;
  ::git_error_clear();
  return text;
}

void check(int code, std::string_view doing) {
  if (code < 0) throw Error(Fault::kInput, "{}: {}", doing, complaint());
}

git_oid native(const Oid& id) {
  git_oid raw;
  std::ranges::copy(id.bytes(), raw.id);
  return raw;
}

Oid value(const git_oid& id) {
  return Oid::from_bytes({reinterpret_cast<const char*>(id.id), Oid::kSize});
}

git_object_t kind_of(git_odb* objects, const Oid& id) {
  const git_oid raw = native(id);
  std::size_t size = 0;
  git_object_t kind = GIT_OBJECT_INVALID;
  const int code = ::git_odb_read_header(&size, &kind, objects, &raw);
  if (code == GIT_ENOTFOUND) {
    ::git_error_clear();
    return GIT_OBJECT_INVALID;
  }
  check(code, "object `" + id.hex() + "` is damaged");
  return kind;
}

Object read_object(git_odb* objects, const Oid& id, git_object_t kind, std::size_t limit,
                   const std::filesystem::path& repository) {
  const git_oid raw = native(id);
  std::size_t size = 0;
  git_object_t found = GIT_OBJECT_INVALID;
  int code = ::git_odb_read_header(&size, &found, objects, &raw);
  if (code == 0 && found != kind)
    throw Error(Fault::kInput, "object `{}` is a {}, a {} is wanted", id.hex(), ::git_object_type2string(found),
                ::git_object_type2string(kind));
  if (code == 0 && size > limit)
    throw Error(Fault::kInput, "the {} `{}` has {} bytes, at most {} are read", ::git_object_type2string(kind),
                id.hex(), size, limit);
  Object object;
  if (code == 0) code = ::git_odb_read(out(object), objects, &raw);
  if (code == GIT_ENOTFOUND) {
    ::git_error_clear();
    throw Error(Fault::kInput, "object `{}` is missing from `{}`", id.hex(), repository.string())
        .hint("with actions/checkout: `fetch-depth: 0` and no `filter`; elsewhere `git fsck` says what is missing");
  }
  if (code < 0)
    throw Error(Fault::kInput, "object `{}` of `{}` is damaged: {}", id.hex(), repository.string(), complaint())
        .hint("clone the repository anew; `git fsck` says what is damaged");
  return object;
}

}  // namespace waybill::git
