#include "core/git/remote.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/git/address.h"

namespace waybill::git {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 30U;
constexpr std::chrono::minutes kLongest{20};

// Who answers with 401 or 403 says so in libgit2's text only.
bool is_denied(int code, std::string_view reason) {
  const auto says = [reason](std::string_view part) { return reason.find(part) != std::string_view::npos; };
  return code == GIT_EAUTH || says("status code: 401") || says("status code: 403") || says("authentication required");
}

}  // namespace

Remote::Remote(git_repository* repository, const std::string& url, const std::string& token)
    : url_(url), end_(std::chrono::steady_clock::now() + kLongest) {
  require_address(url, token);
  if (!token.empty()) authorization_ = "Authorization: Basic " + to_base64("x-access-token:" + token);
  header_ = authorization_.data();
  git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
  options.repository = repository;
  options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
  git::check(::git_remote_create_with_opts(out(remote_), url.c_str(), &options), "`" + url + "` is not an address");
}

int Remote::watch(const git_indexer_progress* stats, void* payload) {
  auto& remote = *static_cast<Remote*>(payload);
  if (stats->received_bytes > kMostBytes)
    remote.stopped_ = fmt::format("sent more than {} bytes", kMostBytes);
  else if (std::chrono::steady_clock::now() > remote.end_)
    remote.stopped_ = fmt::format("took longer than {} minutes", kLongest.count());
  return remote.stopped_.empty() ? 0 : GIT_EUSER;
}

std::vector<Head> Remote::connect(git_direction direction) {
  git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  settle(options);
  const std::string_view doing = direction == GIT_DIRECTION_PUSH ? "write" : "read";
  check(::git_remote_connect_ext(remote_.get(), direction, &options), doing);
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  check(::git_remote_ls(&heads, &count, remote_.get()), doing);
  std::vector<Head> found;
  for (std::size_t i = 0; i < count; ++i)
    if (!std::string_view(heads[i]->name).ends_with("^{}")) found.push_back({heads[i]->name, value(heads[i]->oid)});
  return found;
}

void Remote::check(int code, std::string_view doing) const {
  if (code >= 0) return;
  std::string reason = stopped_.empty() ? complaint() : "it " + stopped_;
  ::git_error_clear();
  std::ranges::replace_if(
      reason, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  reason.resize(std::min<std::size_t>(reason.size(), 300));
  if (is_denied(code, reason))
    throw Error(Fault::kPermission, "`{}` refused {}: {}", url_,
                authorization_.empty() ? "to answer without a token" : "the token", reason)
        .hint(fmt::format("permissions:\n  contents: {}", doing));
  throw Error(Fault::kRemote, "{} `{}` failed: {}", doing == "write" ? "pushing to" : "fetching from", url_, reason)
      .hint(kRunAgain);
}

}  // namespace waybill::git
