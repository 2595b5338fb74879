#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::http {

struct Request {
  std::string method = "GET";
  std::string url = {};
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};
  std::size_t answer_limit = 32 * 1024 * 1024;  // bytes of the decoded body; more is Fault::kRemote
  std::chrono::seconds timeout{30};
  int redirects = 0;  // followed for GET and HEAD only; `authorization` never goes to another host
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // A header's value, or empty.
  std::string header(std::string_view name) const;
};

// One HTTP exchange. An answer of any status is a Response; no answer (name, connection, TLS, time, size) is
// Fault::kRemote naming method, URL without its query, and the reason. Headers that came twice are joined by ", ".
// Proxies, credentials and cookies of the environment are not looked at. More redirects than the request follows are
// Fault::kRemote; with none to follow the redirect itself is the answer.
class Client {
 public:
  virtual ~Client() = default;
  virtual Response send(const Request& request) = 0;
};

struct Options {
  std::string user_agent = "waybill";
  std::string authorities = {};  // path of a PEM bundle in place of the system's
};

std::unique_ptr<Client> open(const Options& options = {});

// How often and how long to try again: on no answer, 408, 429 and 5xx, never on a POST or PATCH unless `repeatable`.
// Obeys Retry-After up to `longest`; when the server asks for more, its answer is handed back at once.
struct Retry {
  int attempts = 4;
  std::chrono::milliseconds first{250};
  std::chrono::milliseconds longest{30'000};
  bool repeatable = false;
};

Response send_retrying(Client& client, const Request& request, const Retry& retry = {});

// "https://host:port" of a URL, lower case, the port always there; Fault::kInput when it is not http or https.
std::string origin(std::string_view url);

}  // namespace waybill::http
