#include "fuzz/target.h"

#include <ctime>
#include <set>

#include "core/base/file.h"

namespace waybill::fuzz {
namespace {

constexpr double kSeconds = 1;
constexpr std::size_t kLargestFile = 16UL * 1024 * 1024;

// Of this thread, so that a busy machine is no finding.
double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// WAYBILL_FUZZ_SEEDS: the folder of this target's seeds.
std::filesystem::path seeds() {
  const char* folder = std::getenv("WAYBILL_FUZZ_SEEDS");
  require(folder != nullptr, "WAYBILL_FUZZ_SEEDS names the folder of the target's seeds");
  return folder;
}

struct Genuine {
  bool learning = false;
  std::set<std::string> texts;
};

Genuine& genuine() {
  static Genuine genuine;
  return genuine;
}

void learn() {
  std::size_t count = 0;
  genuine().learning = true;
  for (const auto& seed : std::filesystem::directory_iterator(seeds())) {
    fmt::print(stderr, "seed {}\n", seed.path().filename().string());
    asked([&] { read(read_file(seed.path(), kLargestFile)); });
    ++count;
  }
  genuine().learning = false;
  fmt::print(stderr, "seeds: {}, genuine: {}\n", count, genuine().texts.size());
}

}  // namespace

void require_genuine(const std::string& signed_text, std::string_view property) {
  if (genuine().learning) genuine().texts.insert(signed_text);
  if (!genuine().texts.contains(signed_text)) require(false, fmt::format("{}: {}", property, signed_text));
}

std::string beside_seeds(const std::string& name) {
  return read_file(seeds().parent_path() / name, kLargestFile);
}

}  // namespace waybill::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  waybill::fuzz::learn();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace waybill::fuzz;
  const double began = processor_seconds();
  asked([&] { read({reinterpret_cast<const char*>(data), size}); });
  require(processor_seconds() - began < kSeconds, "an input is read in less than a second");
  return 0;
}
