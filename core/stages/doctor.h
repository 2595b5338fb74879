#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/stages/findings.h"
#include "core/stages/job.h"

// The parts of `doctor`: each looks at one side of a repository, and says what is right and what is not.
namespace waybill::stages {

// Where the App's key lies for a stage.
struct KeyPlace {
  std::string stage;
  std::string environment;
  std::string secret;
};

// Merge methods, Actions, immutable releases.
void examine_repository(const Job& job, Findings& findings);
// The workflow of every stage and of reconcile: there, on, in its environment, its actions pinned by commit (trust.md
// T29). Where they take the App's key from.
std::vector<KeyPlace> examine_workflows(const Job& job, Findings& findings);
// The App's key lies in environments of the default branch alone (trust.md T15).
void examine_key(const Job& job, const std::vector<KeyPlace>& places, Findings& findings);
// The App may do what the pipeline's stages ask of it and nothing else. Its number, where this token is shown it.
std::optional<std::int64_t> examine_app(const Job& job, Findings& findings);
// The registry of every chart answers.
void examine_destinations(const Job& job, Findings& findings);
// Behind every statement of each chart's highest `versions` releases stands a run of the workflow that signed it, at
// that time, that ended well or was made up for (trust.md T28).
void audit_releases(const Job& job, std::size_t versions, Findings& findings);

}  // namespace waybill::stages
