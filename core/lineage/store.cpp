#include "core/lineage/store.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kLines = 1000;
constexpr std::size_t kFileBytes = 64 * 1024 * 1024;

}  // namespace

std::vector<sigstore::Bundle> ForgeStore::find(const Digest& subject) const {
  const auto known = found_.find(subject);
  if (known != found_.end()) return known->second;
  std::vector<sigstore::Bundle> bundles;
  for (const Json& json : forge_.attestations(subject)) {
    try {
      bundles.push_back(sigstore::Bundle::parse(canonical(json)));
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      ++unreadable_;  // somebody else's junk under the same digest
    }
  }
  return found_.emplace(subject, std::move(bundles)).first->second;
}

void ForgeStore::remember(const Digest& subject, const sigstore::Bundle& bundle) {
  static_cast<void>(find(subject));
  found_[subject].push_back(bundle);
}

LineageFile LineageFile::parse(std::string_view jsonl, std::string_view what) {
  if (jsonl.size() > kFileBytes)
    throw Error(Fault::kInput, "{}: {} bytes, at most {} are read", what, jsonl.size(), kFileBytes);
  LineageFile file;
  std::size_t number = 0;
  while (!jsonl.empty()) {
    const std::string_view line = take_until('\n', jsonl);
    if (++number > kLines) throw Error(Fault::kInput, "{}: more than {} lines", what, kLines);
    if (line.empty()) continue;
    try {
      file.bundles_.push_back(sigstore::Bundle::parse(line));
    } catch (const Error& error) {
      throw Error(Fault::kUntrusted, "{}: line {} is no bundle: {}", what, number, error.what());
    }
  }
  return file;
}

std::vector<sigstore::Bundle> LineageFile::find(const Digest&) const {
  return bundles_;
}

}  // namespace waybill::lineage
