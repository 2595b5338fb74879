#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace waybill::sandbox {

struct HttpRequest {
  std::string method;
  std::string path;    // decoded
  std::string target;  // as sent, with the query
  std::multimap<std::string, std::string> query;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view name) const;
  std::string parameter(std::string_view name) const;  // of the query, or empty
};

struct HttpResponse {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;
  bool dropped = false;  // the connection is closed, nothing is answered
};

using Handler = std::function<HttpResponse(const HttpRequest&)>;
using Around = std::function<HttpResponse(const HttpRequest&, const Handler&)>;

// One loopback server, one port; the longest matching path prefix gets the request. The only place that knows the
// library.
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  void route(std::string prefix, Handler handler);
  void around(Around around);  // is given every request, and who would answer it
  int listen(int port);        // 127.0.0.1; 0 = any; returns the port, serves on threads of its own
  void stop();                 // waits for requests under way, and up to 5 s for connections that clients keep open

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace waybill::sandbox
