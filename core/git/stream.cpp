#include "core/git/stream.h"

#include <git2.h>
#include <git2/sys/stream.h>

#include <exception>
#include <memory>
#include <string>

#include "core/git/connection.h"

// libgit2 1.5 has no time limits of its own: a server that falls silent would be waited for without end. It does take
// streams from outside, and puts TLS with its certificate checks on top of them.
namespace waybill::git {
namespace {

struct Timed : git_stream {
  std::string host;
  std::string port;
  std::unique_ptr<Connection> connection;
};

Timed& timed(git_stream* stream) {
  return *static_cast<Timed*>(stream);
}

// No exception may cross libgit2.
template <class Act>
::ssize_t guarded(Act act) {
  try {
    return act();
  } catch (const std::exception& error) {
    ::git_error_set_str(GIT_ERROR_NET, error.what());
    return -1;
  }
}

int connect(git_stream* stream) {
  return static_cast<int>(guarded([stream] {
    timed(stream).connection = std::make_unique<Connection>(timed(stream).host, timed(stream).port, ConnectionLimits());
    return ::ssize_t{0};
  }));
}

::ssize_t read(git_stream* stream, void* data, std::size_t size) {
  return guarded([&] { return timed(stream).connection->read(static_cast<char*>(data), size); });
}

::ssize_t write(git_stream* stream, const char* data, std::size_t size, int) {
  return guarded([&] { return timed(stream).connection->write({data, size}); });
}

int close(git_stream* stream) {
  timed(stream).connection.reset();
  return 0;
}

void destroy(git_stream* stream) {
  delete static_cast<Timed*>(stream);
}

int create(git_stream** stream, const char* host, const char* port) {
  auto made = std::make_unique<Timed>();
  made->version = GIT_STREAM_VERSION;
  made->connect = connect;
  made->read = read;
  made->write = write;
  made->close = close;
  made->free = destroy;
  made->host = host;
  made->port = port;
  *stream = made.release();
  return 0;
}

}  // namespace

void register_timed_streams() {
  git_stream_registration registration{};
  registration.version = GIT_STREAM_VERSION;
  registration.init = create;
  ::git_stream_register(GIT_STREAM_STANDARD, &registration);
}

}  // namespace waybill::git
