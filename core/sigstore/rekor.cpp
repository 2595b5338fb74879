#include "core/sigstore/rekor.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/sigstore/exchange.h"
#include "core/sigstore/log_entry.h"

namespace waybill::sigstore {
namespace {

constexpr std::string_view kWhat = "Rekor's answer";
constexpr int kConflict = 409;
constexpr std::int64_t kTiles = 2;  // Rekor v2

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
LogEntry parse_entry_v1(std::string_view answer) {
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

LogEntry parse_entry_v2(std::string_view answer) {
  const Json document = parse_json(answer, kWhat);
  return parse_log_entry({document, std::string(kWhat), log_entry_members()});
}

http::Response fetch_existing(http::Client& client, std::string_view base_url, const http::Response& conflict) {
  std::string location = conflict.header("location");
  if (location.starts_with('/')) location.insert(0, base_url.substr(0, base_url.find('/', base_url.find("://") + 3)));
  if (location.empty() || http::origin(location) != http::origin(base_url))
    throw Error(Fault::kRemote, "Rekor: {} answered 409 as it holds an equal entry, and names `{}` as its place",
                base_url, location);
  return exchange(client, {.url = location, .headers = {{"accept", "application/json"}}, .body = ""}, "Rekor", {200});
}

Json proposed_v1(const SignedContent& content) {
  const std::string verifier = to_base64(content.certificate->pem());
  if (content.envelope != nullptr)
    return {{"apiVersion", "0.0.1"},
            {"kind", "dsse"},
            {"spec",
             {{"proposedContent",
               {{"envelope", canonical(envelope_json(*content.envelope))}, {"verifiers", Json::array({verifier})}}}}}};
  const Digest digest = content.content.digest("sha256");
  return {{"apiVersion", "0.0.1"},
          {"kind", "hashedrekord"},
          {"spec",
           {{"data", {{"hash", {{"algorithm", digest.algorithm()}, {"value", digest.hex()}}}}},
            {"signature", {{"content", to_base64(content.signature)}, {"publicKey", {{"content", verifier}}}}}}}};
}

Json proposed_v2(const SignedContent& content) {
  return {{"hashedRekordRequestV002",
           {{"digest", to_base64(content.content.digest("sha256").bytes())},
            {"signature",
             {{"content", to_base64(content.signature)},
              {"verifier",
               {{"keyDetails", "PKIX_ECDSA_P256_SHA_256"},
                {"x509Certificate", {{"rawBytes", to_base64(content.certificate->der())}}}}}}}}}};
}

}  // namespace

LogEntry record(http::Client& client, const Service& log, const SignedContent& content) {
  const bool tiles = log.api_version == kTiles;
  const http::Request request{.method = "POST",
                              .url = fmt::format("{}/api/v{}/log/entries", log.url, log.api_version),
                              .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
                              .body = canonical(tiles ? proposed_v2(content) : proposed_v1(content))};
  http::Response response =
      tiles ? exchange(client, request, "Rekor", {200, 201}) : exchange(client, request, "Rekor", {201, kConflict});
  if (response.status == kConflict) response = fetch_existing(client, log.url, response);
  try {
    return tiles ? parse_entry_v2(response.body) : parse_entry_v1(response.body);
  } catch (const Error& error) {
    throw Error(Fault::kRemote, "Rekor: POST {}: {}", request.url, error.what());
  } catch (const Json::exception&) {
    throw Error(Fault::kRemote, "Rekor: POST {}: the answer is not a log entry", request.url);
  }
}

}  // namespace waybill::sigstore
