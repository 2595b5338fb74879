#include <algorithm>
#include <regex>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/registry_answer.h"
#include "core/sandbox/registry_server.h"

namespace waybill::sandbox {
namespace {

// "registries SHOULD enforce some limit on the maximum manifest size": 4 MiB, as the specification's example.
constexpr std::size_t kManifestLimit = 4UL * 1024 * 1024;
constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";

bool is_tag(const std::string& text) {
  static const std::regex grammar("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  return std::regex_match(text, grammar);
}

std::string text(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The digests of blobs and manifests that a manifest names; all of them must be there before it.
std::vector<Digest> named_by(const Json& manifest) {
  std::vector<Digest> digests;
  const auto add = [&](const Json& descriptor) {
    digests.push_back(Digest::parse(string_member(descriptor, "digest", "descriptor")));
  };
  if (manifest.contains("config")) add(manifest["config"]);
  for (const char* list : {"layers", "manifests"})
    if (manifest.contains(list))
      for (const Json& descriptor : manifest[list]) add(descriptor);
  return digests;
}

// A referrer's descriptor: its own type, digest, size, and "the artifactType … if empty, the config descriptor's
// mediaType".
Json descriptor_of(const Json& manifest, const std::string& media_type, const Digest& digest, std::size_t size) {
  std::string type = text(manifest, "artifactType");
  if (type.empty() && manifest.contains("config")) type = text(manifest["config"], "mediaType");
  Json descriptor = {{"mediaType", media_type}, {"digest", digest.text()}, {"size", size}};
  if (!type.empty()) descriptor["artifactType"] = type;
  if (manifest.contains("annotations")) descriptor["annotations"] = manifest["annotations"];
  return descriptor;
}

}  // namespace

std::optional<Digest> RegistryServer::resolve(const Target& target) const {
  if (target.reference.find(':') != std::string::npos) return Digest::parse(target.reference);
  const auto file = folder(target.name) / "tags" / target.reference;
  if (!is_tag(target.reference) || !std::filesystem::exists(file)) return std::nullopt;
  return Digest::parse(read_file(file, 1024));
}

HttpResponse RegistryServer::manifest(const Target& target) const {
  const auto digest = resolve(target);
  const auto type = digest ? folder(target.name) / "manifests" / digest->hex() : std::filesystem::path();
  if (!digest || !std::filesystem::exists(type))
    return registry_error(404, "MANIFEST_UNKNOWN", target.name + " has no manifest " + target.reference);
  return {200,
          {{"Content-Type", read_file(type, 1024)}, {"Docker-Content-Digest", digest->text()}},
          read_file(content(*digest), kManifestLimit)};
}

HttpResponse RegistryServer::put_manifest(const HttpRequest& request, const Target& target) {
  if (request.body.size() > kManifestLimit)
    return registry_error(413, "MANIFEST_INVALID", "a manifest of more than 4 MiB");
  const Digest digest = crypto::sha256(request.body);
  const bool by_digest = target.reference.find(':') != std::string::npos;
  if (by_digest && Digest::parse(target.reference) != digest)
    return registry_error(400, "DIGEST_INVALID",
                          "the manifest has digest " + digest.text() + ", the path says " + target.reference);
  if (!by_digest && !is_tag(target.reference))
    return registry_error(400, "MANIFEST_INVALID", "`" + target.reference + "` is no tag");
  const std::string media_type = request.header("content-type");
  Json manifest;
  try {
    manifest = parse_json(request.body, "manifest", {kManifestLimit, 32});
    if (!manifest.is_object() || member(manifest, "schemaVersion", "manifest") != 2)
      return registry_error(400, "MANIFEST_INVALID", "schemaVersion is not 2");
    if (!text(manifest, "mediaType").empty() && text(manifest, "mediaType") != media_type)
      return registry_error(400, "MANIFEST_INVALID",
                            "mediaType is `" + text(manifest, "mediaType") + "`, Content-Type `" + media_type + "`");
    for (const Digest& named : named_by(manifest))
      if (!holds(target.name, named))
        return registry_error(404, "MANIFEST_BLOB_UNKNOWN", target.name + " has no blob " + named.text());
  } catch (const Error& error) {
    return registry_error(400, "MANIFEST_INVALID", error.what());
  }
  hold(target.name, digest, request.body);
  std::filesystem::create_directories(folder(target.name) / "manifests");
  write_file(folder(target.name) / "manifests" / digest.hex(), media_type);
  HttpResponse created{
      201,
      {{"Location", "/v2/" + target.name + "/manifests/" + digest.text()}, {"Docker-Content-Digest", digest.text()}},
      {}};
  if (manifest.contains("subject")) {
    const Digest subject = Digest::parse(string_member(manifest["subject"], "digest", "subject"));
    const auto list = folder(target.name) / "referrers" / subject.hex();
    std::filesystem::create_directories(list);
    write_file(list / digest.hex(), canonical(descriptor_of(manifest, media_type, digest, request.body.size())));
    // "MUST set the response header OCI-Subject … indicates that the registry processed the request's subject"
    created.headers["OCI-Subject"] = subject.text();
  }
  if (!by_digest) {
    std::filesystem::create_directories(folder(target.name) / "tags");
    write_file(folder(target.name) / "tags" / target.reference, digest.text());
  }
  return created;
}

HttpResponse RegistryServer::tags(const HttpRequest& request, const Target& target) const {
  if (!std::filesystem::exists(folder(target.name)))
    return registry_error(404, "NAME_UNKNOWN", "no repository " + target.name);
  std::vector<std::string> names;
  if (std::filesystem::exists(folder(target.name) / "tags"))
    for (const auto& entry : std::filesystem::directory_iterator(folder(target.name) / "tags"))
      names.push_back(entry.path().filename());
  std::ranges::sort(names);
  const std::string last = request.parameter("last");
  if (!last.empty()) names.erase(names.begin(), std::ranges::upper_bound(names, last));
  std::size_t most = names.size();
  if (const std::string n = request.parameter("n"); !n.empty()) {
    if (n.size() > 9 || n.find_first_not_of("0123456789") != std::string::npos)
      return registry_error(400, "UNSUPPORTED", "n is `" + n + "`, a number is wanted");
    most = std::min<std::size_t>(most, std::stoul(n));
  }
  const bool more = most < names.size();
  names.resize(most);
  HttpResponse response = json_response(200, {{"name", target.name}, {"tags", names}});
  if (more && !names.empty())
    response.headers["Link"] =
        fmt::format("</v2/{}/tags/list?n={}&last={}>; rel=\"next\"", target.name, most, names.back());
  return response;
}

HttpResponse RegistryServer::referrers(const HttpRequest& request, const Target& target) const {
  const std::string wanted = request.parameter("artifactType");
  const auto list = folder(target.name) / "referrers" / Digest::parse(target.reference).hex();
  Json manifests = Json::array();
  if (std::filesystem::exists(list))
    for (const auto& entry : std::filesystem::directory_iterator(list)) {
      Json descriptor = parse_json(read_file(entry.path(), kManifestLimit), entry.path().string());
      if (wanted.empty() || text(descriptor, "artifactType") == wanted) manifests.push_back(std::move(descriptor));
    }
  HttpResponse response =
      json_response(200, {{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", manifests}});
  response.headers["Content-Type"] = kIndexType;
  if (!wanted.empty()) response.headers["OCI-Filters-Applied"] = "artifactType";
  return response;
}

}  // namespace waybill::sandbox
