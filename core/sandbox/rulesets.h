#pragma once

#include <optional>
#include <string>

#include "core/sandbox/api.h"
#include "core/sandbox/pull_request.h"

namespace waybill::sandbox {

// What the repository's active rulesets say against it, in GitHub's words; nothing when it may be.

// A reference that is made, moved or deleted with a token, not by merging.
std::optional<std::string> against_change(const Forge& forge, const std::string& repository, const RefChange& change,
                                          const Token& by);
// A pull request that is merged by a method.
std::optional<std::string> against_merge(const Forge& forge, const PullRequest& pull_request, const std::string& method,
                                         const Token& by);

// Whether approvals of a pull request's earlier commits count no longer.
bool dismisses_stale_reviews(const Forge& forge, const PullRequest& pull_request);

// How the merge queue of a branch merges: merge, squash; nothing where there is no queue.
std::optional<std::string> queue_method(const Forge& forge, const std::string& repository, const std::string& branch);
// What the checks that a branch requires say of a commit: every one passed, one failed, or nothing yet.
std::optional<bool> required_checks(const Forge& forge, const std::string& repository, const std::string& branch,
                                    const std::string& commit);

}  // namespace waybill::sandbox
