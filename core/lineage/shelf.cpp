#include "core/lineage/shelf.h"

#include <algorithm>
#include <ranges>

#include "core/base/error.h"
#include "core/base/json.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kBundleBytes = 16 * 1024 * 1024;
constexpr std::string_view kBundleTypes = "application/vnd.dev.sigstore.bundle";

// The layer of a manifest that is a bundle's; nothing for referrers of other kinds.
std::optional<Digest> bundle_layer(const oci::Manifest& manifest) {
  const Json json = parse_json(manifest.bytes, "referrer");
  const auto layers = json.find("layers");
  if (layers == json.end() || !layers->is_array() || layers->size() != 1) return std::nullopt;
  const Json& layer = layers->front();
  if (!string_member(layer, "mediaType", "layer").starts_with(kBundleTypes)) return std::nullopt;
  return Digest::parse(string_member(layer, "digest", "layer"));
}

bool is(const sigstore::Bundle& bundle, const Digest& statement) {
  try {
    return bundle.link() == statement;
  } catch (const Error&) {
    return false;  // of a message
  }
}

}  // namespace

std::map<Digest, std::vector<std::string>> ForgeShelf::look(const std::vector<Digest>& subjects) const {
  std::map<Digest, std::vector<std::string>> found;
  for (const auto& [subject, bundles] : forge_.attestations(subjects))
    for (const Json& bundle : bundles) found[subject].push_back(canonical(bundle));
  return found;
}

std::map<Digest, std::vector<std::string>> RegistryShelf::look(const std::vector<Digest>& subjects) const {
  std::map<Digest, std::vector<std::string>> found;
  for (const Digest& subject : subjects)
    for (const oci::Descriptor& descriptor : registry_.referrers(subject)) {
      try {
        const auto manifest = registry_.manifest(descriptor.digest.text());
        const auto layer = manifest ? bundle_layer(*manifest) : std::nullopt;
        if (layer) found[subject].push_back(registry_.has_blob(*layer) ? registry_.blob(*layer, kBundleBytes) : "");
      } catch (const Error& error) {
        if (error.fault() != Fault::kInput && error.fault() != Fault::kUntrusted) throw;
        found[subject].emplace_back();
      }
    }
  return found;
}

void Shelves::expect(const std::vector<Digest>& subjects) const {
  std::map<Digest, std::vector<sigstore::Bundle>> found;
  for (const Digest& subject : subjects)
    if (!found_.contains(subject)) found.try_emplace(subject);
  if (found.empty()) return;
  const auto keys = found | std::views::keys;
  const std::vector<Digest> wanted(keys.begin(), keys.end());
  for (const auto& shelf : shelves_)
    for (const auto& [subject, texts] : shelf->look(wanted))
      for (const std::string& text : texts) {
        try {
          found[subject].push_back(sigstore::Bundle::parse(text));
        } catch (const Error& error) {
          if (error.fault() != Fault::kInput) throw;
          ++unreadable_;  // somebody else's junk under the same digest
        }
      }
  found_.merge(std::move(found));
}

std::vector<sigstore::Bundle> Shelves::find(const Digest& subject) const {
  expect({subject});
  return found_.at(subject);
}

void Shelves::await(const std::vector<std::pair<Digest, Digest>>& statements,
                    const std::function<void(std::chrono::milliseconds)>& pause) const {
  const auto late = [&] {
    std::vector<Digest> subjects;
    for (const auto& [subject, statement] : statements)
      if (std::ranges::none_of(find(subject), [&](const auto& bundle) { return is(bundle, statement); }))
        subjects.push_back(subject);
    return subjects;
  };
  for (const int seconds : {1, 2, 4}) {
    const std::vector<Digest> again = late();
    if (again.empty() || !patient_) return;
    pause(std::chrono::seconds(seconds));
    for (const Digest& subject : again) found_.erase(subject);
    expect(again);
  }
  patient_ = late().empty();
}

void Shelves::remember(const Digest& subject, const sigstore::Bundle& bundle) {
  expect({subject});
  found_[subject].push_back(bundle);
}

}  // namespace waybill::lineage
