#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "http/loopback.h"

namespace waybill::git {

// Every repository below a folder, over smart HTTP on the loopback, by git's own http-backend.
class SmartServer {
 public:
  // With a `password`, only requests that bring it as x-access-token's are answered.
  explicit SmartServer(std::filesystem::path folder, std::string password = "");

  std::string url(const std::string& path) const { return server_.url(path); }
  std::vector<std::string> requests() const { return server_.requests(); }

 private:
  std::string answer(const std::string& request) const;

  std::filesystem::path folder_;
  std::string password_;
  http::Loopback server_;
};

}  // namespace waybill::git
