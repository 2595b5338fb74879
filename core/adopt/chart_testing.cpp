#include "core/adopt/chart_testing.h"

#include <array>

#include "core/base/error.h"
#include "core/yaml/document.h"

namespace waybill::adopt {
namespace {

constexpr std::size_t kLimit = 256 * 1024;

// Where ct looks by itself, and where `ct --config` usually points.
constexpr std::array<const char*, 6> kFiles{"ct.yaml",         ".ct.yaml",
                                            ".github/ct.yaml", ".github/configs/ct.yaml",
                                            "ct-lint.yaml",    ".github/configs/ct-lint.yaml"};

}  // namespace

ChartTesting chart_testing(const git::Repository& repository, const Oid& commit) {
  for (const char* file : kFiles) {
    try {
      const auto text = repository.file(commit, file, kLimit);
      if (!text) continue;
      const auto excluded = yaml::parse(*text, file).find("excluded-charts");
      const auto names =
          excluded && excluded->kind() == yaml::Kind::kSequence ? excluded->texts() : std::vector<std::string>();
      return {file, {names.begin(), names.end()}};
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;  // a file that nobody can read excludes nothing
    }
  }
  return {};
}

}  // namespace waybill::adopt
