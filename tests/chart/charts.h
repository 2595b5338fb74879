#pragma once

#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/chart/chart.h"

namespace waybill::testing {

// A chart's files from literal texts.
chart::Subtree subtree(const std::map<std::string, std::string>& files);
// A small chart that lints and renders: Chart.yaml with this name and version, values, one template, helpers, notes.
chart::Subtree small_chart(const std::string& name, const std::string& version = "1.2.3");
// A .tgz of a sub-chart as `helm package` makes one would be named.
std::string packed(const chart::Subtree& chart);

// The real helm; the test fails where there is none.
std::filesystem::path helm();
// Runs a program in a folder and gives back what it printed; the test fails when the program does.
std::string printed(const std::vector<std::string>& arguments, const std::filesystem::path& folder);
// Writes the files below a folder.
void write_files(const chart::Subtree& files, const std::filesystem::path& folder);

// Whether the error's text has the words; shows both otherwise.
bool says(const std::exception& error, std::string_view words);

}  // namespace waybill::testing
