#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/sandbox/event.h"

namespace waybill::sandbox {

// What became of one job.
struct RunRecord {
  std::string key;  // the run's id; of later attempts "<id>.<attempt>"; of its second and later jobs "…-<job>"
  Run run;
  std::string conclusion = "queued";  // action_required, running, success, failure, skipped, cancelled
  std::string reason;                 // of a failure
  int exit_code = 0;
  double seconds = 0;
  std::string started;
  std::map<std::string, std::string> outputs;
};

// As /_sandbox/runs lists it; `base_url` is what the log's address begins with.
Json described(const RunRecord& record, const std::string& base_url);

// The records in start order, each in DIR/runs/<key>/run.json beside its `event.json`, `log` and `summary`.
class RunRecords {
 public:
  // Jobs that an earlier sandbox left queued or running are failures now.
  explicit RunRecords(std::filesystem::path folder);

  long next_id();
  void put(const RunRecord& record);
  std::optional<RunRecord> find(const std::string& key) const;
  std::vector<RunRecord> list() const;
  std::filesystem::path folder(const std::string& key) const { return folder_ / key; }

 private:
  void save(const RunRecord& record) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::vector<RunRecord> records_;
  long last_id_ = 0;
};

}  // namespace waybill::sandbox
