#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/oid.h"
#include "core/sandbox/forge.h"

namespace waybill::sandbox {

// A pull request as it is stored. Empty texts are GitHub's nulls.
struct PullRequest {
  std::string repository;
  long number = 0;
  long id = 0;
  std::string title;
  std::optional<std::string> body;
  bool open = true;
  bool draft = false;
  bool maintainer_can_modify = false;
  std::string author;
  std::string head_repository;
  std::string head_ref;
  std::string head_sha;
  std::string base_ref;
  std::string
      base_sha;  // the base's tip when the head last moved, or when it was merged; GitHub does not follow the base
  std::string created_at;
  std::string updated_at;
  std::string closed_at;
  std::string merged_at;
  std::string merged_by;
  std::string merge_commit;

  // What is known of merging `tested_head` into `tested_base`.
  std::string tested_base;
  std::string tested_head;
  std::string test_merge;  // empty: conflicts
  long commits = 0;
  long additions = 0;
  long deletions = 0;
  long changed_files = 0;

  std::string head_label() const;  // OWNER:branch
};

std::optional<PullRequest> find_pull_request(const Forge& forge, const std::string& repository, long number);
std::vector<PullRequest> pull_requests_of(const Forge& forge, const std::string& repository);  // by number
void save(Forge& forge, const PullRequest& pull_request);

// Brings the head's commit here as refs/pull/N/head, and for an open one tries the merge anew if base or head moved,
// keeping the result as refs/pull/N/merge.
void follow_head(Forge& forge, const PullRequest& pull_request);
void try_merge(Forge& forge, PullRequest& pull_request);

// The commit that base and head have in common, by the base that counts: its tip, or what it was when merged.
std::optional<Oid> common_ancestor(const Forge& forge, const PullRequest& pull_request);

Json render_simple(Forge& forge, const PullRequest& pull_request, const std::string& base_url);  // pull-request-simple
Json render_full(Forge& forge, PullRequest& pull_request, const std::string& base_url);          // pull-request

// Emits `pull_request` (unless it conflicts: there is no merge commit to run on) and `pull_request_target`. `extra`
// goes into the payload.
void emit_pull_request(Forge& forge, PullRequest& pull_request, const std::string& action, const Token& by,
                       const std::string& base_url, const Json& extra = Json::object());

}  // namespace waybill::sandbox
