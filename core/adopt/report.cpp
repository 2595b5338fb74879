#include "core/adopt/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace waybill::adopt {
namespace {

std::string indented(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

std::string repository(const Findings& findings) {
  std::string text = fmt::format("{} in {}, default branch {}\n", findings.repository, findings.folder.string(),
                                 findings.survey.branch);
  if (!findings.token_kind.empty()) text += fmt::format("  read with {}\n", findings.token_kind);
  const auto& known = findings.forge.repository;
  if (!known) return text + fmt::format("  its ids are not known: {}\n", findings.forge.unknown_because);
  text += fmt::format("  repository id {}, owner id {}, {}\n", known->id, known->owner_id, known->visibility);
  if (known->visibility != "public") text += "  attestations of such a repository need GitHub Enterprise Cloud\n";
  return text;
}

std::string chart(const FoundChart& chart) {
  if (!chart.problem.empty()) return fmt::format("{}: cannot be released: {}", chart.path, chart.problem);
  std::string text = fmt::format("{}: {} {}", chart.path, chart.name, chart.version);
  if (chart.tags.empty()) return text + ", no tags";
  return text + fmt::format(", {} tags, newest {}", chart.tags.size(), chart.tags.front().tag.name);
}

std::string charts(const Survey& survey) {
  if (survey.charts.empty())
    return survey.tip ? fmt::format("No charts on {}\n", survey.branch)
                      : fmt::format("No charts: {} has no commit here yet\n", survey.branch);
  std::string text = fmt::format("{} charts\n", survey.charts.size());
  for (const FoundChart& found : survey.charts) text += "  " + chart(found) + "\n";
  for (const std::string& path : survey.excluded)
    text += fmt::format("  {}: excluded by {}: not in `charts`\n", path, survey.excluded_by);
  for (const std::string& path : survey.inside)
    text += fmt::format("  {}: inside of another chart and not below its charts/: never released\n", path);
  return text;
}

std::string tags(const Survey& survey, const lineage::Policy& policy) {
  std::size_t read = 0;
  std::size_t left = 0;
  for (const FoundChart& chart : survey.charts) {
    read += chart.tags.size();
    left += static_cast<std::size_t>(std::ranges::count_if(
        chart.tags, [&policy](const auto& release) { return !policy.adopted.contains(release.tag.name); }));
  }
  std::string text = fmt::format("{} tags: {} by waybill, {} read as releases of these charts, {} adopted\n",
                                 survey.tags, survey.own_tags, read, policy.adopted.size());
  if (survey.tags == 0) text += "  if there are some on the forge: git fetch --tags\n";
  if (left != 0) text += fmt::format("  {} are not adopted, and count as no release\n", left);
  return text;
}

std::string start(const Survey& survey, lineage::Pipeline pipeline) {
  std::string text = fmt::format("pipeline: {}\n", lineage::name_of(pipeline));
  if (survey.is_newcomer())
    text +=
        "  There are releases and none by waybill, so the workflows say `mode: plan`: they print what they would do.\n"
        "  Take that line out of all of them when the plans are right.\n";
  return text;
}

std::string others(const Findings& findings) {
  const auto found = other_releasers(findings.folder);
  if (found.empty()) return {};
  return "These release charts too; switch them off before waybill does\n" + indented(found);
}

std::string_view name_of(FileState state) {
  switch (state) {
    case FileState::kNew:
      return "new";
    case FileState::kSame:
      return "same";
    case FileState::kKept:
      return "yours";
    case FileState::kDiffers:
      break;
  }
  return "differs";
}

std::string files(const std::vector<ProposedFile>& files) {
  std::string text = "Files\n";
  for (const ProposedFile& file : files) text += fmt::format("  {:<9}{}\n", name_of(file.state), file.path);
  return text;
}

}  // namespace

std::string report(const Findings& findings) {
  std::string text = repository(findings) + charts(findings.survey) + tags(findings.survey, findings.policy) +
                     start(findings.survey, findings.policy.pipeline) + others(findings) + files(findings.files);
  if (!findings.to_fill_in.empty())
    text += fmt::format("To fill in in {}\n  {}\n", lineage::kPolicyFile, findings.to_fill_in);
  return text;
}

}  // namespace waybill::adopt
