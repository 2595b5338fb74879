#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/chart/chart.h"
#include "core/chart/package.h"
#include "core/chart/version.h"

namespace waybill::chart {

struct CheckResult {
  bool passed = false;
  std::string command;  // what reproduces it locally: helm lint --strict charts/nginx
  std::string output;   // at most 64 KiB
};

// The real helm, run on extracted bytes in a child with an empty environment, a fresh HOME, no plugins, limits on time,
// memory and output (trust.md T20).
class Helm {
 public:
  // A program's path, a folder that holds `helm`, or a name (empty = helm) to find in /usr/local/bin, /usr/bin and
  // /bin: the environment is not read. Fault::kInput with where to get it when there is none.
  explicit Helm(std::filesystem::path program = {});

  CheckResult lint(const Subtree& subtree, std::string_view chart_path) const;  // helm lint --strict
  CheckResult render(const Subtree& subtree, std::string_view chart_path,
                     std::string_view kubernetes) const;  // helm template --kube-version
  CheckResult lint(const Package& package) const;
  CheckResult render(const Package& package, std::string_view kubernetes) const;
  // All of what `helm template` prints, up to 32 MiB; Fault::kInput when it fails; empty for a library chart.
  std::string manifests(const Package& package, std::string_view kubernetes) const;
  std::string version() const;  // "v3.22.0"

 private:
  std::filesystem::path program_;
};

// Library charts cannot be rendered: render() of one passes by saying so in its output. Running out of time, memory or
// output fails the check. A schema that points out of its document is Fault::kInput before helm starts.

}  // namespace waybill::chart
