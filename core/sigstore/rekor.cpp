#include "core/sigstore/rekor.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/sigstore/exchange.h"
#include "core/sigstore/rekor_entry.h"

namespace waybill::sigstore {
namespace {

constexpr std::string_view kWhat = "Rekor's answer";
constexpr int kConflict = 409;

std::int64_t integer(const Json& object, std::string_view key) {
  const Json& value = member(object, key, kWhat);
  if (!value.is_number_integer())
    throw Error(Fault::kInput, "{}: `{}` is a {}, an integer is wanted", kWhat, key, value.type_name());
  return value.get<std::int64_t>();
}

InclusionProof parse_proof(const Json& proof) {
  InclusionProof parsed{.log_index = integer(proof, "logIndex"),
                        .tree_size = integer(proof, "treeSize"),
                        .root_hash = from_hex(string_member(proof, "rootHash", kWhat)),
                        .hashes = {},
                        .checkpoint = string_member(proof, "checkpoint", kWhat)};
  for (const Json& hash : member(proof, "hashes", kWhat)) parsed.hashes.push_back(from_hex(hash.get<std::string>()));
  return parsed;
}

// { "<uuid>": { body, integratedTime, logID, logIndex, verification: { signedEntryTimestamp, inclusionProof } } }
LogEntry parse_entry(std::string_view answer) {
  const Json document = parse_json(answer, kWhat);
  if (!document.is_object() || document.size() != 1)
    throw Error(Fault::kInput, "{} is not one entry under its id", kWhat);
  const Json& entry = *document.begin();
  const Json& verification = member(entry, "verification", kWhat);
  const std::string body = from_base64(string_member(entry, "body", kWhat));
  const Json recorded = parse_json(body, "the entry's body");
  return {.log_index = integer(entry, "logIndex"),
          .log_id = from_hex(string_member(entry, "logID", kWhat)),
          .kind = string_member(recorded, "kind", kWhat),
          .version = string_member(recorded, "apiVersion", kWhat),
          .integrated_time = integer(entry, "integratedTime"),
          .promise = from_base64(string_member(verification, "signedEntryTimestamp", kWhat)),
          .proof = parse_proof(member(verification, "inclusionProof", kWhat)),
          .canonical_body = body};
}

http::Response fetch_existing(http::Client& client, std::string_view base_url, const http::Response& conflict) {
  std::string location = conflict.header("location");
  if (location.starts_with('/')) location.insert(0, base_url.substr(0, base_url.find('/', base_url.find("://") + 3)));
  if (location.empty() || http::origin(location) != http::origin(base_url))
    throw Error(Fault::kRemote, "Rekor: {} holds an equal entry and names `{}` as its place", base_url, location);
  return exchange(client, {.url = location, .headers = {{"accept", "application/json"}}, .body = ""}, "Rekor", {200});
}

}  // namespace

LogEntry record_envelope(http::Client& client, std::string_view base_url, const Envelope& envelope,
                         const crypto::Certificate& certificate) {
  const std::string proposed = canonical(envelope_json(envelope));
  const Json body = {
      {"apiVersion", "0.0.1"},
      {"kind", "dsse"},
      {"spec",
       {{"proposedContent", {{"envelope", proposed}, {"verifiers", Json::array({to_base64(certificate.pem())})}}}}}};
  const http::Request request{.method = "POST",
                              .url = fmt::format("{}/api/v1/log/entries", base_url),
                              .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
                              .body = canonical(body)};
  http::Response response = exchange(client, request, "Rekor", {201, kConflict});
  if (response.status == kConflict) response = fetch_existing(client, base_url, response);
  try {
    LogEntry entry = parse_entry(response.body);
    const Digest recorded = recorded_envelope_hash(entry);
    const Digest sent = crypto::hash(recorded.algorithm(), proposed);
    if (recorded != sent)
      throw Error(Fault::kRemote, "the log recorded the envelope {}, {} was sent", recorded.text(), sent.text());
    return entry;
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "Rekor: POST {}: {}", request.url, error.what());
  } catch (const Json::exception&) {
    throw Error(Fault::kRemote, "Rekor: POST {}: the answer is not a log entry", request.url);
  }
}

}  // namespace waybill::sigstore
