#include "core/sandbox/http_server.h"

// As Debian compiles the library: the sizes of its types depend on these.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <arpa/inet.h>
#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "core/base/error.h"
#include "core/base/json.h"

namespace waybill::sandbox {
namespace {

constexpr std::size_t kBodyLimit = 512UL * 1024 * 1024;
constexpr std::size_t kThreads = 64;
constexpr std::size_t kRequestsPerConnection = 10'000;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HttpRequest translated(const httplib::Request& from) {
  HttpRequest request{from.method, from.path, from.target, {}, {}, {}};
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  for (const auto& [name, value] : from.headers) request.headers.emplace(lower(name), value);
  return request;
}

bool has_body(const httplib::Request& request) {
  return request.has_header("Transfer-Encoding") ||
         request.get_header_value("Content-Length", 0).find_first_not_of('0') == 0;
}

void answer(const HttpRequest& request, const HttpResponse& from, httplib::Response& to) {
  to.status = from.status;
  std::string type = "application/octet-stream";
  std::size_t announced = 0;
  for (const auto& [name, value] : from.headers) {
    const std::string key = lower(name);
    if (key == "content-type")
      type = value;
    else if (key == "content-length")
      announced = std::stoul(value);
    else
      to.set_header(name, value);
  }
  if (request.method == "HEAD" && from.body.empty() && announced > 0)
    to.set_content_provider(announced, type, [](std::size_t, std::size_t, httplib::DataSink&) { return false; });
  else if (!from.body.empty())
    to.set_content(from.body, type);
}

// The library hands out no socket: a connection's is the one that leads to its peer.
void hang_up(const httplib::Request& request) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && peer.sin_family == AF_INET &&
        ntohs(peer.sin_port) == request.remote_port)
      ::shutdown(descriptor, SHUT_RDWR);
  }
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string() : found->second;
}

std::string HttpRequest::parameter(std::string_view name) const {
  const auto found = query.find(std::string(name));
  return found == query.end() ? std::string() : found->second;
}

struct HttpServer::State {
  httplib::Server server;
  std::shared_mutex mutex;
  std::map<std::string, Handler> routes;
  Around around;
  std::thread thread;

  Handler find(const std::string& path) {
    const std::shared_lock lock(mutex);
    const Handler* best = nullptr;
    std::size_t length = 0;
    for (const auto& [prefix, handler] : routes)
      if (path.starts_with(prefix) && (best == nullptr || prefix.size() > length)) {
        best = &handler;
        length = prefix.size();
      }
    if (best != nullptr) return *best;
    return [](const HttpRequest&) { return HttpResponse{404, {{"Content-Type", "text/plain"}}, "no such path\n"}; };
  }

  Around found_around() {
    const std::shared_lock lock(mutex);
    return around;
  }

  void serve(const httplib::Request& from, httplib::Response& to, const httplib::ContentReader* content) {
    HttpRequest request = translated(from);
    if (content != nullptr && from.is_multipart_form_data()) {
      to.status = 415;
      return;
    }
    if (content != nullptr && has_body(from))
      (*content)([&](const char* data, std::size_t size) {
        request.body.append(data, size);
        return true;
      });
    const Handler handler = find(request.path);
    try {
      const Around outer = found_around();
      const HttpResponse response = outer ? outer(request, handler) : handler(request);
      if (response.dropped) return hang_up(from);
      answer(request, response, to);
    } catch (const std::exception& error) {
      const Json body = {{"message", error.what()}};
      answer(request,
             {500, {{"Content-Type", "application/json"}}, body.dump(-1, ' ', false, Json::error_handler_t::replace)},
             to);
    }
  }
};

HttpServer::HttpServer() : state_(std::make_unique<State>()) {
  httplib::Server& server = state_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_payload_max_length(kBodyLimit);
  server.set_keep_alive_max_count(kRequestsPerConnection);
  server.set_tcp_nodelay(true);
  server.set_read_timeout(60);
  server.set_write_timeout(60);
  const auto plain = [state = state_.get()](const httplib::Request& from, httplib::Response& to) {
    state->serve(from, to, nullptr);
  };
  const auto reading = [state = state_.get()](const httplib::Request& from, httplib::Response& to,
                                              const httplib::ContentReader& content) {
    state->serve(from, to, &content);
  };
  server.Get(".*", plain);
  server.Options(".*", plain);
  server.Post(".*", reading);
  server.Put(".*", reading);
  server.Patch(".*", reading);
  server.Delete(".*", reading);
}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::route(std::string prefix, Handler handler) {
  const std::unique_lock lock(state_->mutex);
  state_->routes[std::move(prefix)] = std::move(handler);
}

void HttpServer::around(Around around) {
  const std::unique_lock lock(state_->mutex);
  state_->around = std::move(around);
}

int HttpServer::listen(int port) {
  const std::string host = "127.0.0.1";
  const bool bound =
      port == 0 ? (port = state_->server.bind_to_any_port(host)) > 0 : state_->server.bind_to_port(host, port);
  if (!bound)
    throw Error(Fault::kInput, "port {} of {} cannot be listened on", port, host).hint("choose another --port");
  state_->thread = std::thread([state = state_.get()] { state->server.listen_after_bind(); });
  while (!state_->server.is_running()) std::this_thread::yield();
  return port;
}

void HttpServer::stop() {
  if (!state_->thread.joinable()) return;
  state_->server.stop();
  state_->thread.join();
}

}  // namespace waybill::sandbox
