#include <algorithm>

#include "core/base/error.h"
#include "core/git/remote.h"

namespace waybill::git {
namespace {

using Refspec = Handle<git_refspec, git_refspec_free>;

// One refspec and its text; what it may write is checked before anything is asked for.
struct Wish {
  Refspec spec;
  std::string text;

  bool exact() const { return std::string_view(::git_refspec_src(spec.get())).find('*') == std::string_view::npos; }

  bool by_id() const {
    const std::string_view source = ::git_refspec_src(spec.get());
    return source.size() == 40 && source.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  }
};

Wish parse_wish(const std::string& text) {
  Wish wish{nullptr, text};
  check(::git_refspec_parse(out(wish.spec), text.c_str(), 1), "`" + text + "` is not a refspec");
  const char* written = ::git_refspec_dst(wish.spec.get());
  const std::string_view target = written == nullptr ? "" : written;
  if (std::string_view(::git_refspec_src(wish.spec.get())).empty())
    throw Error(Fault::kInput, "the refspec `{}` names nothing to fetch", text);
  if (!target.starts_with("refs/") || target.starts_with("refs/replace/"))
    throw Error(Fault::kInput, "the refspec `{}` must write below `refs/`, and never replace refs", text);
  if (wish.by_id() && ::git_refspec_force(wish.spec.get()) == 0)
    throw Error(Fault::kInput, "the refspec `{}` names a commit, whatever its target held is replaced", text)
        .hint("+" + text);
  return wish;
}

bool is_there(const Wish& wish, const std::vector<Head>& heads) {
  return wish.by_id() || std::ranges::any_of(heads, [&wish](const Head& head) {
           return ::git_refspec_src_matches(wish.spec.get(), head.name.c_str()) == 1;
         });
}

std::string target_of(const Wish& wish, const Head& head) {
  if (wish.exact()) return ::git_refspec_dst(wish.spec.get());
  git_buf buffer = GIT_BUF_INIT;
  check(::git_refspec_transform(&buffer, wish.spec.get(), head.name.c_str()), "`" + wish.text + "` cannot be applied");
  const std::string name(buffer.ptr, buffer.size);
  ::git_buf_dispose(&buffer);
  return name;
}

// A pattern must not bring in by name what open() refuses.
void refuse_replacing(const Wish& wish, const std::vector<Head>& heads) {
  for (const Head& head : heads)
    if (::git_refspec_src_matches(wish.spec.get(), head.name.c_str()) == 1 &&
        target_of(wish, head).starts_with("refs/replace/"))
      throw Error(Fault::kInput, "the refspec `{}` would bring in the replace ref `{}`", wish.text, head.name);
}

// libgit2 leaves a reference alone that would not go forward, and says nothing.
void require_updated(git_repository* repository, const Wish& wish, const std::vector<Head>& heads) {
  for (const Head& head : heads) {
    if (::git_refspec_src_matches(wish.spec.get(), head.name.c_str()) != 1) continue;
    const std::string name = target_of(wish, head);
    git_oid raw;
    const bool updated = ::git_reference_name_to_id(&raw, repository, name.c_str()) == 0 && value(raw) == head.id;
    ::git_error_clear();
    if (!updated)
      throw Error(Fault::kConflict, "`{}` was not set to `{}`: it would not go forward", name, head.id.hex())
          .hint("+" + wish.text);
  }
}

}  // namespace

void Repository::fetch(const std::string& url, const std::vector<std::string>& refspecs, const std::string& token) {
  Remote remote(impl_->repository.get(), url, token);
  std::vector<Wish> wishes;
  for (const std::string& refspec : refspecs) wishes.push_back(parse_wish(refspec));
  const std::vector<Head> heads = remote.connect(GIT_DIRECTION_FETCH);
  std::erase_if(wishes, [&heads](const Wish& wish) { return !is_there(wish, heads); });
  if (wishes.empty()) return;
  for (const Wish& wish : wishes) refuse_replacing(wish, heads);

  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  remote.settle(options);
  options.prune = GIT_FETCH_NO_PRUNE;
  options.update_fetchhead = 0;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  std::vector<char*> texts;
  for (Wish& wish : wishes) texts.push_back(wish.text.data());
  const git_strarray wanted{texts.data(), texts.size()};
  remote.check(::git_remote_fetch(remote.get(), &wanted, &options, nullptr), "read");
  for (const Wish& wish : wishes) require_updated(impl_->repository.get(), wish, heads);
}

}  // namespace waybill::git
