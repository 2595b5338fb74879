#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/stages/job.h"
#include "core/stages/plan.h"

// How the default branch comes back to integration. Git alone would conflict there after every release of a new chart,
// and after every contribution to a line beside the version: both branches got the same contribution from their own
// side, and one of them a version on top. What was shipped is the real common ancestor, and it is known.
namespace waybill::stages {

// Where the contents of released charts came from on integration, by path, as far as no tag says it yet.
using Sources = std::map<std::string, Oid>;

// A merge commit on integration's tip with the default branch's tip as second parent, when both changed a file and it
// is clear what it must say: the default branch's, where integration has what was shipped; integration's, where the
// default branch has what was shipped; and of Chart.yaml integration's, with the default branch's version unless its
// own is higher. Nothing when no file changed on both sides, so that the forge can merge, and when people must decide.
std::optional<EnsureMergeCommit> composed_return(const Job& job, const Oid& integration, const Sources& fresh);

// Whether a commit brings the default branch back and nothing else: it is of that branch, or a merge of it into
// integration in which every file is one of theirs or a Chart.yaml as above.
bool only_brings_back(const Job& job, const Oid& head);

}  // namespace waybill::stages
