#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waybill::stages {

// One `uses:` of a workflow file.
struct UsedAction {
  std::string uses;         // as written
  std::string stage;        // the input `stage` of the action that is all stages
  std::string environment;  // of its job; empty = none
  std::string key_secret;   // the secret that it gets as `app-private-key`; empty = none

  // Exactly these bytes: a commit's 40 digits, an image's digest, or the repository's own folder.
  bool is_pinned() const;
  // Whether it is waybill's action of this stage.
  bool runs(std::string_view name) const;
};

// Every action of every job. Fault::kInput for what is no workflow.
std::vector<UsedAction> used_actions(std::string_view text, const std::string& name);

}  // namespace waybill::stages
