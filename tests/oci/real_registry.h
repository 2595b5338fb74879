#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace waybill::oci {

// A program of PATH or of ~/go/bin, where Go puts what it installs.
std::optional<std::filesystem::path> program(const std::string& name);

// A registry by somebody else on a port of the loopback that was free, ended with this object.
class RealRegistry {
 public:
  // `arguments` hold PORT where the port goes.
  RealRegistry(const std::filesystem::path& program, std::vector<std::string> arguments,
               const std::vector<std::string>& environment = {});
  ~RealRegistry();
  RealRegistry(const RealRegistry&) = delete;
  RealRegistry& operator=(const RealRegistry&) = delete;

  // "127.0.0.1:<port>"
  const std::string& host() const { return host_; }

 private:
  std::string host_;
  ::pid_t child_ = -1;
};

}  // namespace waybill::oci
