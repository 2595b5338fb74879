#pragma once

#include <initializer_list>
#include <string>

#include "core/chart/chart.h"
#include "testing/git_fixture.h"

namespace waybill::stages {

// The files of a small chart that lints and renders, below charts/<name>/.
testing::Files chart_files(const std::string& name, const std::string& version = "1.2.3");
// The same, charts/<dependency> of this repository being vendored in it.
testing::Files dependent_files(const std::string& name, const std::string& dependency);
// What a release of the chart changes besides the contribution: its version and its changelog.
testing::Files release_files(const std::string& name, const std::string& version);
// charts/web with this image.
testing::Files web_image(const std::string& image);

testing::Files joined(std::initializer_list<testing::Files> parts);
testing::File file_of(git::Mode mode, const std::string& content);
// A subtree's files below a folder.
testing::Files files_of(const chart::Subtree& subtree, const std::string& path);

}  // namespace waybill::stages
