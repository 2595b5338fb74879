#include "fuzz/seed_folder.h"

#include <snappy.h>

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/crypto/certificate.h"
#include "core/crypto/hash.h"
#include "core/sigstore/sct.h"
#include "fuzz/input.h"

namespace waybill::fuzz {
namespace {

constexpr std::size_t kLargestFile = 16UL * 1024 * 1024;

std::string signature_of(const Json& bundle) {
  for (const char* place : {"/dsseEnvelope/signatures/0/sig", "/messageSignature/signature"})
    if (const Json::json_pointer at(place); bundle.contains(at) && bundle.at(at).is_string())
      return bundle.at(at).get<std::string>();
  return {};
}

std::string compressed(const std::string& text) {
  std::string bytes;
  ::snappy::Compress(text.data(), text.size(), &bytes);
  return bytes;
}

}  // namespace

void SeedFolder::add(const std::string& target, std::string_view bytes) const {
  std::filesystem::create_directories(folder_ / target);
  write_file(folder_ / target / crypto::sha256(bytes).hex(), bytes);
}

void SeedFolder::add_document(const std::string& text) {
  try {
    add_parts(parse_json(text, "a seed"), {});
  } catch (const Error&) {
    add("bundle", text);
  }
}

void SeedFolder::add_parts(const Json& json, const std::string& signature) {
  const bool is_bundle = json.contains("verificationMaterial");
  if (is_bundle) {
    add("bundle", json.dump());
    add("snappy", compressed(json.dump()));
  }
  if (json.contains("signed")) add("tuf", json.dump());
  if (json.contains("certificateAuthorities")) trust(json);
  for (const auto& [name, part] : json.items()) {
    if (part.is_structured()) add_parts(part, is_bundle ? signature_of(json) : signature);
    if (part.is_string()) add_part(name, part.get<std::string>(), signature);
  }
}

void SeedFolder::add_part(const std::string& name, const std::string& text, const std::string& signature) const {
  try {
    if (name == "rawBytes") add_certificate(from_base64(text));
    if (name == "signedTimestamp") add("timestamp", written_text(from_base64(signature)) + from_base64(text));
    if (name == "envelope") add("checkpoint", text);
    if (name == "canonicalizedBody" || name == "payload") add("dsse", from_base64(text));
  } catch (const Error&) {  // no base64, a bare key: the document is a seed all the same
  }
}

void SeedFolder::add_certificate(const std::string& der) const {
  add("certificate", der);
  const auto certificate = crypto::Certificate::from_der(der);
  add("certificate", certificate.pem());
  if (const auto list = certificate.extension(sigstore::kSctListOid))
    add("certificate", crypto::der_octet_string(*list));
}

void SeedFolder::trust(const Json& root) {
  if (!root.contains("tlogs") || root["tlogs"].empty()) return;
  trusted_["mediaType"] = root["mediaType"];
  for (const char* member : {"tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"}) {
    Json& known = trusted_[member];
    if (!root.contains(member)) continue;
    for (const Json& trusted : root[member])
      if (std::ranges::find(known, trusted) == known.end()) known.push_back(trusted);
  }
}

void SeedFolder::add_file(const std::filesystem::path& path) {
  const std::string text = read_file(path, kLargestFile);
  if (path.extension() == ".json") add_document(text);
  if (path.extension() != ".jsonl") return;
  for (std::string_view rest = text; !rest.empty();) add_document(std::string(take_until('\n', rest)));
}

void SeedFolder::add_folder(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) add_file(entry.path());
}

void SeedFolder::write_trusted_root() const {
  write_file(folder_ / "trusted_root.json", canonical(trusted_));
}

void SeedFolder::write_tuf_root(std::string_view root) const {
  write_file(folder_ / "tuf_root.json", root);
}

}  // namespace waybill::fuzz
