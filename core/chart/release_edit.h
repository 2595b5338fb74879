#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/chart/chart.h"
#include "core/chart/plan_version.h"

namespace waybill::chart {

// Text that people wrote, fit for a message of waybill's (trust.md T12): nothing in it closes an issue, skips a
// workflow, hides in a comment or looks like a line of waybill's own; no control characters. Applying it again changes
// nothing.
std::string harmless(std::string_view text);

// A Keep a Changelog 2.0.0 section: "## [1.2.3] - 2026-11-21" and grouped lines, from the reasons that gave the
// version.
std::string changelog_section(const PlannedVersion& planned, Time date);
// The section of a version out of a CHANGELOG.md, without its heading, harmless; empty when there is none.
std::string section_of(std::string_view changelog, std::string_view version);
// Puts a section on top of what is there, below the title; a file that does not exist gets the title.
std::string insert_section(std::string_view changelog, std::string_view section);

// The release-owned edit, and nothing else: the `version` scalar, CHANGELOG.md, `artifacthub.io/changes`, and of an
// `artifacthub.io/prerelease` that is there the `true` or `false`. `base` is the chart on the default branch (empty for
// a new chart): its changelog is what the section is put on; everything else comes from `contribution`. A changelog
// entry that the contribution added is kept. A pure function (trust.md T9, T12).
Subtree release_edit(const Subtree& base, const Subtree& contribution, std::string_view chart_path,
                     const PlannedVersion& planned, Time date);

// Whether two subtrees are equal but for release-owned parts.
bool same_but_release_owned(const Subtree& one, const Subtree& other, std::string_view chart_path);

// The Chart.yaml of what goes on after a release: its own text, with the released version unless its own is higher.
std::string with_released_version(std::string_view ongoing, std::string_view released, std::string_view where);

}  // namespace waybill::chart
