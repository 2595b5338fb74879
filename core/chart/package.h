#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive/archive.h"
#include "core/chart/chart.h"

namespace waybill::chart {

struct Package {
  std::string name;
  std::string version;
  std::string file_name;  // <name>-<version>.tgz
  std::string bytes;
  Digest digest;   // of the bytes
  Digest content;  // of the canonical tar inside
};

// What ships, in helm's entry order and names, `.helmignore` applied as helm applies it: Chart.yaml, Chart.lock,
// values.yaml, values.schema.json, templates/, other files, then sub-charts by name. Source bytes: Chart.yaml is not
// written anew, and an archive under charts/ stays one (helm unpacks it, in the order of a hash map). Files of a chart
// inside this one but not under charts/ are Fault::kInput, as is everything that helm cannot package. `where` is the
// chart's path, for errors.
std::vector<archive::Member> shipped_files(const Subtree& subtree, std::string_view where);
// Does not ask for dependencies: see require_vendored_dependencies.
Package package(const Subtree& subtree, std::string_view where);
// The canonical files of a package read back safely; the chart's folder name is taken off.
Package read_package(std::string_view bytes);
// The files of a package by path below its one folder, which must be its chart's name.
Subtree package_files(std::string_view bytes);
// Config blob and annotations as `helm push` writes them (struct order of helm's metadata, compact JSON); `source`
// replaces org.opencontainers.image.source.
std::string helm_config(const Subtree& subtree, std::string_view where);
std::map<std::string, std::string> helm_annotations(const Metadata& metadata, std::string_view source,
                                                    std::string_view created);

// What helm takes for the chart's dependencies: those of Chart.yaml, of requirements.yaml where there is one.
std::vector<Dependency> dependencies_of(const Subtree& subtree, std::string_view chart_path);
// True when helm would find every dependency of Chart.yaml inside the package: vendored under charts/ (folder or
// archive). Otherwise Fault::kInput naming the dependency, with `helm dependency update <path>` and `git add` as hint.
void require_vendored_dependencies(const Subtree& subtree, std::string_view chart_path);

}  // namespace waybill::chart
