#include <algorithm>
#include <cctype>

#include "core/base/encoding.h"
#include "core/base/text.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

// What the forge takes: pull requests are refused past 65,536 characters, edits past 262,144 bytes are dropped
// silently.
constexpr std::size_t kMostCharacters = 65'536;
constexpr std::size_t kMostBytes = 262'144;
constexpr std::size_t kMostTitle = 256;
constexpr int kMergeTries = 5;

void check_body(std::string_view body, std::string_view what) {
  if (code_points(body) > kMostCharacters || body.size() > kMostBytes)
    throw Error(Fault::kInput, "{}: a description of {} characters and {} bytes, the forge takes {} and {}", what,
                code_points(body), body.size(), kMostCharacters, kMostBytes);
}

// Editing on the web turns line ends into CRLF.
std::string plain_lines(std::string text) {
  std::erase(text, '\r');
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string titled(std::int64_t number) {
  return fmt::format("pull request #{}", number);
}

}  // namespace

std::optional<PullRequest> Client::pull_request(std::int64_t number) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(fmt::format("/pulls/{}", number)),
                  .what = titled(number),
                  .permission = "pull-requests: read"};
  const http::Response response = api.send(call);
  if (response.status == 404) return std::nullopt;
  return api.read(call, response, read_pull_request);
}

std::vector<PullRequest> Client::pull_requests(const std::string& head, const std::string& base,
                                               const std::string& state) const {
  const Exchange api = this->api();
  std::string query = "?per_page=100&state=" + percent_encode(state);
  if (!base.empty()) query += "&base=" + percent_encode(base);
  const std::string owner = address_.repository.substr(0, address_.repository.find('/'));
  if (!head.empty()) query += "&head=" + percent_encode(owner + ":" + head);
  const Call call{.path = api.repository_path("/pulls" + query),
                  .what = "pull requests of " + address_.repository,
                  .permission = "pull-requests: read"};
  std::vector<PullRequest> found;
  for (const Json& item : api.list(call)) {
    PullRequest pull = api.understood(call, [&] { return read_pull_request(item); });
    const bool wanted_head =
        head.empty() || (pull.head_ref == head &&
                         (pull.head_repository.empty() || same_name(pull.head_repository, address_.repository)));
    if (wanted_head && (base.empty() || pull.base_ref == base)) found.push_back(std::move(pull));
  }
  return found;
}

std::vector<PullRequest> Client::pull_requests_of(const Oid& commit, bool expected) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/commits/" + commit.hex() + "/pulls?per_page=100"),
                  .what = "pull requests of commit " + commit.shortened(),
                  .permission = "pull-requests: read"};
  std::vector<Json> items = api.list(call);
  for (const int seconds : {1, 2, 4}) {
    if (!items.empty() || !expected) break;
    pause_(std::chrono::seconds(seconds));
    items = api.list(call);
  }
  std::vector<PullRequest> found;
  for (const Json& item : items) found.push_back(api.understood(call, [&] { return read_pull_request(item); }));
  return found;
}

PullRequest Client::create_pull_request(const std::string& title, const std::string& head, const std::string& base,
                                        const std::string& body) const {
  const std::string what = "pull request from `" + head + "` to `" + base + "`";
  if (code_points(title) > kMostTitle)
    throw Error(Fault::kInput, "{}: a title of {} characters, the forge takes {}", what, code_points(title),
                kMostTitle);
  check_body(body, what);
  const Exchange api = this->api();
  const Call call{
      .method = "POST",
      .path = api.repository_path("/pulls"),
      .what = what,
      .permission = "pull-requests: write",
      .body = Json{{"title", title}, {"head", head}, {"base", base}, {"body", body}, {"maintainer_can_modify", false}}};
  return api.create<PullRequest>(call, read_pull_request, [&]() -> std::optional<PullRequest> {
    std::vector<PullRequest> open = pull_requests(head, base, "open");
    if (open.empty()) return std::nullopt;
    return std::move(open.front());
  });
}

void Client::update_body(std::int64_t number, const std::string& body) const {
  check_body(body, titled(number));
  const Exchange api = this->api();
  api.succeed({.method = "PATCH",
               .path = api.repository_path(fmt::format("/pulls/{}", number)),
               .what = "description of " + titled(number),
               .permission = "pull-requests: write",
               .body = Json{{"body", body}},
               .repeatable = true});
  const std::optional<PullRequest> now = pull_request(number);
  if (!now || plain_lines(now->body) != plain_lines(body))
    throw Error(Fault::kConflict, "description of {}: what was written is not what stands there now", titled(number))
        .hint("somebody else edited it at the same time; run this stage again");
}

void Client::close_pull_request(std::int64_t number) const {
  const Exchange api = this->api();
  api.succeed({.method = "PATCH",
               .path = api.repository_path(fmt::format("/pulls/{}", number)),
               .what = titled(number),
               .permission = "pull-requests: write",
               .body = Json{{"state", "closed"}},
               .repeatable = true});
}

Oid Client::merge(std::int64_t number, const Oid& head, const std::string& method, const std::string& title,
                  const std::string& message) const {
  const Exchange api = this->api();
  const Call call{
      .method = "PUT",
      .path = api.repository_path(fmt::format("/pulls/{}/merge", number)),
      .what = "merge of " + titled(number),
      .permission = "contents: write",
      .body =
          Json{{"sha", head.hex()}, {"merge_method", method}, {"commit_title", title}, {"commit_message", message}}};
  for (int tries = 1;; ++tries) {
    const Outcome outcome = api.attempt(call);
    const std::optional<http::Response>& answer = outcome.answer;
    if (answer && answer->status != 405 && answer->status != 409)
      return api.read(call, *answer, [](const Json& json) { return read_oid(json, "sha", "merge"); });

    const std::optional<PullRequest> now = pull_request(number);
    if (now && now->merged && now->head == head) {
      if (now->merge_commit) return *now->merge_commit;
      throw Error(Fault::kRemote, "{}: done, but the forge does not say in which commit", call.what);
    }
    if (now && now->head != head)
      throw Error(Fault::kStale, "{}: the head is {} now, {} was verified", call.what, now->head.shortened(),
                  head.shortened())
          .hint("the stage starts again by itself for the new head; dispatch it if it does not");
    const bool base_moved = answer && words(*answer).find("Base branch was modified") != std::string::npos;
    if (answer && answer->status == 409 && !base_moved)
      throw Error(Fault::kStale, "{}: the forge refuses it as things are: {} ({})", call.what, words(*answer),
                  answer->status)
          .hint("run this stage again");
    if (answer && !base_moved) api.refuse(call, *answer);
    if (tries == kMergeTries) {
      if (answer) api.refuse(call, *answer);
      throw api.unanswered(call, outcome);
    }
    api.wait(tries);
  }
}

}  // namespace waybill::forge
