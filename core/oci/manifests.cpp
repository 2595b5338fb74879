#include <array>

#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/oci/registry.h"

namespace waybill::oci {
namespace {

OrderedJson json_of(const std::map<std::string, std::string>& texts) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [key, text] : texts) json[key] = text;
  return json;
}

OrderedJson json_of(const Descriptor& descriptor) {
  OrderedJson json;
  json["mediaType"] = descriptor.media_type;
  json["digest"] = descriptor.digest.text();
  json["size"] = descriptor.size;
  if (!descriptor.annotations.empty()) json["annotations"] = json_of(descriptor.annotations);
  if (!descriptor.artifact_type.empty()) json["artifactType"] = descriptor.artifact_type;
  return json;
}

// As helm's encoder writes it, which keeps HTML's characters out of strings.
std::string encoded(const OrderedJson& json) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEscapes{
      {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}}};
  std::string text = json.dump();
  for (const auto& [character, escape] : kEscapes)
    for (std::size_t at = text.find(character); at != std::string::npos; at = text.find(character, at + escape.size()))
      text.replace(at, character.size(), escape);
  return text;
}

Manifest manifest_of(const OrderedJson& json) {
  std::string bytes = encoded(json);
  const Digest digest = crypto::sha256(bytes);
  return {std::string(kManifestType), std::move(bytes), digest};
}

}  // namespace

Descriptor descriptor_of(const Manifest& manifest) {
  const Json json = parse_json(manifest.bytes, "manifest");
  Descriptor descriptor{manifest.media_type, manifest.digest, manifest.bytes.size(), {}, {}};
  if (const auto annotations = json.find("annotations"); annotations != json.end() && annotations->is_object())
    for (const auto& [key, value] : annotations->items())
      if (value.is_string()) descriptor.annotations[key] = value.get<std::string>();
  // "If the artifactType is empty or missing in the image manifest, the value of artifactType MUST be set to the config
  // descriptor mediaType value." (distribution specification 1.1, Listing Referrers)
  if (json.contains("artifactType"))
    descriptor.artifact_type = string_member(json, "artifactType", "manifest");
  else if (json.contains("config"))
    descriptor.artifact_type = string_member(json["config"], "mediaType", "config of the manifest");
  return descriptor;
}

Manifest chart_manifest(const Descriptor& config, const Descriptor& layer,
                        const std::map<std::string, std::string>& annotations) {
  OrderedJson json;
  json["schemaVersion"] = 2;
  json["config"] = json_of(config);
  json["layers"] = OrderedJson::array({json_of(layer)});
  if (!annotations.empty()) json["annotations"] = json_of(annotations);
  return manifest_of(json);
}

Manifest bundle_referrer(const Descriptor& bundle, const Descriptor& subject, const std::string& predicate_type,
                         const std::string& created) {
  const Descriptor config{std::string(kEmptyConfigType), crypto::sha256(kEmptyConfig), kEmptyConfig.size(), {}, {}};
  // A subject is named, not described.
  const Descriptor named{subject.media_type, subject.digest, subject.size, {}, {}};
  OrderedJson json;
  json["schemaVersion"] = 2;
  json["mediaType"] = kManifestType;
  json["artifactType"] = kBundleType;
  json["config"] = json_of(config);
  json["layers"] = OrderedJson::array({json_of(bundle)});
  json["subject"] = json_of(named);
  json["annotations"] =
      json_of(std::map<std::string, std::string>{{"dev.sigstore.bundle.content", "dsse-envelope"},
                                                 {"dev.sigstore.bundle.predicateType", predicate_type},
                                                 {"org.opencontainers.image.created", created}});
  return manifest_of(json);
}

}  // namespace waybill::oci
