#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace waybill::git {

struct ConnectionLimits {
  std::chrono::milliseconds connect{20'000};   // until the host answers
  std::chrono::milliseconds silence{60'000};   // between two bytes
  std::chrono::milliseconds whole{1'200'000};  // from the first to the last
};

// A TCP connection on which nothing is waited for without end. Fault::kRemote names host and reason.
class Connection {
 public:
  Connection(const std::string& host, const std::string& port, ConnectionLimits limits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // At least one byte, or 0 at the end.
  ::ssize_t read(char* data, std::size_t size);
  // How many of the bytes were taken, at least one.
  ::ssize_t write(std::string_view bytes);

 private:
  void wait(short events, std::chrono::milliseconds longest) const;

  std::string peer_;
  ConnectionLimits limits_;
  std::chrono::steady_clock::time_point end_;
  int socket_ = -1;
};

}  // namespace waybill::git
