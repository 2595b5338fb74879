#include <algorithm>

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

using Reference = Handle<git_reference, git_reference_free>;

constexpr std::string_view kTags = "refs/tags/";
constexpr int kTagDepth = 16;
constexpr std::size_t kLongestName = 1024;

bool looks_like_id(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

struct Annotation {
  Oid target;
  git_object_t kind;
  std::string message;
};

Annotation read_tag(const Oid& id, git_repository* repository, git_odb* objects, const std::filesystem::path& path) {
  read_object(objects, id, GIT_OBJECT_TAG, kCommitLimit, path);
  const git_oid raw = native(id);
  Handle<git_tag, git_tag_free> tag;
  check(::git_tag_lookup(out(tag), repository, &raw), "the tag object `" + id.hex() + "` is damaged");
  const char* message = ::git_tag_message(tag.get());
  return {value(*::git_tag_target_id(tag.get())), ::git_tag_target_type(tag.get()), message == nullptr ? "" : message};
}

// Calls `visit` with the full name and id of every direct reference under `prefix`, in no particular order.
template <class Visit>
void each_reference(git_repository* repository, std::string_view prefix, Visit visit) {
  Handle<git_reference_iterator, git_reference_iterator_free> iterator;
  const bool plain = prefix.find_first_of("*?[\\") == std::string_view::npos;
  const std::string glob = (plain ? std::string(prefix) : std::string()) + "*";
  check(::git_reference_iterator_glob_new(out(iterator), repository, glob.c_str()), "reading the references");
  int code = 0;
  for (Reference reference; (code = ::git_reference_next(out(reference), iterator.get())) == 0;) {
    const std::string name = ::git_reference_name(reference.get());
    const git_oid* target = ::git_reference_target(reference.get());
    if (name.starts_with(prefix) && target != nullptr) visit(name, value(*target));
  }
  if (code != GIT_ITEROVER) check(code, "reading the references");
}

// The commit so many first parents back; nothing where there are not so many.
std::optional<Oid> first_parent(const Repository& repository, const Oid& tip, std::int64_t steps) {
  std::optional<Oid> found;
  repository.walk_first_parents(tip, [&](const Commit& commit) {
    if (steps-- == 0) found = commit.id;
    return !found;
  });
  return found;
}

}  // namespace

bool is_reference_name(std::string_view name) {
  start_library();
  int valid = 0;
  const bool plain = name.starts_with("refs/") && std::ranges::none_of(name, [](char c) {
                       return c == '\0' || c == 0x7f;  // DEL passes libgit2, not git
                     });
  return plain && ::git_reference_name_is_valid(&valid, std::string(name).c_str()) == 0 && valid == 1;
}

void refuse_replacements(git_repository* repository, const std::filesystem::path& path) {
  each_reference(repository, "refs/replace/", [&path](const std::string& name, const Oid&) {
    throw Error(Fault::kInput, "`{}` has the replace ref `{}`: its objects do not mean what their ids say",
                path.string(), name)
        .hint("git replace -d " + name.substr(name.rfind('/') + 1));
  });
}

std::optional<Oid> Repository::peeled(const Oid& id) const {
  Oid target = id;
  git_object_t kind = kind_of(impl_->objects.get(), target);
  for (int depth = 0; kind == GIT_OBJECT_TAG; ++depth) {
    if (depth == kTagDepth) throw Error(Fault::kInput, "the tag object `{}` is a tag of tags without end", id.hex());
    target = read_tag(target, impl_->repository.get(), impl_->objects.get(), impl_->path).target;
    kind = kind_of(impl_->objects.get(), target);
  }
  if (kind == GIT_OBJECT_TREE || kind == GIT_OBJECT_BLOB) return std::nullopt;
  read_object(impl_->objects.get(), target, GIT_OBJECT_COMMIT, kCommitLimit, impl_->path);
  return target;
}

