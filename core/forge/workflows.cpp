#include "core/base/encoding.h"
#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {

std::vector<WorkflowRun> Client::runs_under_way(const std::string& workflow) const {
  constexpr int kNewest = 100;
  const Exchange api = this->api();
  const Call call{.path = api.repository_path(
                      fmt::format("/actions/workflows/{}/runs?per_page={}", percent_encode(workflow), kNewest)),
                  .what = "runs of workflow `" + workflow + "`",
                  .permission = "actions: read"};
  std::vector<WorkflowRun> runs;
  int seen = 0;
  api.each(call, "workflow_runs", [&](const Json& item) {
    WorkflowRun run = api.understood(call, [&] { return read_workflow_run(item); });
    if (run.status != "completed") runs.push_back(std::move(run));
    return ++seen < kNewest;
  });
  return runs;
}

void Client::dispatch(const std::string& workflow, const std::string& ref, const Json& inputs) const {
  const Exchange api = this->api();
  api.succeed({.method = "POST",
               .path = api.repository_path("/actions/workflows/" + percent_encode(workflow) + "/dispatches"),
               .what = "dispatch of workflow `" + workflow + "` on `" + ref + "`",
               .permission = "actions: write",
               .body = Json{{"ref", ref}, {"inputs", inputs.is_null() ? Json::object() : inputs}}});
}

}  // namespace waybill::forge
