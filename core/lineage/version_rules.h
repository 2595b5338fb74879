#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/yaml/document.h"

namespace waybill::lineage {

// What becomes of a change of values that breaks users and that no commit calls breaking.
enum class ValuesBreak { kOff, kWarn, kError, kBump };

// How far a change of Chart.yaml carries over: as it is, always by one level, or not at all.
enum class Carried { kMirror, kMinor, kPatch, kNone };

// Which commits say what changed: all but merges, or those that a branch itself received, merges of pull requests among
// them by the title.
enum class Commits { kAll, kFirstParent };

// What the policy's `versions` says (facts: release.md §7). Texts are those of the file.
struct VersionRules {
  std::map<std::string, std::string> types;       // type of a commit in lower case → none, patch, minor, major
  bool scopes_narrow = true;                      // rule 2
  bool small_features = false;                    // rule 3: what is minor elsewhere is a patch in 0.x
  Carried app_version = Carried::kMirror;         // rule 4
  Carried dependencies = Carried::kMirror;        // rule 5; mirrored up to minor
  bool dependents = true;                         // rule 6
  ValuesBreak values_break = ValuesBreak::kWarn;  // rule 7
  bool reverts_cancel = true;                     // rule 8
  bool written = false;                           // rule 10: people write the version, the plan is its least
  std::string pre_release;                        // rule 12: "rc"; empty = releases
  Commits commits = Commits::kAll;                // rule 13
  bool squashed = true;                           // rule 13: subjects in the body of a squash count

  // Of the mapping `versions`; all findings at once, Fault::kInput.
  static VersionRules parse(const yaml::Node& node);
};

// A name of pre-releases, as `rc`: SemVer 2.0.0, item 9: "Identifiers MUST comprise only ASCII alphanumerics and
// hyphens"; and no number, so that the number after it decides. Fault::kInput otherwise, naming `where`.
std::string pre_release_name(const std::string& text, std::string_view where);

}  // namespace waybill::lineage
