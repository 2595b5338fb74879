#include <algorithm>
#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/git/address.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

using Remote = Handle<git_remote, git_remote_free>;
using Refspec = Handle<git_refspec, git_refspec_free>;

constexpr std::size_t kMostBytes = std::size_t{4} << 30U;
constexpr std::chrono::minutes kLongest{20};

struct Progress {
  std::chrono::steady_clock::time_point end = std::chrono::steady_clock::now() + kLongest;
  std::string stopped;
};

int watch(const git_indexer_progress* stats, void* payload) {
  auto& progress = *static_cast<Progress*>(payload);
  if (stats->received_bytes > kMostBytes)
    progress.stopped = fmt::format("sent more than {} bytes", kMostBytes);
  else if (std::chrono::steady_clock::now() > progress.end)
    progress.stopped = fmt::format("took longer than {} minutes", kLongest.count());
  return progress.stopped.empty() ? 0 : GIT_EUSER;
}

// Who answers with 401 or 403 says so in libgit2's text only.
bool is_denied(int code, std::string_view reason) {
  const auto says = [reason](std::string_view part) { return reason.find(part) != std::string_view::npos; };
  return code == GIT_EAUTH || says("status code: 401") || says("status code: 403") || says("authentication required");
}

void check_remote(int code, const std::string& url, const Progress& progress, bool with_token) {
  if (code >= 0) return;
  std::string reason = progress.stopped.empty() ? complaint() : "it " + progress.stopped;
  ::git_error_clear();
  std::ranges::replace_if(
      reason, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  reason.resize(std::min<std::size_t>(reason.size(), 300));
  if (is_denied(code, reason))
    throw Error(Fault::kPermission, "`{}` refused {}: {}", url, with_token ? "the token" : "to answer without a token",
                reason)
        .hint("permissions:\n  contents: read");
  throw Error(Fault::kRemote, "fetching from `{}` failed: {}", url, reason).hint(kRunAgain);
}

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

struct Head {
  std::string name;
  Oid id;
};

std::vector<Head> list(git_remote* remote, const std::string& url, const Progress& progress, bool with_token) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  check_remote(::git_remote_ls(&heads, &count, remote), url, progress, with_token);
  std::vector<Head> found;
  for (std::size_t i = 0; i < count; ++i)
    if (!std::string_view(heads[i]->name).ends_with("^{}")) found.push_back({heads[i]->name, value(heads[i]->oid)});
  return found;
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

Remote make_remote(git_repository* repository, const std::string& url) {
  git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
  options.repository = repository;
  options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
  Remote remote;
  check(::git_remote_create_with_opts(out(remote), url.c_str(), &options), "`" + url + "` is not an address");
  return remote;
}

}  // namespace

void Repository::fetch(const std::string& url, const std::vector<std::string>& refspecs, const std::string& token) {
  require_address(url, token);
  std::vector<Wish> wishes;
  for (const std::string& refspec : refspecs) wishes.push_back(parse_wish(refspec));

  Progress progress;
  // Sent with every request, not kept anywhere: no redirect leaves the host, and the remote has no name in the
  // configuration.
  std::string authorization = "Authorization: Basic " + to_base64("x-access-token:" + token);
  char* header = authorization.data();
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  if (!token.empty()) options.custom_headers = {&header, 1};
  options.callbacks.transfer_progress = watch;
  options.callbacks.payload = &progress;
  options.prune = GIT_FETCH_NO_PRUNE;
  options.update_fetchhead = 0;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  options.proxy_opts.type = GIT_PROXY_NONE;

  git_remote_connect_options connecting = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  connecting.callbacks = options.callbacks;
  connecting.proxy_opts = options.proxy_opts;
  connecting.follow_redirects = options.follow_redirects;
  connecting.custom_headers = options.custom_headers;

  const Remote remote = make_remote(impl_->repository.get(), url);
  check_remote(::git_remote_connect_ext(remote.get(), GIT_DIRECTION_FETCH, &connecting), url, progress, !token.empty());
  const std::vector<Head> heads = list(remote.get(), url, progress, !token.empty());
  std::erase_if(wishes, [&heads](const Wish& wish) { return !is_there(wish, heads); });
  if (wishes.empty()) return;
  for (const Wish& wish : wishes) refuse_replacing(wish, heads);

  std::vector<char*> texts;
  for (Wish& wish : wishes) texts.push_back(wish.text.data());
  const git_strarray wanted{texts.data(), texts.size()};
  check_remote(::git_remote_fetch(remote.get(), &wanted, &options, nullptr), url, progress, !token.empty());
  for (const Wish& wish : wishes) require_updated(impl_->repository.get(), wish, heads);
}

}  // namespace waybill::git
