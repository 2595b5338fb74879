#include <algorithm>
#include <chrono>
#include <thread>

#include "core/base/error.h"
#include "core/base/jitter.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/oci/connection.h"
#include "core/oci/registry.h"

namespace waybill::oci {
namespace {

constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
constexpr std::size_t kMostReferrers = 1000;
constexpr int kMostPages = 100;
constexpr int kIndexTries = 6;

// Distribution specification 1.1, "Referrers Tag Schema": algorithm and digest of the subject as a tag.
std::string fallback_tag(const Digest& subject) {
  return subject.algorithm() + "-" + subject.hex().substr(0, 64);
}

Descriptor read_descriptor(const Json& json) {
  Descriptor descriptor{string_member(json, "mediaType", "descriptor"),
                        Digest::parse(string_member(json, "digest", "descriptor")),
                        member(json, "size", "descriptor").is_number_unsigned() ? json["size"].get<std::size_t>() : 0,
                        {},
                        {}};
  if (const auto annotations = json.find("annotations"); annotations != json.end() && annotations->is_object())
    for (const auto& [key, value] : annotations->items())
      if (value.is_string()) descriptor.annotations[key] = value.get<std::string>();
  if (const auto type = json.find("artifactType"); type != json.end() && type->is_string())
    descriptor.artifact_type = type->get<std::string>();
  return descriptor;
}

// Entries that are none are left out: an index is a list of hints.
void read_index(const Json& index, std::vector<Descriptor>& found) {
  const auto manifests = index.find("manifests");
  if (!index.is_object() || manifests == index.end() || !manifests->is_array()) return;
  for (const Json& entry : *manifests) {
    if (found.size() == kMostReferrers) return;
    try {
      found.push_back(read_descriptor(entry));
    } catch (const Error&) {
    }
  }
}

Json entry_of(const Descriptor& own) {
  Json entry{{"mediaType", own.media_type}, {"digest", own.digest.text()}, {"size", own.size}};
  if (!own.artifact_type.empty()) entry["artifactType"] = own.artifact_type;
  if (!own.annotations.empty()) entry["annotations"] = own.annotations;
  return entry;
}

Json empty_index() {
  return {{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", Json::array()}};
}

bool lists(const std::vector<Descriptor>& descriptors, const Digest& digest) {
  return std::ranges::find(descriptors, digest, &Descriptor::digest) != descriptors.end();
}

}  // namespace

std::optional<std::vector<Descriptor>> Registry::listed_referrers(const Digest& subject) const {
  std::vector<Descriptor> found;
  std::string path = "referrers/" + subject.text();
  for (int page = 0; page < kMostPages; ++page) {
    http::Request request;
    request.headers["accept"] = kIndexType;
    const http::Response response = connection_->send(request, path, "pull");
    // "A 404 Not Found response code indicates that the registry does not implement the referrers API"; some answer
    // with other refusals or with a page for people.
    const bool index = response.status == 200 && response.header("content-type").starts_with(kIndexType);
    if (response.status == 404 || response.status == 400 || response.status == 405 ||
        (response.status == 200 && !index))
      return std::nullopt;
    if (!index) throw connection_->refusal(request, response, "referrers of " + subject.text());
    read_index(connection_->json(response, "referrers of " + subject.text()), found);
    if (found.size() == kMostReferrers || !connection_->turn_page(response, path)) break;
  }
  return found;
}

std::vector<Descriptor> Registry::referrers(const Digest& subject) const {
  std::vector<Descriptor> found = listed_referrers(subject).value_or(std::vector<Descriptor>());
  // A registry that claims the API may still keep entries of others under the tag only.
  if (const std::optional<Manifest> index = manifest(fallback_tag(subject))) {
    std::vector<Descriptor> tagged;
    read_index(
        connection_->json({.status = 200, .headers = {}, .body = index->bytes}, "index " + fallback_tag(subject)),
        tagged);
    for (Descriptor& entry : tagged)
      if (!lists(found, entry.digest) && found.size() < kMostReferrers) found.push_back(std::move(entry));
  }
  return found;
}

void Registry::push_referrer(const Manifest& manifest, const Descriptor& own, const Digest& subject) const {
  push_manifest(manifest);
  // An `OCI-Subject` header in the answer is a claim; being listed is the fact.
  if (const auto listed = listed_referrers(subject); listed && lists(*listed, own.digest)) return;
  add_to_index(own, subject);
}

// Others may write the same tag at the same time and there is no lock: written, read back, written again.
void Registry::add_to_index(const Descriptor& own, const Digest& subject) const {
  const std::string tag = fallback_tag(subject);
  for (int tries = 1; tries <= kIndexTries; ++tries) {
    const std::optional<Manifest> there = manifest(tag);
    Json index =
        there ? connection_->json({.status = 200, .headers = {}, .body = there->bytes}, "index " + tag) : empty_index();
    if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array())
      throw Error(Fault::kConflict, "{}:{} is not an index of referrers", repository_.text(), tag);
    std::vector<Descriptor> entries;
    read_index(index, entries);
    if (lists(entries, own.digest)) return;
    index["manifests"].push_back(entry_of(own));
    const std::string bytes = index.dump();
    put(tag, {std::string(kIndexType), bytes, crypto::sha256(bytes)});
    if (tries > 1) std::this_thread::sleep_for(jittered(std::chrono::milliseconds(200 * tries)));
  }
  throw Error(Fault::kConflict, "{}:{}: the entry {} does not stay in the index", repository_.text(), tag,
              own.digest.text())
      .hint("a registry with immutable tags must implement the referrers API; otherwise run this stage again");
}

}  // namespace waybill::oci
