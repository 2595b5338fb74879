#include "core/chart/plan_charts.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/chart/folders.h"
#include "core/chart/shipped_names.h"
#include "core/chart/values_break.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kFileLimit = 1024 * 1024;
constexpr std::string_view kBeside = "file://";

Metadata metadata_at(const git::Repository& repository, const Oid& commit, const std::string& chart) {
  const std::string file = path_in(chart, "Chart.yaml");
  const auto text = repository.file(commit, file, kFileLimit);
  if (!text) throw Error(Fault::kInput, "{} is missing, or a link", file);
  return read_metadata(*text, file);
}

// The files of a chart that say what users may set.
Subtree values_at(const git::Repository& repository, const Oid& commit, const std::string& chart) {
  Subtree values;
  for (const char* name : {"values.yaml", "values.schema.json"})
    if (auto text = repository.file(commit, path_in(chart, name), kFileLimit))
      values.emplace(name, File{git::Mode::kFile, std::move(*text)});
  return values;
}

// What was released may be older than what waybill accepts today; nothing is compared with it then.
std::optional<Metadata> released_metadata(const git::Repository& repository, const ChartPlan& plan) {
  try {
    if (plan.last) return metadata_at(repository, plan.last->tag.target, plan.path);
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
  }
  return std::nullopt;
}

class Planner {
 public:
  Planner(const git::Repository& repository, const Oid& tip, const std::vector<git::Tag>& tags,
          std::vector<ChartHistory> histories, const lineage::VersionRules& rules)
      : repository_(repository), tip_(tip), tags_(tags), histories_(std::move(histories)), rules_(rules) {
    for (const ChartHistory& history : histories_) {
      names_.push_back(history.name);
      metadata_.emplace(history.path, metadata_at(repository, tip, history.path));
    }
  }

  ChartPlans all() {
    for (const ChartHistory& history : histories_) visit(history);
    return std::move(plans_);
  }

 private:
  // Those that a chart holds come first.
  void visit(const ChartHistory& history) {
    if (done_.contains(history.path)) return;
    if (std::ranges::find(open_, history.path) != open_.end())
      throw Error(Fault::kInput, "charts hold one another: {} → {}", fmt::join(open_, " → "), history.path)
          .hint("take one of these out of `dependencies`: what both need is a third, a library chart");
    open_.push_back(history.path);
    for (const ChartHistory* held : held_by(history)) visit(*held);
    open_.pop_back();
    done_.insert(history.path);
    try {
      plans_.charts.push_back(plan(history));
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      const std::string& hint = error.hint();
      plans_.faults.push_back(hint.empty() ? error.what() : fmt::format("{}\n  try: {}", error.what(), hint));
    }
  }

  std::vector<const ChartHistory*> held_by(const ChartHistory& history) const {
    std::vector<const ChartHistory*> held;
    for (const Dependency& dependency : metadata_.at(history.path).dependencies) {
      if (!dependency.repository.starts_with(kBeside)) continue;
      const std::filesystem::path folder(dependency.repository.substr(kBeside.size()));
      const std::string path = (std::filesystem::path(history.path) / folder / "").lexically_normal().parent_path();
      const auto found = std::ranges::find(histories_, path, &ChartHistory::path);
      if (found != histories_.end()) held.push_back(&*found);
    }
    return held;
  }

