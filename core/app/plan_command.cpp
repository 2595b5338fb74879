#include "core/app/plan_command.h"

#include <filesystem>
#include <iostream>

#include "core/app/local_clone.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/chart/changelog.h"
#include "core/chart/plan_charts.h"
#include "core/chart/release_edit.h"

namespace waybill::app {
namespace {

// The day of what would be released from a clone: when its commit was made.
Time date_of(const LocalClone& clone) {
  return clone.git.commit(clone.tip).committer.time;
}

std::string section_of(const LocalClone& clone, const chart::ChartPlan& plan) {
  return plan.next ? chart::changelog_section(*plan.next, date_of(clone)) : "";
}

OrderedJson as_json(const LocalClone& clone, const chart::ChartPlan& plan) {
  OrderedJson json{{"name", plan.name}, {"path", plan.path}, {"last", nullptr}, {"version", nullptr}};
  if (plan.last) json["last"] = {{"tag", plan.last->tag.name}, {"version", plan.last->version.text()}};
  if (!plan.next) return json;
  json["version"] = plan.next->version.text();
  json["level"] = chart::level_name(plan.next->level);
  json["after"] = plan.after;
  json["reasons"] = OrderedJson::array();
  for (const chart::ReasonedLevel& reason : plan.next->reasons)
    json["reasons"].push_back({{"level", chart::level_name(reason.level)},
                               {"subject", printable(reason.subject)},
                               {"why", printable(reason.why)}});
  json["warnings"] = plan.next->warnings;
  json["changelog"] = section_of(clone, plan);
  return json;
}

void print(const LocalClone& clone, const chart::ChartPlan& plan, bool changelog) {
  const std::string last = plan.last ? plan.last->version.text() : "";
  if (!plan.next) {
    std::cout << fmt::format("{} {}: nothing to release\n", plan.name, last);
    return;
  }
  std::cout << fmt::format("{} {}{}\n", plan.name, last.empty() ? "" : last + " → ", plan.next->version.text());
  if (!plan.after.empty()) std::cout << fmt::format("  after {}\n", fmt::join(plan.after, ", "));
  for (const chart::ReasonedLevel& reason : plan.next->reasons)
    std::cout << fmt::format("  {:<6}{}{}{}\n", chart::level_name(reason.level), printable_line(reason.subject),
                             reason.subject.empty() ? "" : ": ", printable_line(reason.why));
  for (const std::string& warning : plan.next->warnings) std::cout << fmt::format("  warning: {}\n", warning);
  if (changelog) std::cout << '\n' << section_of(clone, plan) << '\n';
}

void write(const std::filesystem::path& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path file = folder / (name + ".md");
  write_file(file, text);
  std::cout << file.string() << '\n';
}

}  // namespace

int plan_command(const std::vector<std::string>& arguments) {
  auto all = clone_options("plan-versions", "Plans the next release of each chart from its commits since the last one");
  all.add_options()("changelog", "Print the section of each release too")("json", "Print JSON")(
      "pre-release", "Plan pre-releases of this name, as rc (the policy's `versions.pre-release`)",
      cxxopts::value<std::string>(), "NAME");
  const auto asked = parsed(all, arguments);
  if (!asked) return 0;
  LocalClone clone(*asked);
  if (asked->count("pre-release") > 0)
    clone.rules.pre_release = lineage::pre_release_name((*asked)["pre-release"].as<std::string>(), "--pre-release");
  const chart::ChartPlans plans = chart::plan_charts(clone.git, clone.tip, clone.patterns, clone.rules);
  if (asked->count("json") > 0) {
    OrderedJson charts = OrderedJson::array();
    for (const chart::ChartPlan& plan : plans.charts) charts.push_back(as_json(clone, plan));
    std::cout << OrderedJson{{"charts", charts}, {"faults", plans.faults}}.dump(2) << '\n';
  } else {
    for (const chart::ChartPlan& plan : plans.charts) print(clone, plan, asked->count("changelog") > 0);
  }
  refuse(plans.faults);
  return 0;
}

int changelog_command(const std::vector<std::string>& arguments) {
  auto all = clone_options("changelog", "Tells what each release of a chart brought, from its commits and tags");
  all.positional_help("[CHART]");
  all.add_options()("output", "Folder for one file of each chart; without it the one chart is printed",
                    cxxopts::value<std::string>(), "DIR")("chart", "Name of the chart", cxxopts::value<std::string>());
  all.parse_positional("chart");
  const auto asked = parsed(all, arguments);
  if (!asked) return 0;
  if (asked->count("chart") == 0 && asked->count("output") == 0)
    throw Error(Fault::kInput, "neither a chart nor a folder is named").hint("waybill changelog NAME");
  const LocalClone clone(*asked);
  std::vector<std::string> faults;
  std::vector<chart::ChartHistory> histories = chart::readable_charts(clone.git, clone.tip, clone.patterns, faults);
  std::vector<std::string> names;
  for (const chart::ChartHistory& history : histories) names.push_back(history.name);
  if (asked->count("chart") > 0) {
    const auto name = (*asked)["chart"].as<std::string>();
    std::erase_if(histories, [&](const chart::ChartHistory& history) { return history.name != name; });
    if (histories.empty())
      throw Error(Fault::kInput, "there is no chart named `{}`, there are: {}", name, fmt::join(names, ", "));
    faults.clear();
  }
  chart::read_histories(clone.git, clone.tip, clone.git.tags(), chart::Extent::kWhole, histories, clone.rules.commits);
  for (const chart::ChartHistory& history : histories) {
    const std::string text = chart::whole_changelog(history, names, clone.rules);
    if (asked->count("output") > 0)
      write((*asked)["output"].as<std::string>(), history.name, text);
    else
      std::cout << text;
  }
  refuse(faults);
  return 0;
}

}  // namespace waybill::app
