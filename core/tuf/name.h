#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::tuf {

// A target's name as one segment of a path: percent-quoted but for letters, digits and `_.-~`, so that no name leaves
// its folder; `.` and `..` are quoted too.
std::string quoted_name(std::string_view name);

// "timestamp.json", or with a version "7.targets.json" (specification 6.2). The role's name is percent-quoted as above,
// and as repositories write it: `..` stays, the rest of the name makes it an ordinary one.
std::string metadata_name(std::string_view role, std::optional<std::int64_t> version = std::nullopt);

// `base` and below it the target's own path. A target's name is a path-relative URL (specification 4.5): its slashes
// and percent signs stay; what cannot stand in a URL's path is quoted. With a hash, the last segment is
// "<hash>.<segment>" (specification 6.2).
std::string target_url(std::string_view base, std::string_view target, std::string_view hash);

// `base` and `name` with exactly one slash between.
std::string joined(std::string_view base, std::string_view name);

// Whether a target's name is one that the pattern means: Unix file name matching with `*`, `?` and `[…]`, of which none
// matches a slash (specification 4.5, PATHPATTERN).
bool matches(std::string_view pattern, std::string_view target);

}  // namespace waybill::tuf
