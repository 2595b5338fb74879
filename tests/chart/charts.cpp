#include "chart/charts.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/chart/package.h"
#include "testing/tool.h"

namespace waybill::testing {

chart::Subtree subtree(const std::map<std::string, std::string>& files) {
  chart::Subtree result;
  for (const auto& [path, content] : files) result.emplace(path, chart::File{git::Mode::kFile, content});
  return result;
}

chart::Subtree small_chart(const std::string& name, const std::string& version) {
  return subtree({{"Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: " + version +
                                     "  # bumped by a release\ndescription: A small chart\nappVersion: \"1.0\"\n"
                                     "icon: https://example.com/icon.svg\n"},
                  {"values.yaml", "image: registry.example/app:1.0\n"},
                  {"templates/_helpers.tpl", "{{- define \"name\" }}{{ .Release.Name }}{{ end }}\n"},
                  {"templates/deployment.yaml",
                   "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ include \"name\" . }}\nspec:\n  containers:\n"
                   "    - name: app\n      image: {{ .Values.image }}\n"},
                  {"README.md", "# " + name + "\n"}});
}

std::string packed(const chart::Subtree& chart) {
  return chart::package(chart, "sub").bytes;
}

std::filesystem::path helm() {
  return tool("helm");
}

std::string printed(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  const TemporaryFolder home;
  const Exit exit = run({.arguments = arguments,
                         .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                         {"HOME", home.path().string()},
                                         {"GIT_CONFIG_NOSYSTEM", "1"}},
                         .folder = folder,
                         .input = {}});
  if (exit.code != 0) BOOST_FAIL(arguments.front() << " " << arguments.at(1) << ": " << exit.errors << exit.output);
  return exit.output;
}

void write_files(const chart::Subtree& files, const std::filesystem::path& folder) {
  for (const auto& [path, file] : files) {
    std::filesystem::create_directories((folder / path).parent_path());
    write_file(folder / path, file.content);
  }
}

bool says(const std::exception& error, std::string_view words) {
  const std::string text = error.what();
  if (text.find(words) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("said: " << text << "\nwanted: " << words);
  return false;
}

}  // namespace waybill::testing
