#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

#include "core/sandbox/http_server.h"

namespace waybill::sandbox {

// Every exchange over the REST API with its contents, for whoever wants to hold them against GitHub's description:
// lines of JSON {workflow, agent, accept, method, path, query, version, request, status, json, answer}, without a
// token.
//
// `workflow` is that of the run that was under way, empty when none was; `agent` is who asked, `path` is below /api/v3,
// as sent; `version` is the API version that was asked for; contents that are no JSON are null, and `json` says whether
// the answer calls itself that. The file is added to, never shortened.
class Transcript {
 public:
  explicit Transcript(const std::filesystem::path& file);
  void write(const std::string& workflow, const HttpRequest& request, const HttpResponse& response);

 private:
  std::mutex mutex_;
  std::ofstream file_;
};

}  // namespace waybill::sandbox
