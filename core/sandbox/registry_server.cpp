#include "core/sandbox/registry_server.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/sandbox/api.h"
#include "core/sandbox/registry_answer.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kBlobLimit = 512UL * 1024 * 1024;

// "<name> MUST match the following regular expression", "<reference> as a tag MUST be at most 128 characters".
bool is_name(const std::string& name) {
  static const std::regex grammar("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  return name.size() <= 255 && std::regex_match(name, grammar);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The token in Basic credentials, or nothing.
std::optional<std::string> password(const HttpRequest& request) {
  const std::string header = request.header("authorization");
  if (!header.starts_with("Basic ") && !header.starts_with("basic ")) return std::nullopt;
  try {
    const std::string pair = from_base64(header.substr(6));
    const std::size_t colon = pair.find(':');
    return colon == std::string::npos ? std::nullopt : std::optional(pair.substr(colon + 1));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

HttpResponse registry_error(int status, const std::string& code, const std::string& message) {
  HttpResponse response =
      json_response(status, {{"errors", Json::array({{{"code", code}, {"message", message}, {"detail", nullptr}}})}});
  if (status == 401) response.headers["Www-Authenticate"] = "Basic realm=\"waybill-sandbox registry\"";
  return response;
}

RegistryServer::RegistryServer(const std::filesystem::path& state, const Tokens& tokens)
    : state_(state / "registry"), tokens_(tokens) {
  std::filesystem::create_directories(state_ / "content");
}

void RegistryServer::install(HttpServer& server) {
  server.route("/v2/", [this](const HttpRequest& request) { return answer(request); });
  server.route("/v2", [this](const HttpRequest& request) { return answer(request); });
}

HttpResponse RegistryServer::answer(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  HttpResponse response;
  try {
    const auto target = parse(request.path);
    if (request.path == "/v2/" || request.path == "/v2") {
      const auto token = password(request);
      response = token && tokens_.find(*token) ? json_response(200, Json::object())
                                               : registry_error(401, "UNAUTHORIZED", "anonymous, or an unknown token");
    } else if (!target || !is_name(target->name)) {
      response = registry_error(404, "NAME_INVALID", "no such path: " + request.path);
    } else if (const auto refused = refusal(request, *target)) {
      response = *refused;
    } else {
      response = dispatch(request, *target);
    }
  } catch (const Error& error) {
    response = registry_error(400, "DIGEST_INVALID", error.what());
  }
  response.headers["Docker-Distribution-Api-Version"] = "registry/2.0";
  return response;
}

std::optional<RegistryServer::Target> RegistryServer::parse(std::string_view path) {
  constexpr std::string_view kPrefix = "/v2/";
  constexpr std::array<std::string_view, 5> kKinds = {"/blobs/uploads/", "/blobs/", "/manifests/", "/tags/",
                                                      "/referrers/"};
  if (!path.starts_with(kPrefix)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  for (const std::string_view kind : kKinds) {
    const std::size_t at = path.rfind(kind);
    if (at == std::string_view::npos) continue;
    const std::string_view reference = path.substr(at + kind.size());
    if (reference.find('/') != std::string_view::npos) continue;
    const std::string_view name = kind == kKinds[0] ? "uploads" : kind.substr(1, kind.size() - 2);
    return Target{std::string(path.substr(0, at)), std::string(name), std::string(reference)};
  }
  return std::nullopt;
}

std::optional<HttpResponse> RegistryServer::refusal(const HttpRequest& request, const Target& target) const {
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  const auto value = password(request);
  const auto token = value ? tokens_.find(*value) : std::nullopt;
  if (!token) return registry_error(401, "UNAUTHORIZED", value ? "unknown token" : "authentication required");
  if (!token->may("packages", "write")) return registry_error(403, "DENIED", "the token lacks `packages: write`");
  const std::string owner = lower(token->repository.substr(0, token->repository.find('/')));
  if (token->kind != TokenKind::kUser && target.name.substr(0, target.name.find('/')) != owner)
    return registry_error(403, "DENIED",
                          "a token of `" + token->repository + "` pushes to " + owner + "/…, not to " + target.name);
  return std::nullopt;
}

HttpResponse RegistryServer::dispatch(const HttpRequest& request, const Target& target) {
  const std::string& method = request.method;
  const bool reading = method == "GET" || method == "HEAD";
  if (target.kind == "blobs" && reading) return blob(request, target);
  if (target.kind == "uploads" && method == "POST" && target.reference.empty()) return start_upload(request, target);
  if (target.kind == "uploads" && !target.reference.empty()) return continue_upload(request, target);
  if (target.kind == "manifests" && reading) return manifest(target);
  if (target.kind == "manifests" && method == "PUT") return put_manifest(request, target);
  if (target.kind == "tags" && method == "GET" && target.reference == "list") return tags(request, target);
  if (target.kind == "referrers" && method == "GET") return referrers(request, target);
  return registry_error(405, "UNSUPPORTED", method + " is not supported on " + target.kind);
}

HttpResponse RegistryServer::blob(const HttpRequest& request, const Target& target) const {
  const Digest digest = Digest::parse(target.reference);
  if (!holds(target.name, digest))
    return registry_error(404, "BLOB_UNKNOWN", target.name + " has no blob " + digest.text());
  HttpResponse response{
      200, {{"Content-Type", "application/octet-stream"}, {"Docker-Content-Digest", digest.text()}}, {}};
  if (request.method == "HEAD")
    response.headers["Content-Length"] = std::to_string(std::filesystem::file_size(content(digest)));
  else
    response.body = read_file(content(digest), kBlobLimit);
  return response;
}

HttpResponse RegistryServer::start_upload(const HttpRequest& request, const Target& target) {
  if (const std::string digest = request.parameter("digest"); !digest.empty())
    return finish_upload(target.name, digest, request.body);
  const std::string mount = request.parameter("mount");
  if (const std::string from = request.parameter("from");
      !mount.empty() && is_name(from) && holds(from, Digest::parse(mount)))
    return finish_upload(target.name, mount, read_file(content(Digest::parse(mount)), kBlobLimit));
  const std::string session = to_hex(crypto::random_bytes(16));
  uploads_[target.name + "/" + session];
  return {202,
          {{"Location", "/v2/" + target.name + "/blobs/uploads/" + session},
           {"Docker-Upload-UUID", session},
           {"Range", "0-0"}},
          {}};
}

HttpResponse RegistryServer::continue_upload(const HttpRequest& request, const Target& target) {
  const auto upload = uploads_.find(target.name + "/" + target.reference);
  if (upload == uploads_.end()) return registry_error(404, "BLOB_UPLOAD_UNKNOWN", "no upload " + target.reference);
  const std::string location = "/v2/" + target.name + "/blobs/uploads/" + target.reference;
  const auto range = [&] { return fmt::format("0-{}", upload->second.empty() ? 0 : upload->second.size() - 1); };
  if (request.method == "DELETE") {
    uploads_.erase(upload);
    return {204, {}, {}};
  }
  if (request.method == "PATCH") {
    const std::string given = request.header("content-range");
    // "Chunks MUST be uploaded in order": where this one starts is where the last one ended.
    if (!given.empty() && !given.starts_with(std::to_string(upload->second.size()) + "-"))
      return {416, {{"Location", location}, {"Range", range()}}, {}};
    if (upload->second.size() + request.body.size() > kBlobLimit)
      return registry_error(413, "SIZE_INVALID", "the blob is too large");
    upload->second += request.body;
  }
  if (request.method == "PUT") {
    const std::string whole = upload->second + request.body;
    uploads_.erase(upload);
    return finish_upload(target.name, request.parameter("digest"), whole);
  }
  const int status = request.method == "GET" ? 204 : 202;
  return {status, {{"Location", location}, {"Docker-Upload-UUID", target.reference}, {"Range", range()}}, {}};
}

HttpResponse RegistryServer::finish_upload(const std::string& name, std::string_view digest, std::string_view content) {
  const Digest wanted = Digest::parse(digest);
  const Digest found = crypto::hash(wanted.algorithm(), content);
  if (found != wanted)
    return registry_error(400, "DIGEST_INVALID",
                          fmt::format("the bytes have digest {}, the request says {}", found.text(), wanted.text()));
  hold(name, wanted, content);
  return {201, {{"Location", "/v2/" + name + "/blobs/" + wanted.text()}, {"Docker-Content-Digest", wanted.text()}}, {}};
}

std::filesystem::path RegistryServer::folder(const std::string& name) const {
  return state_ / "repositories" / percent_encode(name);
}

std::filesystem::path RegistryServer::content(const Digest& digest) const {
  return state_ / "content" / (digest.algorithm() + "-" + digest.hex());
}

bool RegistryServer::holds(const std::string& name, const Digest& digest) const {
  return std::filesystem::exists(folder(name) / "blobs" / (digest.algorithm() + "-" + digest.hex()));
}

void RegistryServer::hold(const std::string& name, const Digest& digest, std::string_view bytes) {
  if (!std::filesystem::exists(content(digest))) write_file(content(digest), bytes);
  std::filesystem::create_directories(folder(name) / "blobs");
  write_file(folder(name) / "blobs" / (digest.algorithm() + "-" + digest.hex()), "");
}

}  // namespace waybill::sandbox
