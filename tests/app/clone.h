#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/lineage/policy.h"
#include "core/runner/runner.h"
#include "testing/scripted_http.h"

namespace waybill::app {

// A clone of a repository that the forge calls octo/charts, for `waybill init` to look at.
class Clone {
 public:
  // What `git clone` takes, with more of its options.
  explicit Clone(const std::string& origin, const std::vector<std::string>& options = {});

  bool asks = true;                      // one request to the forge is expected of each call
  bool is_known = true;                  // the forge has such a repository
  testing::Matches matches = nullptr;    // of that request
  runner::Environment environment = {};  // of the process
  std::string report;                    // what the last call printed, whether it failed or not

  // What `waybill init ARGUMENTS… FOLDER` prints.
  std::string init(std::vector<std::string> arguments = {});

  std::filesystem::path path() const { return folder_.path() / "clone"; }
  std::string text(const std::string& file) const;
  void put(const std::string& file, const std::string& content) const;
  lineage::Policy policy() const;
  std::map<std::string, std::string> files() const;  // of the work tree
  // Fails the test when actionlint finds something in a workflow.
  void lint() const;

 private:
  TemporaryFolder folder_;
};

}  // namespace waybill::app
