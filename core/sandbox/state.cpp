#include "core/sandbox/state.h"

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/crypto/hash.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kDocumentLimit = 64UL * 1024 * 1024;
constexpr std::size_t kBytesLimit = 1024UL * 1024 * 1024;
constexpr std::string_view kSuffix = ".json";

}  // namespace

State::State(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_ / "documents");
  std::filesystem::create_directories(folder_ / "blobs");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "documents")) {
    if (!entry.is_regular_file() || entry.path().extension() != kSuffix) continue;
    const Json stored =
        parse_json(read_file(entry.path(), kDocumentLimit), entry.path().string(), {kDocumentLimit, 128});
    documents_[string_member(stored, "name", entry.path().string())] =
        member(stored, "document", entry.path().string());
  }
}

std::filesystem::path State::file(const std::string& name) const {
  std::filesystem::path path = folder_ / "documents";
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = name.find('/', begin);
    const std::string segment = percent_encode(name.substr(begin, end - begin));
    if (segment.empty() || segment.front() == '.') throw Error(Fault::kInternal, "`{}` cannot name a document", name);
    if (end == std::string::npos) return path / (segment + std::string(kSuffix));
    path /= segment;
    begin = end + 1;
  }
}

std::optional<Json> State::find(const std::string& name) const {
  const auto held = lock();
  const auto found = documents_.find(name);
  return found == documents_.end() ? std::nullopt : std::optional(found->second);
}

void State::put(const std::string& name, const Json& document) {
  const auto held = lock();
  const std::filesystem::path path = file(name);
  std::filesystem::create_directories(path.parent_path());
  write_file(path, canonical({{"name", name}, {"document", document}}));
  documents_[name] = document;
}

void State::remove(const std::string& name) {
  const auto held = lock();
  documents_.erase(name);
  std::filesystem::remove(file(name));
}

State::Documents State::below(std::string_view prefix) const {
  auto held = lock();
  std::string behind(prefix);
  ++behind.back();
  return {std::move(held), documents_.lower_bound(prefix), documents_.lower_bound(behind)};
}

long State::next(const std::string& counter) {
  const auto held = lock();
  const std::string name = "counters/" + counter;
  const auto last = find(name);
  const long number = (last ? last->get<long>() : 0) + 1;
  put(name, number);
  return number;
}

Digest State::keep(std::string_view bytes) {
  const Digest digest = crypto::sha256(bytes);
  const auto held = lock();
  const std::filesystem::path path = folder_ / "blobs" / digest.hex();
  if (!std::filesystem::exists(path)) write_file(path, bytes);
  return digest;
}

std::string State::kept(const Digest& digest) const {
  return read_file(folder_ / "blobs" / digest.hex(), kBytesLimit);
}

std::string numbered(long number) {
  return fmt::format("{:010}", number);
}

}  // namespace waybill::sandbox
