#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runner/runner.h"

namespace waybill::runner {
namespace {

constexpr std::size_t kMostEvent = 25 * 1024 * 1024;

std::string value(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// A text somewhere below; empty when there is none.
std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer at(pointer);
  return json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : std::string();
}

std::string short_name(std::string_view ref) {
  constexpr std::string_view kBranches = "refs/heads/";
  return std::string(ref.starts_with(kBranches) ? ref.substr(kBranches.size()) : ref);
}

// Takes values and remembers which were missing, so that all are named at once.
class Needs {
 public:
  explicit Needs(const Environment& environment) : environment_(environment) {}

  std::string operator()(const std::string& name) {
    std::string text = value(environment_, name);
    if (text.empty()) missing_ += (missing_.empty() ? "" : ", ") + name;
    return text;
  }

  void require() const {
    if (!missing_.empty())
      throw Error(Fault::kInput, "the runner's environment lacks {}", missing_)
          .hint("start waybill as an action of a workflow, or set these variables");
  }

 private:
  const Environment& environment_;
  std::string missing_;
};

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos)
      environment.try_emplace(std::string(text.substr(0, equals)), text.substr(equals + 1));
  }
  return environment;
}

bool is_action(const Environment& environment) {
  return value(environment, "GITHUB_ACTIONS") == "true";
}

std::string Context::run_url() const {
  return server_url + "/" + repository + "/actions/runs/" + run_id + "/attempts/" + run_attempt;
}

Occasion Context::occasion() const {
  const Json::json_pointer number("/pull_request/number");
  if (event.contains(number) && event.at(number).is_number_integer())
    return {event.at(number).get<std::int64_t>(), text_at(event, "/pull_request/base/ref"),
            text_at(event, "/pull_request/base/sha"), text_at(event, "/pull_request/head/sha")};
  std::string before = text_at(event, "/before");
  if (before.find_first_not_of('0') == std::string::npos) before.clear();  // a new branch
  return {0, short_name(ref), std::move(before), sha};
}

Context read_context(const Environment& environment) {
  Needs needs(environment);
  Context context;
  context.repository = needs("GITHUB_REPOSITORY");
  context.repository_id = needs("GITHUB_REPOSITORY_ID");
  context.owner_id = needs("GITHUB_REPOSITORY_OWNER_ID");
  context.ref = needs("GITHUB_REF");
  context.sha = needs("GITHUB_SHA");
  context.workflow_ref = needs("GITHUB_WORKFLOW_REF");
  context.workflow_sha = needs("GITHUB_WORKFLOW_SHA");
  context.event_name = needs("GITHUB_EVENT_NAME");
  context.run_id = needs("GITHUB_RUN_ID");
  context.run_attempt = needs("GITHUB_RUN_ATTEMPT");
  context.actor = needs("GITHUB_ACTOR");
  context.api_url = needs("GITHUB_API_URL");
  context.server_url = needs("GITHUB_SERVER_URL");
  context.workspace = needs("GITHUB_WORKSPACE");
  const std::string event = needs("GITHUB_EVENT_PATH");
  needs.require();
  context.event = parse_json(read_file(event, kMostEvent), "the event's payload", {.bytes = kMostEvent});
  if (!context.event.is_object())
    throw Error(Fault::kInput, "the event's payload is {}, not an object", context.event.type_name());
  return context;
}

std::optional<std::string> input(const Environment& environment, std::string_view name) {
  std::string variable = "INPUT_";
  for (const char c : name) variable += c == ' ' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string text = value(environment, variable);
  const std::string_view content = trimmed(text);
  return content.empty() ? std::nullopt : std::optional(std::string(content));
}

std::vector<std::string> input_names(const Environment& environment) {
  constexpr std::string_view kPrefix = "INPUT_";
  std::vector<std::string> names;
  for (const auto& [variable, text] : environment) {
    if (!variable.starts_with(kPrefix) || trimmed(text).empty()) continue;
    std::string name = variable.substr(kPrefix.size());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace waybill::runner
