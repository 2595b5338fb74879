#include <fstream>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"
#include "core/intoto/statement.h"
#include "core/sandbox/api.h"
#include "core/sandbox/authority.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kEntries = "/rekor/api/v1/log/entries";
constexpr std::size_t kLogLimit = 1024UL * 1024 * 1024;
constexpr JsonLimits kEntryLimits{32 * 1024 * 1024, 16};
constexpr std::size_t kTreeDigits = 16;

HttpResponse refused(int status, const std::string& why) {
  return json_response(status, {{"code", status}, {"message", why}});
}

struct Verifier {
  crypto::PublicKey key;
  std::string pem;
};

Verifier read_verifier(const std::string& encoded) {
  const std::string pem = from_base64(encoded);
  if (pem.find("CERTIFICATE") != std::string::npos) {
    const auto certificate = crypto::Certificate::from_pem(pem);
    return {certificate.public_key(), certificate.pem()};
  }
  const auto key = crypto::PublicKey::from_pem(pem);
  return {key, key.pem()};
}

Json sha256_of(std::string_view bytes) {
  return {{"algorithm", "sha256"}, {"value", crypto::sha256(bytes).hex()}};
}

// What the log keeps of a proposed `dsse` entry: digests, signatures and who verifies them, never the envelope.
std::string canonical_body(const std::string& proposed) {
  const Json entry = parse_json(proposed, "proposed entry", kEntryLimits);
  const std::string kind = string_member(entry, "kind", "proposed entry");
  const std::string version = string_member(entry, "apiVersion", "proposed entry");
  if (kind != "dsse" || version != "0.0.1")
    throw Error(Fault::kInput, "entries of kind `{}` {} are not taken, only dsse 0.0.1", kind, version);
  const Json& content = member(member(entry, "spec", "proposed entry"), "proposedContent", "spec");
  const std::string text = string_member(content, "envelope", "proposedContent");
  const Json& verifiers = member(content, "verifiers", "proposedContent");
  const Json envelope = parse_json(text, "envelope", kEntryLimits);
  const std::string payload = from_base64(string_member(envelope, "payload", "envelope"));
  const std::string encoding =
      intoto::pre_authentication_encoding(string_member(envelope, "payloadType", "envelope"), payload);
  const Json& given = member(envelope, "signatures", "envelope");
  if (given.empty() || given.size() != verifiers.size())
    throw Error(Fault::kInput, "the envelope has {} signatures and the entry {} verifiers", given.size(),
                verifiers.size());
  Json signatures = Json::array();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Verifier verifier = read_verifier(verifiers[i].get<std::string>());
    const std::string signature = string_member(given[i], "sig", "envelope");
    if (!verifier.key.verifies(encoding, from_base64(signature)))
      throw Error(Fault::kInput, "could not verify the envelope's signature {} with its verifier", i + 1);
    signatures.push_back({{"signature", signature}, {"verifier", to_base64(verifier.pem)}});
  }
  return canonical(
      {{"apiVersion", version},
       {"kind", kind},
       {"spec", {{"envelopeHash", sha256_of(text)}, {"payloadHash", sha256_of(payload)}, {"signatures", signatures}}}});
}

// A sixty-four-bit tree id that stays with the log's key, positive as a signed number.
std::string tree_id(const std::string& key_digest) {
  std::string bytes = key_digest.substr(0, kTreeDigits / 2);
  bytes[0] = static_cast<char>(bytes[0] & 0x7f);
  return to_hex(bytes);
}

}  // namespace

TransparencyLog::TransparencyLog(const Safe& safe, const Clock& clock, std::filesystem::path file, std::string host)
    : clock_(clock),
      file_(std::move(file)),
      key_(safe.key("log", [] { return crypto::PrivateKey::generate_p256(); })),
      key_digest_(crypto::sha256(key_.public_key().der()).bytes()),
      tree_(tree_id(key_digest_)),
      host_(std::move(host)) {
  if (std::filesystem::exists(file_)) {
    const std::string text = read_file(file_, kLogLimit);
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const Json line = parse_json(std::string_view(text).substr(begin, end - begin), file_.string(), kEntryLimits);
      append({from_base64(string_member(line, "body", file_.string())),
              member(line, "integratedTime", file_.string()).get<long>()});
    }
  }
  // ProtoJSON leaves out a logIndex of 0 and an empty list of hashes; some clients then miss them.
  for (long seed = static_cast<long>(entries_.size()) + 1; seed <= 2; ++seed)
    record({canonical({{"apiVersion", "0.0.1"}, {"kind", "seed"}, {"spec", {{"number", seed}}}}),
            clock_.now().time_since_epoch().count()});
}

