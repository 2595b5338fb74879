#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/json.h"

namespace waybill::sandbox {

class Traffic;

// What the runner needs from the forge around it.
struct RunnerSetup {
  std::filesystem::path state;
  std::filesystem::path waybill;  // the binary that every stage's entrypoint is
  std::filesystem::path actions;  // the folder with <stage>/action.yml
  std::string base_url;
  std::function<std::filesystem::path(const std::string& repository)> git_folder;
  std::function<std::string(const std::string& repository)> default_branch;
  std::function<Json(const std::string& repository)> repository_json;  // as in webhooks
  // By repository, environment ("" = the repository's own) and name.
  std::function<std::optional<std::string>(const std::string&, const std::string&, const std::string&)> secret;
  std::function<std::optional<std::string>(const std::string&, const std::string&, const std::string&)> variable;
  Traffic* traffic = nullptr;  // who is told which run is under way
  std::string path{};          // PATH of the steps, what the image would hold; empty = this process's
};

}  // namespace waybill::sandbox
