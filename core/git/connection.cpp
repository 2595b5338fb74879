#include "core/git/connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/base/handle.h"

namespace waybill::git {
namespace {

using Addresses = Handle<addrinfo, ::freeaddrinfo>;
using std::chrono::milliseconds;

Addresses resolve(const std::string& host, const std::string& port) {
  // libgit2 hands over an IPv6 address with its brackets.
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  const std::string name = bracketed ? host.substr(1, host.size() - 2) : host;
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  Addresses found;
  const int code = ::getaddrinfo(name.c_str(), port.c_str(), &wanted, out(found));
  if (code != 0) throw Error(Fault::kRemote, "{} has no address: {}", host, ::gai_strerror(code));
  return found;
}

}  // namespace

Connection::Connection(const std::string& host, const std::string& port, ConnectionLimits limits)
    : peer_(host + ":" + port), limits_(limits), end_(std::chrono::steady_clock::now() + limits.whole) {
  const Addresses addresses = resolve(host, port);
  int reason = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    socket_ = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) continue;
    reason = ::connect(socket_, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (reason == EINPROGRESS) {
      pollfd waiting{socket_, POLLOUT, 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(limits.connect.count()));
      socklen_t size = sizeof reason;
      if (ready <= 0 || ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &reason, &size) != 0) reason = ETIMEDOUT;
    }
    if (reason == 0) {
      const int on = 1;
      ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return;
    }
    ::close(socket_);
    socket_ = -1;
  }
  throw Error(Fault::kRemote, "no connection to {}: {}", peer_, std::strerror(reason));
}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

void Connection::wait(short events, milliseconds longest) const {
  const auto left = std::chrono::ceil<milliseconds>(end_ - std::chrono::steady_clock::now());
  if (left.count() <= 0) throw Error(Fault::kRemote, "{} took longer than {} ms", peer_, limits_.whole.count());
  pollfd waiting{socket_, events, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(std::min(left, longest).count()));
  if (ready == 0) throw Error(Fault::kRemote, "{} was silent for {} ms", peer_, std::min(left, longest).count());
}

::ssize_t Connection::read(char* data, std::size_t size) {
  while (true) {
    const ::ssize_t count = ::recv(socket_, data, size, 0);
    if (count >= 0) return count;
    if (errno != EAGAIN && errno != EINTR)
      throw Error(Fault::kRemote, "reading from {} failed: {}", peer_, std::strerror(errno));
    wait(POLLIN, limits_.silence);
  }
}

::ssize_t Connection::write(std::string_view bytes) {
  while (true) {
    const ::ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return count;
    if (errno != EAGAIN && errno != EINTR)
      throw Error(Fault::kRemote, "writing to {} failed: {}", peer_, std::strerror(errno));
    wait(POLLOUT, limits_.silence);
  }
}

}  // namespace waybill::git
