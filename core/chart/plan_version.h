#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/oid.h"
#include "core/chart/chart.h"
#include "core/chart/version.h"
#include "core/git/repository.h"
#include "core/lineage/version_rules.h"

namespace waybill::chart {

// A tag that was read as a release of a chart: `<name>-vX.Y.Z`, `<name>-X.Y.Z` or `<name>/X.Y.Z`.
struct ReleaseTag {
  git::Tag tag;
  Version version;
};
// Every release tag of a chart by name, highest version first. Names that are prefixes of others do not mix
// (`grafana-agent-1.0.0` is none of `grafana`).
std::vector<ReleaseTag> release_tags(const std::vector<git::Tag>& tags, std::string_view name);
// "<name>-v<version>"
std::string release_tag_name(std::string_view name, std::string_view version);

// One commit or recorded contribution as text that says something about the next version.
struct Reason {
  std::string id;  // commit id or empty
  std::string subject;
  std::string body;
};

struct Conventional {
  std::string type;  // lower case: feat, fix, …; "chart" for `[chart] text`; empty when neither
  std::string scope;
  std::string description;
  bool breaking = false;
};
// Conventional Commits 1.0.0 and the `[chart] text` dialect (facts: release.md §7.1).
Conventional parse_subject(std::string_view subject, std::string_view body);

struct ReasonedLevel {
  Level level = Level::kNone;
  std::string subject;
  std::string why;  // "feat", "breaking change", "dependency redis 18.1.0 → 18.2.0"
};

struct PlannedVersion {
  Version version;
  Level level = Level::kNone;
  std::optional<Version> previous;
  std::vector<ReasonedLevel> reasons;
  std::vector<std::string> warnings;
};

struct VersionRequest {
  std::string chart_name;
  std::string chart_path;
  std::vector<std::string> all_chart_names;  // for scopes
  lineage::VersionRules rules;
  std::optional<Version> last;             // highest of release tags and versions taken
  Metadata before;                         // at the last release or on the base
  Metadata after;                          // the contribution
  bool first = false;                      // never released: the version as written
  std::vector<Reason> reasons;             // newest first
  std::vector<Version> taken;              // merged on main or waiting; never planned again
  std::vector<std::string> broken_values;  // of values_break.h
  bool any_wish = false;                   // people may wish for versions far above the plan (trust.md T17)
};
// Rules 0–13 of facts release.md §7 as `rules` has them (by itself: dependencies mirror their level, major capped to
// minor; feat and breaking on 0.x are minor). Reverts in the window cancel. `Release-As: X.Y.Z` wins.
// Always a release, at least patch: that what ships differs is the caller's question (rule 0). `first` with nothing
// known gives the version as written; a higher version in `after` is a floor. Both wishes reach one step above what is
// known or planned, further is Fault::kInput, as are values that break where the rules want that told. Where people
// write versions the one in `after` is planned, to the letter; Fault::kInput when it is lower than what all the rest
// gives.
PlannedVersion plan_version(const VersionRequest& request);
// What the reasons of a request say, without Chart.yaml: reverted pairs and merges left out; of repeated subjects the
// one that says most.
std::vector<ReasonedLevel> levels_of_reasons(const VersionRequest& request);

}  // namespace waybill::chart