std::optional<Oid> Repository::find_commit(std::string_view reference) const {
  std::optional<Oid> id;
  if (looks_like_id(reference)) {
    id = Oid::parse(reference);
    if (kind_of(impl_->objects.get(), *id) == GIT_OBJECT_INVALID) return std::nullopt;
  } else {
    if (reference != "HEAD" && !is_reference_name(reference))
      throw Error(Fault::kInput,
                  "`{}` is neither a full reference name like `refs/heads/main` nor a commit's 40 digits",
                  shown(reference));
    git_oid raw;
    const int code = ::git_reference_name_to_id(&raw, impl_->repository.get(), std::string(reference).c_str());
    if (code == GIT_ENOTFOUND) {
      ::git_error_clear();
      return std::nullopt;
    }
    check(code, "the reference `" + std::string(reference) + "` cannot be read");
    id = value(raw);
  }
  const std::optional<Oid> commit = peeled(*id);
  if (!commit) throw Error(Fault::kInput, "`{}` names no commit but a file or a folder", reference);
  return commit;
}

std::vector<Tag> Repository::tags() const {
  std::vector<Tag> tags;
  each_reference(impl_->repository.get(), kTags, [&](const std::string& name, const Oid& id) {
    const std::optional<Oid> commit = peeled(id);
    if (!commit) return;
    Tag tag{name.substr(kTags.size()), id, *commit, std::nullopt};
    if (id != *commit) tag.message = read_tag(id, impl_->repository.get(), impl_->objects.get(), impl_->path).message;
    tags.push_back(std::move(tag));
  });
  std::ranges::sort(tags, {}, &Tag::name);
  return tags;
}

std::map<std::string, Oid> Repository::branches(std::string_view prefix) const {
  std::map<std::string, Oid> branches;
  each_reference(impl_->repository.get(), prefix, [&](const std::string& name, const Oid& id) {
    if (const std::optional<Oid> commit = peeled(id)) branches.emplace(name, *commit);
  });
  return branches;
}

std::optional<std::string> Repository::symbolic_target(std::string_view reference) const {
  if (reference != "HEAD" && !is_reference_name(reference))
    throw Error(Fault::kInput, "`{}` is no full reference name like `refs/remotes/origin/HEAD`", shown(reference));
  Reference found;
  const int code = ::git_reference_lookup(out(found), impl_->repository.get(), std::string(reference).c_str());
  if (code == GIT_ENOTFOUND) {
    ::git_error_clear();
    return std::nullopt;
  }
  check(code, "the reference `" + std::string(reference) + "` cannot be read");
  const char* target = ::git_reference_symbolic_target(found.get());
  return target == nullptr ? std::nullopt : std::optional<std::string>(target);
}

std::optional<std::string> Repository::remote_url(const std::string& remote) const {
  Handle<git_remote, git_remote_free> found;
  const int code = ::git_remote_lookup(out(found), impl_->repository.get(), remote.c_str());
  if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC) {
    ::git_error_clear();
    return std::nullopt;
  }
  check(code, "the remote `" + remote + "` cannot be read");
  const char* url = ::git_remote_url(found.get());
  return url == nullptr ? std::nullopt : std::optional<std::string>(url);
}

std::optional<Oid> Repository::resolve(std::string_view name) const {
  if (name.size() > kLongestName) return std::nullopt;
  if (const std::size_t tilde = name.rfind('~'); tilde != std::string_view::npos) {
    const auto tip = resolve(name.substr(0, tilde));
    const auto steps = tilde + 1 == name.size() ? 1 : whole_number(name.substr(tilde + 1));
    return tip && steps && *steps >= 0 ? first_parent(*this, *tip, *steps) : std::nullopt;
  }
  const std::string text(name);
  const bool is_id = text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (text == "HEAD" || is_id || text.starts_with("refs/")) return find_commit(text);
  for (const std::string& candidate : {"refs/tags/" + text, "refs/heads/" + text, "refs/remotes/" + text})
    if (is_reference_name(candidate))
      if (const auto commit = find_commit(candidate)) return commit;
  return std::nullopt;
}

}  // namespace waybill::git
