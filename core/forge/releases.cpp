#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

constexpr int kUploadTries = 3;
constexpr std::size_t kMostNotes = 125'000;

std::string titled(const std::string& tag) {
  return "release `" + tag + "`";
}

Call change(const Exchange& api, const Release& release, Json body) {
  return {.method = "PATCH",
          .path = api.repository_path(fmt::format("/releases/{}", release.id)),
          .what = titled(release.tag),
          .permission = "contents: write",
          .body = std::move(body),
          .repeatable = true};
}

std::string authority(std::string_view origin) {
  return std::string(origin.substr(origin.find("://") + 3));
}

// Where assets may be sent with the token: the API's own origin, or its sister `uploads.` beside `api.`.
std::string upload_address(const Exchange& api, const Release& release) {
  std::string url = release.upload_url.substr(0, release.upload_url.find('{'));
  const std::string own = http::origin(api.url("/"));
  const std::string given = http::origin(url);
  const bool sister = authority(own).starts_with("api.") && authority(given) == "uploads." + authority(own).substr(4) &&
                      own.substr(0, own.find(':')) == given.substr(0, given.find(':'));
  if (given != own && !sister)
    throw Error(Fault::kUntrusted, "{}: the forge at {} wants its assets sent to {}", titled(release.tag), own, given);
  return url;
}

}  // namespace

std::optional<Release> Client::release(const std::string& tag) const {
  const Exchange api = this->api();
  const Call published{.path = api.repository_path("/releases/tags/" + path_of(tag)),
                       .what = titled(tag),
                       .permission = "contents: read"};
  const http::Response response = api.send(published);
  if (response.status != 404) return api.read(published, response, read_release);

  // Drafts are not found by tag. Of several the oldest counts, so that racing runs agree on one.
  const Call call{
      .path = api.repository_path("/releases?per_page=100"), .what = titled(tag), .permission = "contents: write"};
  std::optional<Release> found;
  api.each(call, {}, [&](const Json& item) {
    if (text_or_empty(item, "tag_name") != tag) return true;
    Release release = api.understood(call, [&] { return read_release(item); });
    if (!found || release.id < found->id) found = std::move(release);
    return true;
  });
  return found;
}

std::vector<Release> Client::releases() const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path("/releases?per_page=100"),
                  .what = "releases of " + address_.repository,
                  .permission = "contents: read"};
  std::vector<Release> found;
  for (const Json& item : api.list(call)) found.push_back(api.understood(call, [&] { return read_release(item); }));
  return found;
}

Release Client::create_draft(const std::string& tag, const std::string& name, const std::string& body,
                             bool prerelease) const {
  const Exchange api = this->api();
  const Call call{.method = "POST",
                  .path = api.repository_path("/releases"),
                  .what = titled(tag),
                  .permission = "contents: write",
                  .body = Json{{"tag_name", tag},
                               {"name", name},
                               {"body", shortened(body, kMostNotes)},
                               {"draft", true},
                               {"prerelease", prerelease},
                               {"make_latest", "false"}}};
  return api.create<Release>(call, read_release, [&] { return release(tag); });
}

void Client::publish(const Release& release) const {
  const Exchange api = this->api();
  const Call call = change(api, release, {{"draft", false}, {"make_latest", "false"}});
  const Release now = api.read(call, api.send(call), read_release);
  if (now.draft || now.tag != release.tag)
    throw Error(Fault::kConflict, "{}: the forge answers with {} `{}` after publishing", call.what,
                now.draft ? "a draft of" : "a release of", now.tag);
}

void Client::describe(const Release& release, const std::string& name, const std::string& body) const {
  const Exchange api = this->api();
  api.succeed(change(api, release, {{"name", name}, {"body", shortened(body, kMostNotes)}}));
}

std::vector<Asset> Client::assets(const Release& release) const {
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(fmt::format("/releases/{}/assets?per_page=100", release.id)),
                  .what = "assets of " + titled(release.tag),
                  .permission = "contents: read"};
  std::vector<Asset> found;
  for (const Json& item : api.list(call)) found.push_back(api.understood(call, [&] { return read_asset(item); }));
  return found;
}

Asset Client::upload(const Release& release, const std::string& name, const std::string& media_type,
                     std::string_view content) const {
  const Exchange api = this->api();
  const std::string digest = crypto::sha256(content).text();
  const Call call{.method = "POST",
                  .path = upload_address(api, release) + "?name=" + percent_encode(name),
                  .what = "asset `" + name + "` of " + titled(release.tag),
                  .permission = "contents: write",
                  .raw = std::string(content),
                  .media_type = media_type};
  for (int tries = 1;; ++tries) {
    const Outcome outcome = api.attempt(call);
    const std::optional<http::Response>& answer = outcome.answer;
    if (answer && answer->status != 422) {
      Asset asset = api.read(call, *answer, read_asset);
      if ((!asset.digest.empty() && asset.digest != digest) || asset.size != static_cast<std::int64_t>(content.size()))
        throw Error(Fault::kUntrusted, "{}: the forge stored {} bytes of {}, {} bytes of {} were sent", call.what,
                    asset.size, asset.digest, content.size(), digest);
      return asset;
    }
    const std::vector<Asset> there = assets(release);
    const auto same = std::ranges::find(there, name, &Asset::name);
    if (same != there.end() && same->state == "uploaded") {
      const std::string stored =
          !same->digest.empty() ? same->digest : crypto::sha256(asset(*same, content.size() + 1)).text();
      if (stored == digest) return *same;
      throw Error(Fault::kConflict, "{}: there already with {}, {} was to be stored", call.what, stored, digest);
    }
    if (same == there.end() && answer) api.refuse(call, *answer);
    if (tries == kUploadTries) throw api.unanswered(call, outcome);
    if (same != there.end()) delete_asset(*same);
    api.wait(tries);
  }
}

void Client::delete_asset(const Asset& asset) const {
  const Exchange api = this->api();
  const Call call{.method = "DELETE",
                  .path = api.repository_path(fmt::format("/releases/assets/{}", asset.id)),
                  .what = "asset `" + asset.name + "`",
                  .permission = "contents: write",
                  .repeatable = true};
  const http::Response response = api.send(call);
  if (response.status != 404) api.require_success(call, response);
}

std::string Client::asset(const Asset& asset, std::size_t limit) const {
  const Exchange api = this->api();
  const std::string what = "asset `" + asset.name + "`";
  if (asset.size > 0 && static_cast<std::uint64_t>(asset.size) > limit)
    throw Error(Fault::kRemote, "{}: {} bytes, at most {} are read", what, asset.size, limit);
  std::string bytes = api.succeed({.path = api.repository_path(fmt::format("/releases/assets/{}", asset.id)),
                                   .what = what,
                                   .permission = "contents: read",
                                   .accept = "application/octet-stream",
                                   .limit = limit,
                                   .redirects = 5})
                          .body;
  if (const std::string digest = crypto::sha256(bytes).text(); !asset.digest.empty() && asset.digest != digest)
    throw Error(Fault::kUntrusted, "{}: the forge lists {} and sends {}", what, asset.digest, digest);
  return bytes;
}

}  // namespace waybill::forge
