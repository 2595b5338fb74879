#include "core/sandbox/run_record.h"

#include <algorithm>

#include "core/base/file.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kRecordLimit = 64UL * 1024 * 1024;
constexpr JsonLimits kPayload{kRecordLimit, 128};

Json to_json(const Event& event) {
  return {{"name", event.name},      {"action", event.action}, {"repository", event.repository},
          {"branch", event.branch},  {"ref", event.ref},       {"workflow", event.workflow},
          {"sha", event.sha},        {"actor", event.actor},   {"by_job_token", event.by_job_token},
          {"payload", event.payload}};
}

Event event_of(const Json& json) {
  return {json["name"],   json["action"], json["repository"],
          json["branch"], json["ref"],    json["workflow"],
          json["sha"],    json["actor"],  json["by_job_token"].get<bool>(),
          json["payload"]};
}

std::string head_of(const Run& run) {
  const auto pull = run.event.payload.find("pull_request");
  if (pull == run.event.payload.end() || !pull->is_object()) return run.sha;
  return pull->value("head", Json::object()).value("sha", run.sha);
}

Json to_json(const RunRecord& record) {
  const Run& run = record.run;
  return {{"id", run.id},
          {"attempt", run.attempt},
          {"repository", run.repository},
          {"workflow", run.workflow},
          {"workflow_name", run.workflow_name},
          {"workflow_ref", run.workflow_ref},
          {"workflow_sha", run.workflow_sha},
          {"ref", run.ref},
          {"sha", run.sha},
          {"job", run.job},
          {"environment", run.environment},
          {"permissions", run.permissions},
          {"event", run.event.name},
          {"action", run.event.action},
          {"actor", run.event.actor},
          {"head", head_of(run)},
          {"conclusion", record.conclusion},
          {"reason", record.reason.empty() ? Json() : Json(record.reason)},
          {"exit_code", record.exit_code},
          {"seconds", record.seconds},
          {"started", record.started},
          {"outputs", record.outputs}};
}

RunRecord record_of(const std::string& key, const Json& json, const Json& event) {
  RunRecord record;
  record.key = key;
  record.run = {json["id"],           json["attempt"],      event_of(event),      json["repository"], json["workflow"],
                json["workflow_ref"], json["workflow_sha"], json["ref"],          json["sha"],        json["job"],
                json["environment"],  json["permissions"],  json["workflow_name"]};
  record.conclusion = json["conclusion"];
  if (json["reason"].is_string()) record.reason = json["reason"];
  record.exit_code = json["exit_code"];
  record.seconds = json["seconds"];
  record.started = json["started"];
  record.outputs = json["outputs"];
  return record;
}

}  // namespace

Json described(const RunRecord& record, const std::string& base_url) {
  Json json = to_json(record);
  json["log"] = base_url + "/_sandbox/runs/" + record.key + "/log";
  json["summary"] = base_url + "/_sandbox/runs/" + record.key + "/summary";
  return json;
}

RunRecords::RunRecords(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    const auto file = entry.path() / "run.json";
    if (!std::filesystem::exists(file)) continue;
    const Json json = parse_json(read_file(file, kRecordLimit), file.string());
    const auto event = entry.path() / "event.json";
    records_.push_back(
        record_of(entry.path().filename(), json, parse_json(read_file(event, kRecordLimit), event.string(), kPayload)));
  }
  std::ranges::sort(records_, {},
                    [](const RunRecord& record) { return std::tuple(record.run.id, record.run.attempt, record.key); });
  for (RunRecord& record : records_) {
    last_id_ = std::max(last_id_, record.run.id);
    if (record.conclusion != "queued" && record.conclusion != "running") continue;
    record.conclusion = "failure";
    record.reason = "the sandbox was stopped before this job ended";
    save(record);
  }
}

long RunRecords::next_id() {
  const std::lock_guard lock(mutex_);
  return ++last_id_;
}

void RunRecords::put(const RunRecord& record) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(records_, record.key, &RunRecord::key);
  if (known == records_.end()) {
    std::filesystem::create_directories(folder(record.key));
    write_file(folder(record.key) / "event.json", canonical(to_json(record.run.event)));
    records_.push_back(record);
  } else {
    *known = record;
  }
  save(record);
}

std::optional<RunRecord> RunRecords::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(records_, key, &RunRecord::key);
  return known == records_.end() ? std::nullopt : std::optional(*known);
}

std::vector<RunRecord> RunRecords::list() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

void RunRecords::save(const RunRecord& record) const {
  write_file(folder(record.key) / "run.json", canonical(to_json(record)));
}

}  // namespace waybill::sandbox
