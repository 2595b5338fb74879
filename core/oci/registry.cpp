#include "core/oci/registry.h"

#include <regex>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/http/url.h"
#include "core/oci/connection.h"

namespace waybill::oci {
namespace {

constexpr std::size_t kMostManifest = 4 * 1024 * 1024;
constexpr int kMostPages = 100;
constexpr int kUploadTries = 3;
constexpr std::string_view kPull = "pull";
constexpr std::string_view kPush = "pull,push";

const char* const kAccepted =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

std::string checked_reference(const std::string& reference) {
  static const std::regex form("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}|sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
  if (!std::regex_match(reference, form))
    throw Error(Fault::kInput, "`{}` is neither a tag nor a digest", reference.substr(0, 200));
  return reference;
}

http::Request get(const char* accept) {
  http::Request request;
  request.headers["accept"] = accept;
  request.answer_limit = kMostManifest;
  return request;
}

// The registry's own word for what it sent or took, where it gives one.
void compare(const http::Response& response, const Digest& computed, const Repository& repository,
             std::string_view what) {
  const std::string said = response.header("docker-content-digest");
  if (!said.empty() && said.starts_with("sha256:") && said != computed.text())
    throw Error(Fault::kUntrusted, "{} of {}: the registry names {}, the bytes are {}", what, repository.text(), said,
                computed.text());
}

}  // namespace

Registry::Registry(http::Client& http, Repository repository, std::optional<Credentials> credentials)
    : repository_(std::move(repository)),
      connection_(std::make_unique<Connection>(http, repository_, std::move(credentials))) {}

Registry::~Registry() = default;

std::optional<Manifest> Registry::manifest(const std::string& reference) const {
  const std::string what = "manifest " + checked_reference(reference);
  const http::Request request = get(kAccepted);
  const http::Response response = connection_->send(request, "manifests/" + reference, kPull);
  if (response.status == 404) return std::nullopt;
  if (response.status != 200) throw connection_->refusal(request, response, what);
  const std::string type = response.header("content-type");
  Manifest manifest{type.substr(0, type.find(';')), response.body, crypto::sha256(response.body)};
  compare(response, manifest.digest, repository_, what);
  if (reference.find(':') != std::string::npos &&
      crypto::hash(reference.substr(0, reference.find(':')), response.body).text() != reference)
    throw Error(Fault::kUntrusted, "{} of {}: the registry sent the bytes of {}", what, repository_.text(),
                manifest.digest.text());
  return manifest;
}

std::string Registry::blob(const Digest& digest, std::size_t limit) const {
  http::Request request;
  request.answer_limit = limit;
  request.redirects = 5;
  request.timeout = std::chrono::seconds(300);
  http::Response response = connection_->send(request, "blobs/" + digest.text(), kPull);
  if (response.status != 200) throw connection_->refusal(request, response, "blob " + digest.text());
  if (const Digest computed = crypto::hash(digest.algorithm(), response.body); computed != digest)
    throw Error(Fault::kUntrusted, "blob {} of {}: the registry sent the bytes of {}", digest.text(),
                repository_.text(), computed.text());
  return std::move(response.body);
}

bool Registry::has_blob(const Digest& digest) const {
  http::Request request;
  request.method = "HEAD";
  request.redirects = 5;
  const http::Response response = connection_->send(request, "blobs/" + digest.text(), kPull);
  if (response.status != 200 && response.status != 404)
    throw connection_->refusal(request, response, "blob " + digest.text());
  return response.status == 200;
}

void Registry::push_blob(std::string_view content, const Digest& digest) const {
  if (crypto::hash(digest.algorithm(), content) != digest)
    throw Error(Fault::kInternal, "{} bytes were to be pushed as {}, which is another digest", content.size(),
                digest.text());
  const std::string what = "blob " + digest.text();
  for (int tries = 1; !has_blob(digest); ++tries) {
    http::Request begin;
    begin.method = "POST";
    const http::Response begun = connection_->send(begin, "blobs/uploads/", kPush);
    const std::string location = begun.header("location");
    if (begun.status != 202 || location.empty()) throw connection_->refusal(begin, begun, what);

    // An upload belongs to one attempt; after a failure a new one begins.
    http::Request put;
    put.method = "PUT";
    put.headers["content-type"] = "application/octet-stream";
    put.body = content;
    put.timeout = std::chrono::seconds(300);
    std::string target = http::redirected(connection_->url("blobs/uploads/"), location);
    target += (target.find('?') == std::string::npos ? "?digest=" : "&digest=") + digest.text();
    try {
      const http::Response stored = connection_->send(put, target, kPush, 1);
      if (stored.status < 200 || stored.status > 299) throw connection_->refusal(put, stored, what);
      compare(stored, digest, repository_, what);
    } catch (const Error& error) {
      if (error.fault() != Fault::kRemote || tries == kUploadTries) throw;
    }
  }
}

void Registry::put(const std::string& reference, const Manifest& manifest) const {
  http::Request request;
  request.method = "PUT";
  request.headers["content-type"] = manifest.media_type;
  request.body = manifest.bytes;
  const http::Response response = connection_->send(request, "manifests/" + checked_reference(reference), kPush);
  if (response.status < 200 || response.status > 299)
    throw connection_->refusal(request, response, "manifest " + reference);
  compare(response, manifest.digest, repository_, "manifest " + reference);
}

void Registry::push_manifest(const Manifest& manifest) const {
  if (crypto::sha256(manifest.bytes) != manifest.digest)
    throw Error(Fault::kInternal, "a manifest does not have its own digest {}", manifest.digest.text());
  put(manifest.digest.text(), manifest);
  if (!this->manifest(manifest.digest.text()))
    throw Error(Fault::kRemote, "manifest {} of {}: pushed, but not there", manifest.digest.text(), repository_.text());
}

void Registry::tag(const std::string& tag, const Manifest& manifest) const {
  const auto require_same = [&](const Manifest& there) {
    if (there.digest != manifest.digest)
      throw Error(Fault::kConflict, "{}:{} is {} already, {} was to be published", repository_.text(), tag,
                  there.digest.text(), manifest.digest.text())
          .hint("a published version never changes: give this content another version");
  };
  if (const std::optional<Manifest> there = this->manifest(tag)) {
    require_same(*there);
    return;
  }
  put(tag, manifest);
  const std::optional<Manifest> now = this->manifest(tag);
  if (!now) throw Error(Fault::kRemote, "{}:{}: tagged, but not there", repository_.text(), tag);
  require_same(*now);
}

std::vector<std::string> Registry::tags() const {
  std::vector<std::string> names;
  std::string path = "tags/list?n=1000";
  for (int page = 0; page < kMostPages; ++page) {
    const http::Request request = get("application/json");
    const http::Response response = connection_->send(request, path, kPull);
    if (response.status == 404) return names;
    if (response.status != 200) throw connection_->refusal(request, response, "tags");
    const Json json = connection_->json(response, "tags");
    if (const auto list = json.find("tags"); list != json.end() && list->is_array())
      for (const Json& name : *list)
        if (name.is_string()) names.push_back(name.get<std::string>());
    if (!connection_->turn_page(response, path)) return names;
  }
  return names;
}

}  // namespace waybill::oci
