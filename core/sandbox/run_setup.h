#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/base/json.h"

namespace waybill::sandbox {

class Traffic;

// What the runner needs from the forge around it.
struct RunnerSetup {
  using Settings = std::map<std::string, std::string>;

  std::filesystem::path state;
  std::filesystem::path waybill;  // the binary that every stage's entrypoint is
  std::filesystem::path actions;  // the folder with <stage>/action.yml
  std::string base_url;
  std::function<std::filesystem::path(const std::string& repository)> git_folder;
  std::function<std::string(const std::string& repository)> default_branch;
  std::function<Json(const std::string& repository)> repository_json;  // as in webhooks
  // By repository and environment ("" = the repository's own alone).
  std::function<Settings(const std::string&, const std::string&)> secrets;
  std::function<Settings(const std::string&, const std::string&)> variables;
  // Whether events start this workflow file, what its jobs may do where it does not say so, and whether an environment
  // is for this reference. Absent: yes, nothing, yes.
  std::function<bool(const std::string& repository, const std::string& workflow)> is_active = {};
  std::function<Settings(const std::string& repository)> usual_permissions = {};
  std::function<bool(const std::string& repository, const std::string& environment, const std::string& ref)> admits =
      {};
  Traffic* traffic = nullptr;        // who is told which run is under way
  std::string path{};                // PATH of the steps, what the image would hold; empty = this process's
  std::filesystem::path executor{};  // who runs the jobs in place of the sandbox (run_executor.h); empty = nobody
};

}  // namespace waybill::sandbox
