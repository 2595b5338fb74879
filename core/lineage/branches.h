#pragma once

#include <string>
#include <vector>

#include "core/lineage/pipeline.h"
#include "core/lineage/policy.h"

namespace waybill::lineage {

// Why branches cannot be named like this, each with the line to write: a pattern that gives two charts or two commits
// one name, a mark that means nothing where it stands, a name that git refuses, and patterns of which two can come to
// one name or to a name below the other's (git keeps a reference as a file: none may be a folder of another). Branches
// that a pipeline has not are not looked at.
std::vector<std::string> branch_findings(const Branches& branches, const std::string& default_branch,
                                         Pipeline pipeline = Pipeline::kFull);

}  // namespace waybill::lineage
