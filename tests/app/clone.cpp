#include "app/clone.h"

#include <boost/test/unit_test.hpp>

#include "core/app/init_command.h"
#include "core/base/process.h"
#include "testing/captured_output.h"
#include "testing/tool.h"

namespace waybill::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kApi = "https://api.github.com/repos/octo/charts";

void execute(const std::vector<std::string>& arguments, const fs::path& folder) {
  const TemporaryFolder home;
  const Exit exit = waybill::run({.arguments = arguments,
                                  .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                                  {"HOME", home.path().string()},
                                                  {"GIT_CONFIG_NOSYSTEM", "1"}},
                                  .folder = folder,
                                  .input = {}});
  BOOST_TEST(exit.code == 0, arguments.front() << ": " << exit.errors << exit.output);
}

http::Response known_repository() {
  return testing::json_answer(200, {{"id", 2002},
                                    {"full_name", "octo/charts"},
                                    {"owner", {{"id", 1001}}},
                                    {"default_branch", "main"},
                                    {"visibility", "public"}});
}

}  // namespace

Clone::Clone(const std::string& origin, const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"git", "clone", "--quiet"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.insert(arguments.end(), {origin, path().string()});
  execute(arguments, "/");
}

std::string Clone::init(std::vector<std::string> arguments) {
  testing::ScriptedHttp http;
  if (asks) http.expect("GET", kApi, is_known ? known_repository() : testing::answer(404), matches);
  arguments.insert(arguments.end(), {"--repository", "octo/charts", path().string()});
  const testing::CapturedOutput capture;
  try {
    init_command(arguments, environment, http, [](std::chrono::milliseconds) {});
  } catch (...) {
    report = capture.text();
    throw;
  }
  return report = capture.text();
}

std::string Clone::text(const std::string& file) const {
  return read_file(path() / file, 1024 * 1024);
}

void Clone::put(const std::string& file, const std::string& content) const {
  fs::create_directories((path() / file).parent_path());
  write_file(path() / file, content);
}

lineage::Policy Clone::policy() const {
  return lineage::Policy::parse(text(".waybill.yml"), ".waybill.yml");
}

std::map<std::string, std::string> Clone::files() const {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(path())) {
    const std::string name = entry.path().lexically_relative(path()).string();
    if (entry.is_regular_file() && !name.starts_with(".git/")) all.emplace(name, read_file(entry.path(), 10'000'000));
  }
  return all;
}

void Clone::lint() const {
  std::vector<std::string> arguments{testing::tool("actionlint").string(), "-no-color"};
  for (const auto& entry : fs::directory_iterator(path() / ".github/workflows"))
    arguments.push_back(entry.path().string());
  execute(arguments, path());
}

}  // namespace waybill::app
