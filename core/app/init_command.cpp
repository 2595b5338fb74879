#include "core/app/init_command.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <iostream>

#include "core/adopt/init.h"
#include "core/base/error.h"

namespace waybill::app {
namespace {

cxxopts::Options options() {
  cxxopts::Options options("waybill init", "Proposes the policy and the workflows that a chart repository needs");
  options.positional_help("FOLDER");
  auto add = options.add_options();
  const auto text = [&add](const char* name, const char* help) { add(name, help, cxxopts::value<std::string>()); };
  text("repository", "OWNER/NAME on the forge; by default what the remote `origin` says");
  text("pipeline", "full or direct; by default direct where there are releases and none by waybill, else full");
  text("registry", "HOST/PATH that charts are published to; by default ghcr.io/OWNER/charts");
  text("app", "Login of the GitHub App: its slug and `[bot]`");
  text("token", "Token to read the repository's ids with; by default GITHUB_TOKEN of the environment");
  text("server-url", "The forge, when it is not https://github.com");
  text("api-url", "The forge's API, when it is not at the usual place");
  text("issuer", "Who issues the identity tokens of its runs, when that is not the usual place");
  text("release", "VERSION@COMMIT of waybill that the workflows run, as v1.2.3@<40 digits>");
  add("write", "Write the files that are not there; none is ever overwritten");
  add("h,help", "Print this");
  add("folder", "", cxxopts::value<std::string>());
  options.parse_positional("folder");
  return options;
}

std::string trimmed_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

adopt::Wish wish(const cxxopts::ParseResult& parsed, const runner::Environment& environment) {
  const auto given = [&parsed](const char* name, const std::string& otherwise = {}) {
    return parsed.count(name) > 0 ? parsed[name].as<std::string>() : otherwise;
  };
  const auto token = environment.find("GITHUB_TOKEN");
  adopt::Wish wish;
  wish.folder = given("folder", ".");
  wish.repository = given("repository");
  if (parsed.count("pipeline") > 0) wish.pipeline = lineage::parse_pipeline(given("pipeline"));
  wish.registry = given("registry");
  wish.app = given("app");
  wish.token = given("token", token == environment.end() ? "" : token->second);
  wish.server = trimmed_slash(given("server-url", wish.server));
  wish.api = trimmed_slash(given("api-url"));
  wish.issuer = given("issuer");
  if (parsed.count("release") > 0) wish.release = adopt::ActionsRelease::parse(given("release"));
  return wish;
}

void write(const adopt::Wish& wish, const std::vector<adopt::ProposedFile>& files) {
  adopt::write_new(wish.folder, files);
  const auto count = [&files](adopt::FileState state) {
    return std::ranges::count(files, state, &adopt::ProposedFile::state);
  };
  std::cout << fmt::format("{} files written, {} were there already\n", count(adopt::FileState::kNew),
                           count(adopt::FileState::kSame) + count(adopt::FileState::kKept));
  std::string differing;
  for (const adopt::ProposedFile& file : files)
    if (file.state == adopt::FileState::kDiffers) differing += "\n  " + file.path;
  if (!differing.empty())
    throw Error(Fault::kConflict, "other files lie where these belong, and were left alone:{}", differing)
        .hint("move them away, run `waybill init --write` again, and compare");
}

}  // namespace

int init_command(const std::vector<std::string>& arguments, const runner::Environment& environment, http::Client& http,
                 const forge::Pause& pause) {
  cxxopts::Options all = options();
  std::vector<const char*> argv{"waybill"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    const auto parsed = all.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0) {
      std::cout << all.help();
      return 0;
    }
    const adopt::Wish wish = app::wish(parsed, environment);
    const adopt::Proposal proposal = adopt::propose(wish, http, pause);
    std::cout << proposal.report;
    if (parsed.count("write") > 0)
      write(wish, proposal.files);
    else
      std::cout << "Nothing is written yet: waybill init --write\n";
    return 0;
  } catch (const cxxopts::exceptions::exception& error) {
    throw Error(Fault::kInput, "{}", error.what()).hint("waybill init --help");
  }
}

}  // namespace waybill::app
