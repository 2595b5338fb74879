#include <algorithm>

#include "core/base/encoding.h"
#include "core/sandbox/identity.h"
#include "core/sandbox/releases.h"
#include "core/sandbox/render.h"

// Release assets: upload (on the uploads address), read by Accept, list, delete.
namespace waybill::sandbox {
namespace {

std::string prefix(const std::string& repository) {
  return Forge::document(repository, "assets/");
}

// GitHub rewrites names: what is neither letter, digit, `-`, `_` nor `.` becomes a dot.
std::string rewritten(std::string name) {
  constexpr std::string_view kKept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  std::ranges::replace_if(
      name, [&](char c) { return kKept.find(c) == std::string_view::npos; }, '.');
  return name;
}

std::vector<Json> stored_assets(const Forge& forge, const std::string& repository, long release) {
  std::vector<Json> found;
  for (const auto& [key, asset] : forge.state().below(prefix(repository)))
    if (asset["release"] == release) found.push_back(asset);
  return found;
}

HttpResponse upload(Forge& forge, const Call& call) {
  if (!call.request.path.starts_with("/api/uploads/")) throw not_found();
  const Json release = visible_release(forge, call, call.number("release"));
  const std::string given = call.request.parameter("name");
  const std::string name = rewritten(given);
  const std::string type = call.request.header("content-type");
  if (given.empty()) throw invalid("ReleaseAsset", "name", "missing_field");
  if (type.empty()) throw Refusal(400, "Invalid request.\n\nMissing Content-Type");
  if (is_immutable(release)) throw Refusal(422, "Cannot upload assets to an immutable release.");
  for (const Json& other : stored_assets(forge, call.repository, release["id"]))
    if (other["name"] == name) throw invalid("ReleaseAsset", "name", "already_exists");
  const Digest digest = forge.state().keep(call.request.body);
  const long id = 3'000'000 + forge.state().next("assets");
  const std::string label = call.request.parameter("label");
  const Json asset = {{"id", id},
                      {"release", release["id"]},
                      {"name", name},
                      {"label", label.empty() ? Json() : Json(label)},
                      {"content_type", type},
                      {"size", call.request.body.size()},
                      {"digest", digest.text()},
                      {"uploader", holder(forge, *call.token).login},
                      {"created_at", forge.now()}};
  forge.state().put(prefix(call.repository) + numbered(id), asset);
  return json_response(201, render_asset(forge, call, asset, release));
}

struct Found {
  Json asset;
  Json release;
};

Found existing(const Forge& forge, const Call& call) {
  const auto asset = forge.state().find(prefix(call.repository) + numbered(call.number("asset")));
  if (!asset) throw not_found();
  return {*asset, visible_release(forge, call, (*asset)["release"])};
}

HttpResponse bytes(const Forge& forge, const Json& asset) {
  return {200,
          {{"Content-Type", asset["content_type"]}},
          forge.state().kept(Digest::parse(asset["digest"].get<std::string>()))};
}

HttpResponse get(Forge& forge, const Call& call) {
  const Found found = existing(forge, call);
  if (call.request.header("accept").starts_with("application/octet-stream")) return bytes(forge, found.asset);
  return json_response(200, render_asset(forge, call, found.asset, found.release));
}

HttpResponse remove(Forge& forge, const Call& call) {
  const Found found = existing(forge, call);
  if (is_immutable(found.release)) throw Refusal(422, "Cannot delete assets of an immutable release.");
  forge.state().remove(prefix(call.repository) + numbered(found.asset["id"]));
  return {204, {}, {}};
}

HttpResponse list(Forge& forge, const Call& call) {
  const Json release = visible_release(forge, call, call.number("release"));
  std::vector<Json> found = stored_assets(forge, call.repository, release["id"]);
  for (Json& asset : found) asset = render_asset(forge, call, asset, release);
  return paged(call, found);
}

}  // namespace

Json render_asset(Forge& forge, const Call& call, const Json& asset, const Json& release) {
  const std::string id = std::to_string(asset["id"].get<long>());
  const std::string tag =
      release["draft"].get<bool>() ? "untagged-" + release["id"].dump() : release["tag_name"].get<std::string>();
  return {
      {"id", asset["id"]},
      {"node_id", render::node_id("RA", id)},
      {"url", render::repository_url(call.base, call.repository) + "/releases/assets/" + id},
      {"browser_download_url", fmt::format("{}/releases/download/{}/{}", render::web_url(call.base, call.repository),
                                           percent_encode(tag), asset["name"].get<std::string>())},
      {"name", asset["name"]},
      {"label", asset["label"]},
      {"content_type", asset["content_type"]},
      {"state", "uploaded"},
      {"size", asset["size"]},
      {"digest", asset["digest"]},
      {"download_count", 0},
      {"uploader", render::account(forge.account(asset["uploader"]), call.base)},
      {"created_at", asset["created_at"]},
      {"updated_at", asset["created_at"]}};
}

Json assets_of(Forge& forge, const Call& call, const Json& release) {
  Json listed = Json::array();
  for (const Json& asset : stored_assets(forge, call.repository, release["id"]))
    listed.push_back(render_asset(forge, call, asset, release));
  return listed;
}

std::optional<HttpResponse> download(const Forge& forge, const std::string& path) {
  const auto values = matched("/{owner}/{repo}/releases/download/{tag*}/{name}", path);
  if (!values) return std::nullopt;
  const std::string repository = values->at("owner") + "/" + values->at("repo");
  for (const auto& [key, release] : forge.state().below(Forge::document(repository, "releases/")))
    if (!release["draft"].get<bool>() && release["tag_name"] == values->at("tag"))
      for (const Json& asset : stored_assets(forge, repository, release["id"]))
        if (asset["name"] == values->at("name")) return bytes(forge, asset);
  return std::nullopt;
}

std::vector<Route> release_asset_routes() {
  const std::string releases = "/repos/{owner}/{repo}/releases";
  return {
      {"POST", releases + "/{release}/assets", {"contents:write"}, {}, upload},
      {"GET", releases + "/{release}/assets", {"contents:read"}, {}, list},
      {"GET", releases + "/assets/{asset}", {"contents:read"}, {}, get},
      {"DELETE", releases + "/assets/{asset}", {"contents:write"}, {}, remove},
  };
}

}  // namespace waybill::sandbox
