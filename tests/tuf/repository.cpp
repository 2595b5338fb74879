#include "tests/tuf/repository.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/tuf/canonical.h"
#include "core/tuf/name.h"

namespace waybill::tuf {
namespace {

Json header(const std::string& type, Time expires) {
  return {{"_type", type}, {"spec_version", "1.0.31"}, {"version", 0}, {"expires", to_rfc3339(expires)}};
}

Json hashes_of(const std::string& content) {
  return {{"sha256", crypto::sha256(content).hex()}};
}

Signer signer(crypto::PrivateKey key, const std::string& type, const std::string& scheme, const std::string& value) {
  return {.id = crypto::sha256(value).hex(),
          .key = std::move(key),
          .json = {{"keytype", type}, {"scheme", scheme}, {"keyval", {{"public", value}}}}};
}

}  // namespace

Signer Signer::ed25519() {
  const auto key = crypto::PrivateKey::generate_ed25519();
  return signer(key, "ed25519", "ed25519", to_hex(key.public_key().der().substr(12)));
}

Signer Signer::p256(const std::string& key_type) {
  const auto key = crypto::PrivateKey::generate_p256();
  return signer(key, key_type, "ecdsa-sha2-nistp256", key.public_key().pem());
}

Repository::Repository(Time now) {
  const Time expires = now + std::chrono::days(30);
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"}) metadata[role] = header(role, expires);
  metadata["root"]["consistent_snapshot"] = true;
  metadata["root"]["keys"] = Json::object();
  metadata["targets"]["targets"] = Json::object();
  metadata["snapshot"]["meta"] = Json::object();
  metadata["timestamp"]["meta"] = Json::object();
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"}) set_keys(role, {Signer::ed25519()});
  put_root();
  release();
}

http::Response Repository::send(const http::Request& request) {
  requests.push_back(request.url);
  const auto found = files.find(request.url);
  if (found == files.end()) return {.status = 404, .headers = {}, .body = "nothing here"};
  if (found->second.size() > request.answer_limit)
    throw Error(Fault::kRemote, "GET {}: an answer of more than {} bytes", request.url, request.answer_limit);
  return {.status = 200, .headers = {}, .body = found->second};
}

void Repository::set_keys(const std::string& role, std::vector<Signer> keys, int threshold,
                          const std::string& delegator) {
  Json& holder = delegator.empty() ? metadata["root"] : metadata[delegator]["delegations"];
  Json& entry = delegator.empty() ? metadata["root"]["roles"][role] : delegation(delegator, role);
  entry["threshold"] = threshold;
  entry["keyids"] = Json::array();
  for (const Signer& key : keys) {
    holder["keys"][key.id] = key.json;
    entry["keyids"].push_back(key.id);
  }
  signers[role] = std::move(keys);
}

void Repository::delegate(const std::string& delegator, const std::string& role, std::vector<std::string> paths,
                          bool terminating) {
  if (!metadata.contains(role)) {
    metadata[role] = metadata["targets"];
    metadata[role]["targets"] = Json::object();
    metadata[role].erase("delegations");
    metadata[role]["version"] = 0;
  }
  Json& delegations = metadata[delegator]["delegations"];
  if (delegations.is_null()) delegations = {{"keys", Json::object()}, {"roles", Json::array()}};
  delegations["roles"].push_back({{"name", role}, {"terminating", terminating}, {"paths", std::move(paths)}});
  set_keys(role, signers.contains(role) ? signers[role] : std::vector{Signer::ed25519()}, 1, delegator);
}

void Repository::add_target(const std::string& role, const std::string& name, const std::string& content) {
  metadata[role]["targets"][name] = {{"length", content.size()}, {"hashes", hashes_of(content)}};
  const bool consistent = metadata["root"]["consistent_snapshot"].get<bool>();
  files[target_url(kTargetsUrl, name, consistent ? crypto::sha256(content).hex() : "")] = content;
}

std::string Repository::sign(const std::string& role) const {
  const Json& content = metadata.at(role);
  Json signatures = Json::array();
  for (const Signer& key : signers.at(role))
    signatures.push_back({{"keyid", key.id}, {"sig", to_hex(key.key.sign(canonical_json(content)))}});
  return Json{{"signatures", signatures}, {"signed", content}}.dump(1) + "\n";
}

std::string Repository::url(const std::string& role) const {
  const bool versioned =
      role == "root" || (role != "timestamp" && metadata.at("root")["consistent_snapshot"].get<bool>());
  return joined(kMetadataUrl, versioned ? metadata_name(role, metadata.at(role)["version"].get<std::int64_t>())
                                        : metadata_name(role));
}

void Repository::put(const std::string& role) {
  files[url(role)] = sign(role);
}

void Repository::put_root() {
  metadata["root"]["version"] = metadata["root"]["version"].get<int>() + 1;
  put("root");
}

Json Repository::describe(const std::string& role, const std::string& bytes) const {
  Json file = {{"version", metadata.at(role)["version"]}};
  if (lists_hashes) {
    file["length"] = bytes.size();
    file["hashes"] = hashes_of(bytes);
  }
  return file;
}

void Repository::release(const std::vector<std::string>& roles) {
  for (const std::string& role : roles) {
    metadata[role]["version"] = metadata[role]["version"].get<int>() + 1;
    put(role);
    metadata["snapshot"]["meta"][role + ".json"] = describe(role, files[url(role)]);
  }
  put_snapshot_and_timestamp();
}

void Repository::put_snapshot_and_timestamp() {
  metadata["snapshot"]["version"] = metadata["snapshot"]["version"].get<int>() + 1;
  put("snapshot");
  metadata["timestamp"]["meta"]["snapshot.json"] = describe("snapshot", files[url("snapshot")]);
  metadata["timestamp"]["version"] = metadata["timestamp"]["version"].get<int>() + 1;
  put("timestamp");
}

Json& Repository::delegation(const std::string& delegator, const std::string& role) {
  for (Json& entry : metadata[delegator]["delegations"]["roles"])
    if (entry["name"] == role) return entry;
  throw Error(Fault::kInternal, "{} does not delegate to {}", delegator, role);
}

std::vector<std::string> Repository::asked() const {
  std::vector<std::string> names;
  for (const std::string& request : requests) names.push_back(request.substr(request.rfind('/') + 1));
  return names;
}

Deployment::Deployment() {
  Updater::init(folder, repository.files.at(joined(kMetadataUrl, "1.root.json")));
}

std::string Deployment::cached(const std::string& name) const {
  return read_file(folder / name, 1 << 22);
}

std::int64_t Deployment::version(const std::string& role) const {
  return parse_json(cached(metadata_name(role)), role).at("signed").at("version");
}

std::vector<std::string> Deployment::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

}  // namespace waybill::tuf
