#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/json.h"
#include "core/base/oid.h"

// GitHub's REST objects, cut to what waybill reads. Names as in the API description.
namespace waybill::forge {

struct RepositoryInfo {
  std::int64_t id = 0;
  std::string full_name;
  std::int64_t owner_id = 0;
  std::string owner_type;  // User, Organization
  std::string default_branch;
  std::string visibility;  // public, private, internal
};

struct PullRequest {
  std::int64_t number = 0;
  std::string title;
  std::string body;
  std::string state;  // open, closed
  bool merged = false;
  std::optional<Oid> merge_commit;
  std::string head_ref;
  std::string head_repository;  // full name; empty when it was deleted
  Oid head;
  std::string base_ref;
  Oid base;
  std::string author;     // login, `<slug>[bot]` for an App
  std::string merged_by;  // login, empty when not merged
  std::string url;        // html_url
};

// What somebody said of a pull request at one commit.
struct Review {
  std::string author;      // login, empty when the account is gone
  bool by_person = false;  // no App
  std::string state;       // APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING
  std::optional<Oid> commit;
};

struct CheckRun {
  std::int64_t id = 0;
  std::string name;
  std::string head_sha;
  std::string conclusion;  // empty while running
  std::string external_id;
  std::string app;  // slug
};

struct Asset {
  std::int64_t id = 0;
  std::string name;
  std::string state;  // uploaded, open, starter
  std::int64_t size = 0;
  std::string digest;  // sha256:…, empty on older servers
  std::string url;     // API address; with Accept octet-stream gives the bytes
};

struct Release {
  std::int64_t id = 0;
  std::string tag;
  std::string name;
  std::string body;
  bool draft = false;
  bool prerelease = false;
  std::string upload_url;
  std::string url;  // html_url
  std::vector<Asset> assets;
};

struct Deployment {
  std::int64_t id = 0;
  Oid sha;
  std::string environment;
  Json payload;
};

struct TreeEntry {
  std::string path;
  std::string mode;                    // 100644, 100755, 040000, 120000
  std::string type;                    // blob, tree
  std::optional<Oid> id;               // an existing object; absent with content absent = remove the path
  std::optional<std::string> content;  // UTF-8 text of a new blob
};

struct Ruleset {
  std::int64_t id = 0;
  std::string name;
  Json body;  // as the forge tells it; `bypass_actors` only to those who may change it
};

struct WorkflowRun {
  std::int64_t id = 0;
  std::string status;  // queued, in_progress, waiting, requested, pending, completed
  std::string url;     // html_url
};

}  // namespace waybill::forge
