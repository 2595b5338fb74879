#include "testing/git_fixture.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "core/base/process.h"

namespace waybill::testing {
namespace {

constexpr std::string_view kPerson = "Ada Example <ada@example.org>";

// In memory where there is such a folder: disks are slow at many small files that come and go.
std::filesystem::path quick_folder() {
  const std::filesystem::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

std::string counted(std::string_view bytes) {
  return fmt::format("data {}\n{}\n", bytes.size(), bytes);
}

std::string escaped(std::string_view path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text + "\"";
}

std::string written(const Files& files) {
  std::string text;
  for (const auto& [path, file] : files)
    text += file.mode == "160000" ? fmt::format("M 160000 {} {}\n", file.content, escaped(path))
                                  : fmt::format("M {} inline {}\n{}", file.mode, escaped(path), counted(file.content));
  return text;
}

std::string merged(const std::vector<Oid>& parents) {
  std::string text;
  for (const Oid& parent : parents) text += fmt::format("{} {}\n", text.empty() ? "from" : "merge", parent.hex());
  return text;
}

std::string full(std::string_view branch) {
  return branch.starts_with("refs/") ? std::string(branch) : "refs/heads/" + std::string(branch);
}

}  // namespace

File executable(std::string content) {
  return {"100755", std::move(content)};
}

File link_to(std::string target) {
  return {"120000", std::move(target)};
}

File submodule(const Oid& commit) {
  return {"160000", commit.hex()};
}

GitFixture::GitFixture() : folder_(quick_folder()) {
  std::filesystem::create_directories(path());
  git({"init", "--quiet", "--bare", "--initial-branch=main", "--template="});
}

std::string GitFixture::git(const std::vector<std::string>& arguments, const std::string& input) const {
  Command command{{"git"}, {}, path(), input};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                         {"HOME", folder_.path().string()},
                         {"GIT_CONFIG_NOSYSTEM", "1"},
                         {"GIT_AUTHOR_NAME", "Ada Example"},
                         {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                         {"GIT_AUTHOR_DATE", std::to_string(now_) + " +0000"},
                         {"GIT_COMMITTER_NAME", "Ada Example"},
                         {"GIT_COMMITTER_EMAIL", "ada@example.org"},
                         {"GIT_COMMITTER_DATE", std::to_string(now_) + " +0000"}};
  Exit exit = run(command);
  BOOST_REQUIRE_MESSAGE(exit.code == 0, "git " << arguments.front() << ": " << exit.errors);
  if (exit.output.ends_with('\n')) exit.output.pop_back();
  return exit.output;
}

std::string GitFixture::next_date() {
  return fmt::format("{} +0000", now_ += 60);
}

// Reading and writing the file of a reference saves a process each.
std::optional<Oid> GitFixture::present(const std::string& reference) const {
  if (std::filesystem::exists(path() / reference)) {
    const std::string content = read_file(path() / reference, 1000);
    if (!content.starts_with("ref:")) return Oid::parse(content.substr(0, 40));
  } else if (!std::filesystem::exists(path() / "packed-refs")) {
    return std::nullopt;
  }
  const std::string id = git({"for-each-ref", "--format=%(objectname)", reference});
  return id.empty() ? std::nullopt : std::optional<Oid>(Oid::parse(id));
}

Oid GitFixture::import(const std::string& reference, const std::string& stream) {
  git({"fast-import", "--quiet", "--force", "--date-format=raw"}, stream);
  return tip(reference);
}

Oid GitFixture::commit(std::string_view branch, const Files& files, std::string_view message) {
  const std::optional<Oid> tip = present(full(branch));
  return commit(branch, files, message, tip ? std::vector<Oid>{*tip} : std::vector<Oid>());
}

Oid GitFixture::commit(std::string_view branch, const Files& files, std::string_view message,
                       const std::vector<Oid>& parents) {
  const std::string start = parents.empty() ? "reset " + full(branch) + "\n\n" : "";
  return import(full(branch), fmt::format("{}commit {}\ncommitter {} {}\n{}{}deleteall\n{}\n", start, full(branch),
                                          kPerson, next_date(), counted(message), merged(parents), written(files)));
}

Oid GitFixture::change(std::string_view branch, const Files& changed, std::string_view message,
                       const std::vector<std::string>& removed) {
  std::string gone;
  for (const std::string& path : removed) gone += "D " + escaped(path) + "\n";
  return import(full(branch), fmt::format("commit {}\ncommitter {} {}\n{}{}{}{}\n", full(branch), kPerson, next_date(),
                                          counted(message), merged({tip(branch)}), gone, written(changed)));
}

Oid GitFixture::merge(std::string_view branch, const Oid& other, const Files& files, std::string_view message) {
  return commit(branch, files, message, {tip(branch), other});
}

Oid GitFixture::tag(std::string_view name, const Oid& target) {
  set("refs/tags/" + std::string(name), target);
  return target;
}

Oid GitFixture::tag(std::string_view name, const Oid& target, std::string_view message) {
  return import("refs/tags/" + std::string(name), fmt::format("tag {}\nfrom {}\ntagger {} {}\n{}", name, target.hex(),
                                                              kPerson, next_date(), counted(message)));
}

void GitFixture::set(std::string_view reference, const Oid& id) {
  const std::filesystem::path file = path() / reference;
  std::filesystem::create_directories(file.parent_path());
  write_file(file, id.hex() + "\n");
}

Oid GitFixture::tip(std::string_view branch) const {
  const std::optional<Oid> id = present(full(branch));
  BOOST_REQUIRE_MESSAGE(id, branch << " does not exist");
  return *id;
}

}  // namespace waybill::testing
