// What actions/checkout does, by the real git over the sandbox's own HTTP.

#include <optional>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/git/repository.h"
#include "core/sandbox/run_job.h"

namespace waybill::sandbox {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kEverything = "0";

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where the action leaves a fetched ref.
std::string tracking(const std::string& ref) {
  if (ref.starts_with(kBranches)) return "refs/remotes/origin/" + ref.substr(kBranches.size());
  if (ref.starts_with("refs/pull/")) return "refs/remotes/" + ref.substr(5);
  return ref;
}

bool has(const std::filesystem::path& repository, const std::string& commit) {
  return git::Repository::open(repository).find_commit(commit).has_value();
}

}  // namespace

int JobExecution::git(const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = {"git", "-c", "advice.detachedHead=false", "-c", "gc.auto=0"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {
      {"PATH", path_},
      {"HOME", (temporary_ / "_github_home").string()},
      {"LC_ALL", "C"},
      {"GIT_TERMINAL_PROMPT", "0"},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"GIT_CONFIG_GLOBAL", "/dev/null"},
      {"GIT_CONFIG_COUNT", "1"},
      {"GIT_CONFIG_KEY_0", "http.extraHeader"},
      {"GIT_CONFIG_VALUE_0", "Authorization: Basic " + to_base64("x-access-token:" + grant_.token())}};
  command.folder = workspace_;
  command.timeout = time_left();
  const Exit done = execute(command);
  const std::size_t fatal = done.errors.rfind("fatal: ");
  if (done.code != 0 && fatal != std::string::npos)
    outcome_.reason =
        grant_.redacted("actions/checkout: " + done.errors.substr(fatal, done.errors.find('\n', fatal) - fatal));
  return done.code;
}

int JobExecution::checkout(const WorkflowStep& step) {
  const auto contents = run_.permissions.find("contents");
  if (contents == run_.permissions.end())
    throw Error(Fault::kPermission, "actions/checkout: the job's token lacks `contents: read`");
  const auto input = [&](const std::string& name) {
    const auto given = step.with.find(name);
    return given == step.with.end() ? std::string() : evaluated(given->second);
  };
  std::string ref = input("ref");
  std::string depth = input("fetch-depth");
  if (depth.empty()) depth = "1";
  std::string commit = is_commit(ref) ? ref : ref.empty() || ref == run_.ref ? run_.sha : std::string();
  if (ref.empty()) ref = run_.ref;
  if (!is_commit(ref) && !ref.starts_with("refs/")) {
    const auto repository = git::Repository::open(setup_.git_folder(run_.repository));
    ref = std::string(repository.find_commit(std::string(kBranches) + ref) ? kBranches : kTags) + ref;
  }
  int failed = git({"init", "--quiet", "--template=", "--initial-branch=main", "."});
  failed = failed != 0 ? failed : git({"remote", "add", "origin", setup_.base_url + "/" + run_.repository + ".git"});
  const bool everything = depth == kEverything;
  if (everything && failed == 0)
    failed = git({"fetch", "--quiet", "--prune", "--no-recurse-submodules", "origin",
                  "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"});
  const std::string wanted = commit.empty() ? ref : commit;
  const std::string place = is_commit(ref) ? std::string() : ":" + tracking(ref);
  if (failed == 0 && !(everything && !commit.empty() && has(workspace_, commit))) {
    // A commit that no branch holds any more, or the one commit of a shallow checkout.
    std::vector<std::string> fetch = {"fetch", "--quiet", "--no-recurse-submodules"};
    if (!everything) fetch.insert(fetch.end(), {"--no-tags", "--depth=" + depth});
    fetch.insert(fetch.end(), {"origin", (place.empty() ? "" : "+") + wanted + place});
    failed = git(fetch);
  }
  if (failed != 0) return failed;
  if (commit.empty()) commit = tracking(ref) + "^{commit}";
  return git({"checkout", "--quiet", "--force", "--detach", commit});
}

}  // namespace waybill::sandbox
