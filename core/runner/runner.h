#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/log.h"
#include "core/http/client.h"

// The runner's protocol: environment in, file commands and workflow commands out.
namespace waybill::runner {

using Environment = std::map<std::string, std::string>;

Environment process_environment();

// Whether a GitHub runner started this process (GITHUB_ACTIONS=true).
bool is_action(const Environment& environment);

// What the event that started a run says it is about, as it was then (trust.md T3). Of a push: the branch (a tag by its
// whole name), the commit before and the commit. Of other events: the ref they ran on and its commit.
struct Occasion {
  std::int64_t pull_request = 0;  // 0 = none
  std::string base_ref = {};
  std::string base = {};  // commit; empty when there was none
  std::string head = {};  // commit
};

// What the runner says about the run. All members as text; missing ones are listed in one error (Fault::kInput).
struct Context {
  std::string repository;  // OWNER/NAME
  std::string repository_id;
  std::string owner_id;
  std::string ref;
  std::string sha;
  std::string workflow_ref;  // OWNER/NAME/.github/workflows/x.yml@refs/heads/main
  std::string workflow_sha;
  std::string event_name;
  std::string run_id;
  std::string run_attempt;
  std::string actor;
  std::string api_url;
  std::string server_url;
  std::filesystem::path workspace;
  Json event;  // the payload, at most 25 MiB

  // "<server>/<repository>/actions/runs/<id>/attempts/<n>"
  std::string run_url() const;
  Occasion occasion() const;
};
Context read_context(const Environment& environment);

// The value of an action's input (INPUT_<NAME>, spaces as _, hyphens kept), trimmed; empty = nothing.
std::optional<std::string> input(const Environment& environment, std::string_view name);

// Names of the inputs that are not empty, as an action declares them: lower case, hyphens as they came.
std::vector<std::string> input_names(const Environment& environment);

// Text by others, as a runner that reads it line by line takes no command from it: `::` begins no line, `##[` is
// nowhere.
std::string harmless(std::string_view text);

// GITHUB_OUTPUT, GITHUB_STEP_SUMMARY and workflow commands; no other file of the runner's is written. Missing files are
// tolerated. Heredocs with 128 random bits. An output that holds a hidden secret is Fault::kInternal.
//
// For a runner, commands are switched off from here on (`::stop-commands::` and 128 random bits) and on again for each
// command of these members alone: no line that anything else prints is ever one. Outside a runner commands become plain
// lines.
class Commands {
 public:
  Commands(const Environment& environment, Log& log);
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  void output(std::string_view name, std::string_view value);
  void summary(std::string_view markdown);  // kept under 1,000,000 bytes
  void mask(std::string_view secret);       // also hides it in the log
  void group(std::string_view title);
  void end_group();
  // An annotation. The runner keeps 10 of a kind and 4,096 bytes of each; what it would drop goes to the summary.
  void error(std::string_view text, std::string_view title);
  void notice(std::string_view text);

 private:
  void command(std::string_view line);
  void annotate(std::string_view head, std::string_view text, std::size_t& count);

  std::filesystem::path output_;
  std::filesystem::path summary_;
  std::string token_;  // empty outside a runner
  std::size_t summary_size_ = 0;
  std::size_t errors_ = 0;
  std::size_t notices_ = 0;
  Log& log_;
};

// Identity tokens of the run. Fault::kPermission with the YAML to add when the job has no `id-token: write`.
class IdentityTokens {
 public:
  IdentityTokens(http::Client& http, const Environment& environment, Commands& commands);
  // A fresh token for one audience; masked before it is returned.
  std::string fetch(std::string_view audience) const;
  bool available() const { return !url_.empty(); }

 private:
  http::Client& http_;
  Commands& commands_;
  std::string url_;
  std::string request_token_;
};

// Gives up root for the owner of `workspace` (groups, gid, uid); nothing when not root or when root owns it. In every
// case other processes can no longer read this one's memory (trust.md T20).
void drop_privileges(const std::filesystem::path& workspace);

}  // namespace waybill::runner
