#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace waybill::http {

// A server on 127.0.0.1 that hands every request it read, head and body, to `answer` and writes back what that returns,
// byte for byte; then it closes the connection, unless the answer is complete and the client may go on.
class Loopback {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit Loopback(Answer answer);
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  std::string url(const std::string& path = "/") const;
  std::vector<std::string> requests() const;

  int connections() const { return connections_; }

 private:
  void serve();
  void converse(int connection);

  Answer answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

// "HTTP/1.1 200 OK" with the headers given (each ending in \r\n) and the body's length.
std::string answer(const std::string& status, const std::string& body = "", const std::string& headers = "");

}  // namespace waybill::http