  ChartPlan plan(const ChartHistory& history) const {
    ChartPlan plan{history.path, history.name, std::nullopt, std::nullopt, {}};
    if (history.chapters.size() > 1) plan.last = history.chapters[1].release;
    const std::vector<ReasonedLevel> held = what_it_holds(history, plan);
    const bool unchanged = plan.last && ships_as_released(history, plan.last->tag.target);
    if (unchanged && held.empty()) return plan;
    const Metadata& after = metadata_.at(history.path);
    VersionRequest request{.chart_name = history.name,
                           .chart_path = history.path,
                           .all_chart_names = names_,
                           .rules = rules_,
                           .last = std::nullopt,
                           .before = released_metadata(repository_, plan).value_or(after),
                           .after = after,
                           .first = !plan.last,
                           .reasons = history.chapters.front().commits,
                           .taken = {},
                           .broken_values = {},
                           .any_wish = true};
    if (plan.last) {
      request.last = plan.last->version;
      if (rules_.values_break != lineage::ValuesBreak::kOff)
        request.broken_values = broken_values(values_at(repository_, plan.last->tag.target, plan.path),
                                              values_at(repository_, tip_, plan.path));
    }
    plan.next = plan_version(request);
    require_unused(history.name, plan.next->version);
    if (unchanged) plan.next->reasons.clear();
    std::ranges::copy(held, std::back_inserter(plan.next->reasons));
    return plan;
  }

  bool ships_as_released(const ChartHistory& history, const Oid& released) const {
    const std::string_view folder = history.path == "." ? std::string_view() : history.path;
    const ShippedNames names(repository_, tip_, history.path, inner_charts(history, histories_));
    return !names.differ(repository_.subtree(released, folder), *repository_.subtree(tip_, folder));
  }

  // A version is used once, wherever its tag lies.
  void require_unused(const std::string& name, const Version& version) const {
    for (const ReleaseTag& release : release_tags(tags_, name))
      if (release.version == version)
        throw Error(Fault::kInput, "{} {} was released as `{}` of commit {}, which is not part of this history", name,
                    version.text(), release.tag.name, release.tag.target.shortened());
  }

  // A chart that holds another ships again, by a patch, when the other does.
  std::vector<ReasonedLevel> what_it_holds(const ChartHistory& history, ChartPlan& plan) const {
    std::vector<ReasonedLevel> reasons;
    if (!rules_.dependents) return reasons;
    for (const ChartHistory* held : held_by(history)) {
      const auto planned = std::ranges::find(plans_.charts, held->path, &ChartPlan::path);
      if (planned == plans_.charts.end() || !planned->next) continue;
      plan.after.push_back(planned->name);
      reasons.push_back(
          {Level::kPatch, "", fmt::format("dependency {} {}", planned->name, planned->next->version.text())});
    }
    return reasons;
  }

  const git::Repository& repository_;
  const Oid tip_;
  const std::vector<git::Tag>& tags_;
  const std::vector<ChartHistory> histories_;
  const lineage::VersionRules& rules_;
  std::vector<std::string> names_;
  std::map<std::string, Metadata> metadata_;  // by path
  std::vector<std::string> open_;             // paths, from the outermost holder on
  std::set<std::string> done_;
  ChartPlans plans_;
};

}  // namespace

std::vector<ChartHistory> readable_charts(const git::Repository& repository, const Oid& tip,
                                          const std::vector<std::string>& patterns, std::vector<std::string>& faults) {
  std::vector<ChartHistory> charts;
  for (const std::string& path : chart_paths(repository, tip, patterns)) {
    try {
      const std::string name = metadata_at(repository, tip, path).name;
      const auto other = std::ranges::find(charts, name, &ChartHistory::name);
      if (other != charts.end())
        throw Error(Fault::kInput, "{} and {} are both named `{}`, each chart needs a name of its own", other->path,
                    path, name);
      charts.push_back({path, name, {}});
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      faults.emplace_back(error.what());
    }
  }
  return charts;
}

ChartPlans plan_charts(const git::Repository& repository, const Oid& tip, const std::vector<std::string>& patterns,
                       const lineage::VersionRules& rules) {
  std::vector<std::string> faults;
  std::vector<ChartHistory> charts = readable_charts(repository, tip, patterns, faults);
  const std::vector<git::Tag> tags = repository.tags();
  read_histories(repository, tip, tags, Extent::kSinceLastRelease, charts, rules.commits);
  ChartPlans plans = Planner(repository, tip, tags, std::move(charts), rules).all();
  plans.faults.insert(plans.faults.begin(), faults.begin(), faults.end());
  return plans;
}

}  // namespace waybill::chart
