#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/adopt/files.h"
#include "core/adopt/forge_facts.h"
#include "core/adopt/survey.h"
#include "core/lineage/policy.h"

namespace waybill::adopt {

// Everything that was found, with the policy that follows from it or lay there.
struct Findings {
  std::filesystem::path folder;
  std::string repository;
  std::string token_kind;
  ForgeFacts forge;
  Survey survey;
  lineage::Policy policy;
  std::string to_fill_in;  // lines that the policy still lacks
  std::vector<ProposedFile> files;
};

// The findings for people: repository, charts, tags, other tools that release, files, what is left to fill in.
std::string report(const Findings& findings);

}  // namespace waybill::adopt
