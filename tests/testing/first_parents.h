#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/git/repository.h"

namespace waybill::testing {

// What a walk visits: down to `last`, or to the root.
inline std::vector<git::Commit> first_parents(const git::Repository& repository, const Oid& tip,
                                              const std::optional<Oid>& last = std::nullopt,
                                              std::size_t limit = 100'000) {
  std::vector<git::Commit> commits;
  const auto visit = [&](const git::Commit& commit) {
    commits.push_back(commit);
    return commit.id != last;
  };
  repository.walk_first_parents(tip, visit, limit);
  return commits;
}

}  // namespace waybill::testing
