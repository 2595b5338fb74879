#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/sandbox/run_workflow.h"
#include "testing/data.h"
#include "testing/mutation.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)

BOOST_AUTO_TEST_CASE(a_damaged_workflow_is_refused_or_in_the_subset) {
  std::vector<std::string> files;
  const auto folder = testing::source_folder() / "examples/chart-pipeline/.github/workflows";
  for (const char* name : {"validate-contribution.yml", "tag-charts.yml", "publish-charts.yml"})
    files.push_back(read_file(folder / name, 100'000));
  files.push_back(
      "on:\n  push: {branches: ['a*b', 'integrate/**', '**/x*']}\n  schedule: [{cron: '0 3 * * *'}]\njobs: {}\n");
  testing::survives_damage(
      files, [](const std::string& text) { return read_workflow(yaml::parse(text, "w.yml")); },
      [](const Workflow& workflow, const std::string& text) {
        for (const WorkflowJob& job : workflow.jobs) {
          BOOST_TEST(job.timeout.count() >= 0);
          for (const WorkflowStep& step : job.steps) BOOST_TEST(step.action.find('/') == std::string::npos);
        }
        const yaml::Node file = yaml::parse(text, "w.yml");
        for (const char* event : {"push", "pull_request_target", "workflow_dispatch", "schedule"})
          if (const auto trigger = read_trigger(file, event)) {
            Event pushed;
            pushed.name = event;
            pushed.branch = std::string(200, 'a') + "/b";
            static_cast<void>(passes(*trigger, pushed));
          }
      });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
