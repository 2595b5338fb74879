#include "core/app/policy_command.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <filesystem>
#include <iostream>

#include "core/app/policy_check.h"
#include "core/base/file.h"
#include "core/chart/chart.h"
#include "core/lineage/policy_json.h"

namespace waybill::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPolicyBytes = 256 * 1024;
constexpr const char* kHelp = "waybill policy check [FILE] [--from COMMIT] [--json]";

cxxopts::Options options() {
  cxxopts::Options options("waybill policy check", "Reads a policy as the stages do, and says what it comes to");
  options.positional_help("[FILE]");
  auto add = options.add_options();
  add("from", "Commit, tag or branch of the clone to read it from, with all that it names; by default the work tree",
      cxxopts::value<std::string>()->default_value(""));
  add("json", "Print JSON");
  add("h,help", "Print this");
  add("command", "", cxxopts::value<std::string>());
  add("file", "", cxxopts::value<std::string>()->default_value(std::string(lineage::kPolicyFile)));
  options.parse_positional({"command", "file"});
  return options;
}

// The clone that a policy lies at the root of, as far as there is one.
struct Clone {
  fs::path folder;
  std::optional<git::Repository> git = {};
  std::optional<Oid> commit = {};

  void open() { git.emplace(git::Repository::open(folder)); }
};

std::string text_from(Clone& clone, const std::string& file, const std::string& from) {
  clone.open();
  clone.commit = clone.git->resolve(from);
  if (!clone.commit) throw Error(Fault::kInput, "`{}` is no commit, tag or branch here", from).hint("git fetch --tags");
  const auto text = clone.git->file(*clone.commit, file, kPolicyBytes);
  if (!text)
    throw Error(Fault::kInput, "`{}` has no `{}` at {}", from, file, clone.commit->shortened())
        .hint("waybill init --write");
  return *text;
}

std::string text_of(const fs::path& file) {
  if (!fs::exists(file)) throw Error(Fault::kInput, "there is no `{}`", file.string()).hint("waybill init --write");
  return read_file(file, kPolicyBytes);
}

void refuse(const std::vector<Error>& findings) {
  if (findings.empty()) return;
  std::vector<std::string> texts;
  std::vector<std::string> hints;
  for (const Error& finding : findings) {
    texts.emplace_back(finding.what());
    if (!finding.hint().empty() && std::ranges::find(hints, finding.hint()) == hints.end())
      hints.push_back(finding.hint());
  }
  throw Error(Fault::kInput, "{}", fmt::join(texts, "\n")).hint(fmt::format("{}", fmt::join(hints, "\n")));
}

// Looks at the clone, and says what was looked at.
OrderedJson held_against(const Clone& clone, const lineage::Policy& policy, bool committed, Time now) {
  if (!clone.commit) return {{"held-against", "nothing: it does not lie at the root of a clone with a commit"}};
  const PolicyPlace place = committed ? PolicyPlace::at_commit(*clone.git, *clone.commit)
                                      : PolicyPlace::in_work_tree(*clone.git, *clone.commit, clone.folder);
  refuse(policy_findings(policy, place, now));
  return {
      {"held-against",
       committed ? place.described : fmt::format("{}, charts of commit {}", place.described, place.commit.shortened())},
      {"releases", chart::chart_paths(*clone.git, *clone.commit, policy.charts)}};
}

std::string in_one_line(const OrderedJson& value) {
  if (value.is_string()) return printable_line(value.get<std::string>());
  if (value.is_number()) return value.dump();
  std::string line;
  for (const OrderedJson& item : value) line += (line.empty() ? "" : ", ") + in_one_line(item);
  return line.empty() ? "none" : line;
}

void print(const OrderedJson& mapping, std::size_t indentation) {
  for (const auto& [key, value] : mapping.items()) {
    std::cout << std::string(indentation, ' ') << printable_line(key) << ':';
    if (value.is_object() && !value.empty()) {
      std::cout << '\n';
      print(value, indentation + 2);
    } else {
      std::cout << ' ' << in_one_line(value) << '\n';
    }
  }
}

void check(const fs::path& file, const std::string& from, bool json, Time now) {
  Clone clone{file.has_parent_path() ? file.parent_path() : "."};
  const std::string text = from.empty() ? text_of(file) : text_from(clone, file.filename().string(), from);
  const auto policy = lineage::Policy::parse(text, file.filename().string());
  if (!clone.git && fs::is_directory(clone.folder / ".git")) {
    clone.open();
    clone.commit = clone.git->find_commit("HEAD");
  }
  OrderedJson result = held_against(clone, policy, !from.empty(), now);
  result.update(lineage::policy_json(policy));
  if (json) {
    std::cout << result.dump(2) << '\n';
  } else {
    std::cout << file.filename().string() << " is sound\n";
    print(result, 0);
  }
}

}  // namespace

int policy_command(const std::vector<std::string>& arguments, const Clock& clock) {
  cxxopts::Options all = options();
  std::vector<const char*> argv{"waybill"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    const auto parsed = all.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0 || parsed.count("command") == 0) {
      std::cout << all.help();
      return parsed.count("help") > 0 ? 0 : static_cast<int>(Fault::kInput);
    }
    if (const auto command = parsed["command"].as<std::string>(); command != "check")
      throw Error(Fault::kInput, "`policy` has no command `{}`", command).hint(kHelp);
    check(parsed["file"].as<std::string>(), parsed["from"].as<std::string>(), parsed.count("json") > 0, clock.now());
    return 0;
  } catch (const cxxopts::exceptions::exception& error) {
    throw Error(Fault::kInput, "{}", error.what()).hint(kHelp);
  }
}

}  // namespace waybill::app
