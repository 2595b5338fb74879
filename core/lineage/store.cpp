#include "core/lineage/store.h"

#include "core/base/error.h"
#include "core/base/text.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kLines = 1000;
constexpr std::size_t kFileBytes = 64 * 1024 * 1024;

}  // namespace

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

void LineageFile::add(const std::vector<std::string>& bundles) {
  for (const std::string& text : bundles) {
    try {
      bundles_.push_back(sigstore::Bundle::parse(text));
    } catch (const Error&) {
      ++unreadable_;
    }
  }
}

std::vector<sigstore::Bundle> LineageFile::find(const Digest&) const {
  return bundles_;
}

}  // namespace waybill::lineage
