#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::chart {

// SemVer 2.0.0; numbers of any length.
class Version {
 public:
  static Version parse(std::string_view text);                       // strict; Fault::kInput
  static std::optional<Version> parse_loose(std::string_view text);  // as helm reads: v1.2, 0.46.00

  const std::string& text() const { return text_; }

  bool is_prerelease() const { return !prerelease_.empty(); }

  // Of a pre-release, the release it leads to when that is far enough: 2.0.0-rc.1 is followed by 2.0.0 at every level.
  Version next_major() const;
  Version next_minor() const;
  Version next_patch() const;
  bool is_initial_development() const;  // 0.y.z

  std::strong_ordering operator<=>(const Version& other) const;  // precedence; build metadata ignored
  bool operator==(const Version& other) const { return (*this <=> other) == std::strong_ordering::equal; }

 private:
  Version() = default;

  std::string text_, major_, minor_, patch_;
  std::vector<std::string> prerelease_;
};

enum class Level { kNone, kPatch, kMinor, kMajor };
std::string_view level_name(Level level);
// Which number grew on the way up; kNone when `higher` is not above `lower`.
Level step_between(const Version& lower, const Version& higher);

}  // namespace waybill::chart
