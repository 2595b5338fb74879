#include "http/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>

namespace waybill::http {
namespace {

sockaddr* address_of(sockaddr_in& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

std::size_t length_of(const std::string& head) {
  const std::size_t at = head.find("\r\nContent-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 18));
}

// The body behind a chunked head, when its last chunk has come.
std::optional<std::string> dechunked(std::string_view bytes) {
  std::string body;
  while (true) {
    const std::size_t line = bytes.find("\r\n");
    if (line == std::string_view::npos) return std::nullopt;
    const std::size_t size = std::stoul(std::string(bytes.substr(0, line)), nullptr, 16);
    if (bytes.size() < line + 2 + size + 2) return std::nullopt;
    if (size == 0) return body;
    body += bytes.substr(line + 2, size);
    bytes.remove_prefix(line + 2 + size + 2);
  }
}

// Head and body, when all of it has come.
std::optional<std::string> whole_request(const std::string& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::string head = bytes.substr(0, end);
  if (head.find("\r\nTransfer-Encoding: chunked") != std::string::npos) {
    const auto body = dechunked(std::string_view(bytes).substr(end + 4));
    return body ? std::optional(head + "\r\n\r\n" + *body) : std::nullopt;
  }
  return bytes.size() < end + 4 + length_of(head) ? std::nullopt : std::optional(bytes);
}

}  // namespace

Loopback::Loopback(Answer answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  if (::bind(listener_, address_of(address), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, address_of(address), &size) != 0)
    throw std::runtime_error("no loopback socket");
  port_ = ::ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Loopback::~Loopback() {
  ends_ = true;
  thread_.join();
  ::close(listener_);
}

std::string Loopback::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> Loopback::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void Loopback::serve() {
  while (!ends_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, 20) <= 0) continue;
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    ++connections_;
    converse(connection);
    ::close(connection);
  }
}

void Loopback::converse(int connection) {
  std::string bytes;
  while (!ends_) {
    if (const auto request = whole_request(bytes)) {
      {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(*request);
      }
      const std::string reply = answer_(*request);
      if (::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return;
      if (reply.find("\r\nConnection: close") != std::string::npos || reply.empty()) return;
      bytes.clear();
    }
    // One connection at a time: an idle one gives way to the next.
    std::array<pollfd, 2> ready{pollfd{connection, POLLIN, 0}, pollfd{listener_, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), 20) <= 0) continue;
    if (ready[0].revents == 0) return;
    std::array<char, 4096> part{};
    const ssize_t count = ::recv(connection, part.data(), part.size(), 0);
    if (count <= 0) return;
    bytes.append(part.data(), static_cast<std::size_t>(count));
  }
}

std::string answer(const std::string& status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace waybill::http