void TransparencyLog::append(Entry entry) {
  const std::string leaf = MerkleTree::leaf(entry.body);
  by_leaf_.emplace(to_hex(leaf), entries_.size());
  merkle_.append(leaf);
  entries_.push_back(std::move(entry));
}

void TransparencyLog::record(Entry entry) {
  std::ofstream out(file_, std::ios::app | std::ios::binary);
  out << canonical({{"body", to_base64(entry.body)}, {"integratedTime", entry.integrated}}) << '\n' << std::flush;
  if (!out) throw Error(Fault::kInternal, "{} cannot be written", file_.string());
  append(std::move(entry));
}

HttpResponse TransparencyLog::answer(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  const bool reading = request.method == "GET";
  if (request.path == kEntries && request.method == "POST") return add(request.body);
  if (request.path == kEntries && reading) {
    const std::string index = request.parameter("logIndex");
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (std::to_string(i) == index) return json_response(200, {{uuid(i), described(i)}});
    return refused(404, "no entry has logIndex `" + index + "`");
  }
  if (request.path.starts_with(std::string(kEntries) + "/") && reading)
    return one(request.path.substr(kEntries.size() + 1));
  if (request.path == "/rekor/api/v1/log" && reading) return json_response(200, state());
  if (request.path == "/rekor/api/v1/log/publicKey" && reading)
    return {200, {{"Content-Type", "application/x-pem-file"}}, key().pem()};
  return refused(404, "Not Found");
}

HttpResponse TransparencyLog::add(const std::string& proposed) {
  std::string body;
  try {
    body = canonical_body(proposed);
  } catch (const Error& error) {
    return refused(400, std::string("error processing entry: ") + error.what());
  } catch (const Json::exception& error) {
    return refused(400, std::string("error processing entry: ") + error.what());
  }
  if (const auto known = by_leaf_.find(to_hex(MerkleTree::leaf(body))); known != by_leaf_.end()) {
    const std::string id = uuid(known->second);
    HttpResponse conflict = refused(409, "an equivalent entry already exists in the transparency log with UUID " + id);
    conflict.headers["Location"] = std::string(kEntries) + "/" + id;
    return conflict;
  }
  record({std::move(body), clock_.now().time_since_epoch().count()});
  const std::string id = uuid(entries_.size() - 1);
  HttpResponse created = json_response(201, {{id, described(entries_.size() - 1)}});
  created.headers["Location"] = std::string(kEntries) + "/" + id;
  created.headers["ETag"] = id;
  return created;
}

HttpResponse TransparencyLog::one(std::string_view id) const {
  if (id.size() == kTreeDigits + 64 && id.starts_with(tree_)) id.remove_prefix(kTreeDigits);
  const auto found = by_leaf_.find(id);
  if (found == by_leaf_.end()) return refused(404, "no entry has the UUID `" + std::string(id) + "`");
  return json_response(200, {{uuid(found->second), described(found->second)}});
}

std::string TransparencyLog::uuid(std::size_t index) const {
  return tree_ + to_hex(MerkleTree::leaf(entries_[index].body));
}

Json TransparencyLog::described(std::size_t index) const {
  Json entry = {{"body", to_base64(entries_[index].body)},
                {"integratedTime", entries_[index].integrated},
                {"logID", to_hex(key_digest_)},
                {"logIndex", index}};
  // The promise is over exactly these four members, as canonical JSON (RFC 8785).
  const std::string promise = key_.sign(canonical(entry));
  Json hashes = Json::array();
  for (const std::string& hash : merkle_.path(index)) hashes.push_back(to_hex(hash));
  entry["verification"] = {{"inclusionProof",
                            {{"checkpoint", checkpoint()},
                             {"hashes", hashes},
                             {"logIndex", index},
                             {"rootHash", to_hex(merkle_.root())},
                             {"treeSize", merkle_.size()}}},
                           {"signedEntryTimestamp", to_base64(promise)}};
  return entry;
}

Json TransparencyLog::state() const {
  return {{"rootHash", to_hex(merkle_.root())},
          {"signedTreeHead", checkpoint()},
          {"treeID", std::to_string(std::stoull(tree_, nullptr, 16))},
          {"treeSize", merkle_.size()}};
}

// A signed note (C2SP): the text, an empty line, "— name base64(key hint || signature)".
std::string TransparencyLog::checkpoint() const {
  const std::string text = fmt::format("{} - {}\n{}\n{}\n", host_, std::stoull(tree_, nullptr, 16), merkle_.size(),
                                       to_base64(merkle_.root()));
  return fmt::format("{}\n\xe2\x80\x94 {} {}\n", text, host_, to_base64(key_digest_.substr(0, 4) + key_.sign(text)));
}

}  // namespace waybill::sandbox
