#include "testing/virtual_log.h"

#include <chrono>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/certificate.h"
#include "core/crypto/hash.h"
#include "core/intoto/statement.h"
#include "core/sigstore/merkle.h"

namespace waybill::testing {
namespace {

constexpr std::string_view kWhat = "proposed entry";

using Leaves = std::vector<std::string>;

std::size_t split_point(std::size_t count) {
  std::size_t power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

Leaves part(const Leaves& leaves, std::size_t from, std::size_t to) {
  return {leaves.begin() + static_cast<std::ptrdiff_t>(from), leaves.begin() + static_cast<std::ptrdiff_t>(to)};
}

std::string root_of(const Leaves& leaves) {
  if (leaves.size() == 1) return leaves.front();
  const std::size_t k = split_point(leaves.size());
  return sigstore::node_hash(root_of(part(leaves, 0, k)), root_of(part(leaves, k, leaves.size())));
}

Leaves path_to(std::size_t index, const Leaves& leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = split_point(leaves.size());
  const Leaves left = part(leaves, 0, k);
  const Leaves right = part(leaves, k, leaves.size());
  Leaves path = index < k ? path_to(index, left) : path_to(index - k, right);
  path.push_back(root_of(index < k ? right : left));
  return path;
}

Json digest_json(std::string_view bytes) {
  return {{"algorithm", "sha256"}, {"value", crypto::sha256(bytes).hex()}};
}

Json recorded_hash(const Json& proposed, bool check_signature) {
  const Json& spec = member(proposed, "spec", kWhat);
  const Json& hash = member(member(spec, "data", kWhat), "hash", kWhat);
  const Json& signature = member(spec, "signature", kWhat);
  const std::string verifier = string_member(member(signature, "publicKey", kWhat), "content", kWhat);
  const auto certificate = crypto::Certificate::from_pem(from_base64(verifier));
  const auto digest =
      Digest::parse(fmt::format("{}:{}", string_member(hash, "algorithm", kWhat), string_member(hash, "value", kWhat)));
  if (check_signature &&
      !certificate.public_key().verifies(digest, from_base64(string_member(signature, "content", kWhat))))
    throw Error(Fault::kInput, "the signature does not verify");
  return proposed;
}

// What the log records of a proposed entry; Rekor v1 refuses a signature that its verifier does not verify.
Json recorded(const Json& proposed, bool check_signature) {
  if (string_member(proposed, "apiVersion", kWhat) != "0.0.1")
    throw Error(Fault::kInput, "the virtual log takes version 0.0.1 alone");
  if (string_member(proposed, "kind", kWhat) == "hashedrekord") return recorded_hash(proposed, check_signature);
  if (string_member(proposed, "kind", kWhat) != "dsse")
    throw Error(Fault::kInput, "the virtual log takes `dsse` and `hashedrekord` alone");
  const Json& content = member(member(proposed, "spec", kWhat), "proposedContent", kWhat);
  const std::string envelope_text = string_member(content, "envelope", kWhat);
  const Json envelope = parse_json(envelope_text, kWhat);
  const std::string payload = from_base64(string_member(envelope, "payload", kWhat));
  const std::string signature = string_member(member(envelope, "signatures", kWhat).at(0), "sig", kWhat);
  const std::string verifier = member(content, "verifiers", kWhat).at(0).get<std::string>();
  const auto certificate = crypto::Certificate::from_pem(from_base64(verifier));
  const std::string encoding =
      intoto::pre_authentication_encoding(string_member(envelope, "payloadType", kWhat), payload);
  if (check_signature && !certificate.public_key().verifies(encoding, from_base64(signature)))
    throw Error(Fault::kInput, "the envelope's signature does not verify");
  return {{"apiVersion", "0.0.1"},
          {"kind", "dsse"},
          {"spec",
           {{"envelopeHash", digest_json(envelope_text)},
            {"payloadHash", digest_json(payload)},
            {"signatures", Json::array({{{"signature", signature}, {"verifier", verifier}}})}}}};
}

}  // namespace

VirtualLog::VirtualLog(std::string host)
    : host_(std::move(host)),
      leaves_{sigstore::leaf_hash("one"), sigstore::leaf_hash("two"), sigstore::leaf_hash("three"),
              sigstore::leaf_hash("four"), sigstore::leaf_hash("five")} {}

std::string VirtualLog::checkpoint(const VirtualFaults& faults) const {
  std::string text =
      fmt::format("{} - 1193050959916656506\n{}\n{}\n", host_, leaves_.size(), to_base64(root_of(leaves_)));
  if (faults.checkpoint_signed) faults.checkpoint_signed(text);
  const std::string hint = crypto::sha256(key().der()).bytes().substr(0, 4);
  return fmt::format("{}\n\xe2\x80\x94 {} {}\n", text, host_, to_base64(hint + key_.sign(text)));
}

// What a SET is over.
Json VirtualLog::promised(const std::string& body, Time at, std::size_t index) const {
  return {{"body", to_base64(body)},
          {"integratedTime", at.time_since_epoch().count()},
          {"logID", crypto::sha256(key().der()).hex()},
          {"logIndex", index}};
}

std::size_t VirtualLog::append(const std::string& body) {
  leaves_.push_back(sigstore::leaf_hash(body));
  return leaves_.size() - 1;
}

Json VirtualLog::entry_of(const Json& body, Time now, const VirtualFaults& faults) {
  const std::string bytes = canonical(body);
  const std::size_t index = append(bytes);
  Json hashes = Json::array();
  for (const std::string& hash : path_to(index, leaves_)) hashes.push_back(to_hex(hash));
  Json entry = promised(bytes, now + faults.integration_offset, index + 1000);
  Json promise = entry;
  if (faults.promise_signed) faults.promise_signed(promise);
  entry["verification"] = {{"signedEntryTimestamp", to_base64(key_.sign(canonical(promise)))},
                           {"inclusionProof",
                            {{"checkpoint", checkpoint(faults)},
                             {"hashes", hashes},
                             {"logIndex", index},
                             {"rootHash", to_hex(root_of(leaves_))},
                             {"treeSize", leaves_.size()}}}};
  if (faults.log_entry) faults.log_entry(entry);
  return entry;
}

http::Response VirtualLog::post(const http::Request& request, Time now, const VirtualFaults& faults) {
  Json body = recorded(parse_json(request.body, "proposed entry"), faults.log_checks_signatures);
  if (faults.log_body) faults.log_body(body);
  const std::string id = crypto::sha256(canonical(body)).hex();
  const std::string location = "/api/v1/log/entries/" + id;
  if (entries_.contains(id)) return {.status = 409, .headers = {{"location", location}}, .body = R"({"code":409})"};
  entries_[id] = entry_of(body, now, faults);
  return {.status = 201, .headers = {{"location", location}}, .body = canonical({{id, entries_[id]}})};
}

http::Response VirtualLog::post_v2(const http::Request& request, Time now, const VirtualFaults& faults) {
  const Json proposed = parse_json(request.body, kWhat);
  const Json& record = member(proposed, "hashedRekordRequestV002", kWhat);
  const Json& signature = member(record, "signature", kWhat);
  const Json& verifier = member(signature, "verifier", kWhat);
  const auto certificate = crypto::Certificate::from_der(
      from_base64(string_member(member(verifier, "x509Certificate", kWhat), "rawBytes", kWhat)));
  const std::string digest = from_base64(string_member(record, "digest", kWhat));
  if (string_member(verifier, "keyDetails", kWhat) != "PKIX_ECDSA_P256_SHA_256" ||
      !certificate.public_key().verifies(Digest::sha256(to_hex(digest)),
                                         from_base64(string_member(signature, "content", kWhat))))
    throw Error(Fault::kInput, "the signature does not verify");
  Json body = {{"apiVersion", "0.0.2"},
               {"kind", "hashedrekord"},
               {"spec",
                {{"hashedRekordV002",
                  {{"data", {{"algorithm", "SHA2_256"}, {"digest", record["digest"]}}}, {"signature", signature}}}}}};
  if (faults.log_body) faults.log_body(body);
  const std::string bytes = canonical(body);
  const std::size_t index = append(bytes);
  Json hashes = Json::array();
  for (const std::string& hash : path_to(index, leaves_)) hashes.push_back(to_base64(hash));
  Json entry = {{"logIndex", std::to_string(index)},
                {"logId", {{"keyId", to_base64(crypto::sha256(key().der()).bytes())}}},
                {"kindVersion", {{"kind", "hashedrekord"}, {"version", "0.0.2"}}},
                {"inclusionProof",
                 {{"logIndex", std::to_string(index)},
                  {"treeSize", std::to_string(leaves_.size())},
                  {"rootHash", to_base64(root_of(leaves_))},
                  {"hashes", hashes},
                  {"checkpoint", {{"envelope", checkpoint(faults)}}}}},
                {"canonicalizedBody", to_base64(bytes)}};
  if (faults.new_log_promises) {
    const Json promise = promised(bytes, now, index);
    entry["integratedTime"] = promise["integratedTime"].dump();
    entry["inclusionPromise"] = {{"signedEntryTimestamp", to_base64(key_.sign(canonical(promise)))}};
  }
  return {.status = 201, .headers = {}, .body = canonical(entry)};
}

http::Response VirtualLog::get(const std::string& id) const {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return {.status = 404, .headers = {}, .body = R"({"code":404})"};
  return {.status = 200, .headers = {}, .body = canonical({{id, found->second}})};
}

}  // namespace waybill::testing
