#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::chart {

// A commit message's lines without CR.
std::vector<std::string_view> lines_of(std::string_view text);
// Groups of lines between empty ones.
std::vector<std::vector<std::string_view>> paragraphs_of(std::string_view body);

bool is_letter_or_digit(char c);
bool equal_ignoring_case(std::string_view one, std::string_view other);
std::string lower_case(std::string_view text);

// The value of a line "Token: value" whose token is that one in any case; nothing for other lines.
std::optional<std::string_view> trailer_value(std::string_view line, std::string_view token);

// Conventional Commits 1.0.0, item 12: "Breaking changes MUST be indicated in the type/scope prefix of a commit, or as
// an entry in the footer."
bool has_breaking_footer(std::string_view body);

// The commits that GitHub lists in the body of a squash: paragraphs that start with `* ` and a conventional subject.
// Empty where the body quotes somebody else's notes, as dependency updates do.
std::vector<std::string> squashed_subjects(std::string_view subject, std::string_view body);

}  // namespace waybill::chart
