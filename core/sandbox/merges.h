#pragma once

#include <optional>
#include <string>

#include "core/sandbox/pull_request.h"

namespace waybill::sandbox {

// The message of a merge; what is absent GitHub writes itself.
struct MergeMessage {
  std::optional<std::string> title;
  std::optional<std::string> text;
};

// A commit of the forge's own that brings a pull request to `base` by a method, with this tree.
Oid write_merge(Forge& forge, const PullRequest& pull_request, const Oid& base, const Oid& tree,
                const std::string& method, const MergeMessage& message, const git::Signature& author);

// The base has moved to that commit: what follows from it for the pull request and everything else.
void finish_merge(Forge& forge, PullRequest pull_request, const RefChange& moved, const Token& by,
                  const std::string& base_url);

}  // namespace waybill::sandbox
