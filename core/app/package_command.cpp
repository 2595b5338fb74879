#include "core/app/package_command.h"

#include <cxxopts.hpp>
#include <filesystem>
#include <iostream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/chart/package.h"
#include "core/git/repository.h"

namespace waybill::app {
namespace {

cxxopts::Options options() {
  cxxopts::Options options("waybill package", "Builds a chart's package from a commit; the same bytes everywhere");
  options.positional_help("CHART");
  options.add_options()("workspace", "The repository", cxxopts::value<std::string>()->default_value("."))(
      "commit", "Commit, tag or branch", cxxopts::value<std::string>()->default_value("HEAD"))(
      "output", "Folder for the package", cxxopts::value<std::string>()->default_value("."))("h,help", "Print this")(
      "chart", "Path of the chart", cxxopts::value<std::string>());
  options.parse_positional("chart");
  return options;
}

}  // namespace

int package_command(const std::vector<std::string>& arguments) {
  cxxopts::Options all = options();
  std::vector<const char*> argv{"waybill"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    const auto parsed = all.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0 || parsed.count("chart") == 0) {
      std::cout << all.help();
      return parsed.count("help") > 0 ? 0 : static_cast<int>(Fault::kInput);
    }
    const auto path = parsed["chart"].as<std::string>();
    const git::Repository repository = git::Repository::open(parsed["workspace"].as<std::string>());
    const auto name = parsed["commit"].as<std::string>();
    const auto commit = repository.resolve(name);
    if (!commit) throw Error(Fault::kInput, "`{}` is no commit, tag or branch here", name).hint("git fetch --tags");
    const auto tree = repository.subtree(*commit, path);
    if (!tree) throw Error(Fault::kInput, "commit {} has no chart at `{}`", commit->shortened(), path);
    const chart::Package package = chart::package(chart::read_subtree(repository, *tree, path), path);
    write_file(std::filesystem::path(parsed["output"].as<std::string>()) / package.file_name, package.bytes);
    std::cout << package.file_name << '\n'
              << package.digest.text() << '\n'
              << "content " << package.content.text() << '\n';
    return 0;
  } catch (const cxxopts::exceptions::exception& error) {
    throw Error(Fault::kInput, "{}", error.what()).hint("waybill package --help");
  }
}

}  // namespace waybill::app
