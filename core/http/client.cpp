#include "core/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <new>

#include "core/base/error.h"
#include "core/base/handle.h"
#include "core/http/url.h"

namespace waybill::http {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kHeaderLimit = 256 * 1024;
constexpr long kConnectTimeout = 10'000;  // milliseconds

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// What one transfer has received so far; curl calls in from C, so nothing may be thrown out of it.
struct Receiver {
  Response response;
  std::size_t body_limit = 0;
  std::size_t header_bytes = 0;
  bool headers_ended = false;
  std::string refusal;

  bool take_header(std::string_view line) {
    header_bytes += line.size();
    if (header_bytes > kHeaderLimit) return refuse(fmt::format("headers of more than {} bytes", kHeaderLimit));
    if (line.starts_with("HTTP/")) {  // also after an interim 1xx answer
      response.headers.clear();
      headers_ended = false;
      return true;
    }
    if (headers_ended) return true;  // a trailer says nothing about the answer
    if (trimmed(line).empty()) return headers_ended = true;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    const std::string_view value = trimmed(line.substr(colon + 1));
    const auto [field, added] = response.headers.try_emplace(lowered(trimmed(line.substr(0, colon))), value);
    if (!added) field->second.append(", ").append(value);  // RFC 9110 section 5.3
    return true;
  }

  bool take_body(std::string_view bytes) {
    if (bytes.size() > body_limit - response.body.size())
      return refuse(fmt::format("an answer of more than {} bytes", body_limit));
    response.body.append(bytes);
    return true;
  }

  bool refuse(std::string why) {
    refusal = std::move(why);
    return false;
  }
};

template <bool (Receiver::*Take)(std::string_view)>
std::size_t receive(char* bytes, std::size_t size, std::size_t count, void* receiver) noexcept {
  try {
    return (static_cast<Receiver*>(receiver)->*Take)({bytes, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

// A curl list of "name: value" lines that is complete or not at all.
class HeaderLines {
 public:
  explicit HeaderLines(const std::map<std::string, std::string>& headers) {
    // Both would be curl's own idea: a media type nobody asked for, and a wait for "100 Continue".
    if (!headers.contains("content-type")) add("content-type:");
    if (!headers.contains("expect")) add("expect:");
    for (const auto& [name, value] : headers) {
      if (name.empty() || name.find_first_of(": \t\r\n") != std::string::npos ||
          value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        throw Error(Fault::kInput, "header `{}` would break the request: it or its value holds a line end", name);
      add(trimmed(value).empty() ? name + ";" : name + ": " + value);
    }
  }

  curl_slist* get() const { return lines_.get(); }

 private:
  void add(const std::string& line) {
    curl_slist* longer = ::curl_slist_append(lines_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(lines_.release());
    lines_.reset(longer);
  }

  Handle<curl_slist, ::curl_slist_free_all> lines_;
};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// curl counts its users, and starts and stops once for all of them.
struct Library {
  Library() {
    if (::curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw Error(Fault::kInternal, "the HTTP library does not start");
  }

  ~Library() { ::curl_global_cleanup(); }

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

class CurlClient final : public Client {
 public:
  explicit CurlClient(Options options) : options_(std::move(options)), curl_(::curl_easy_init()) {
    if (!curl_) throw Error(Fault::kInternal, "the HTTP library gives no handle");
  }

  Response send(const Request& request) override {
    const std::scoped_lock lock(one_at_a_time_);
    const auto deadline = SteadyClock::now() + request.timeout;
    const bool follows = request.redirects > 0 && (request.method == "GET" || request.method == "HEAD");
    Request hop = request;
    for (int followed = 0;; ++followed) {
      Response response = exchange(hop, std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now()));
      const std::string location = response.header("location");
      if (!follows || !is_redirect(response.status) || location.empty()) return response;
      if (followed == request.redirects)
        throw Error(Fault::kRemote, "{} {}: more than {} redirects", request.method, printable(request.url),
                    request.redirects);
      const std::string next = redirected(hop.url, location);
      if (origin(next) != origin(hop.url))
        for (const char* secret : {"authorization", "proxy-authorization", "cookie"}) hop.headers.erase(secret);
      hop.url = next;
    }
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (::curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
      throw Error(Fault::kInternal, "the HTTP library refuses option {}", static_cast<int>(option));
  }

  // Safe, whatever the environment says; the connections stay open from one exchange to the next.
  void set_rules(milliseconds left) {
    ::curl_easy_reset(curl_.get());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeout);
    set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(left.count())));
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    if (!options_.authorities.empty()) set(CURLOPT_CAINFO, options_.authorities.c_str());
  }

  void set_request(const Request& request, const HeaderLines& headers) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_HTTPHEADER, headers.get());
    // What may not be done twice gets a connection of its own: curl sends again, unasked, when one that it kept open
    // dies.
    if (request.method == "POST" || request.method == "PATCH") set(CURLOPT_FRESH_CONNECT, 1L);
    const bool carries = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (carries || !request.body.empty()) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    } else {
      set(CURLOPT_HTTPGET, 1L);
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  Response exchange(const Request& request, milliseconds left) {
    static_cast<void>(origin(request.url));  // http and https only, before anything of it reaches curl
    if (request.method.empty() || !std::ranges::all_of(request.method, [](char c) { return c >= 'A' && c <= 'Z'; }))
      throw Error(Fault::kInput, "`{}` is not an HTTP method", request.method);
    const HeaderLines headers(request.headers);
    Receiver receiver;
    receiver.body_limit = request.answer_limit;
    std::array<char, CURL_ERROR_SIZE> why{};
    set_rules(left);
    set_request(request, headers);
    set(CURLOPT_ERRORBUFFER, why.data());
    set(CURLOPT_HEADERFUNCTION, receive<&Receiver::take_header>);
    set(CURLOPT_HEADERDATA, &receiver);
    set(CURLOPT_WRITEFUNCTION, receive<&Receiver::take_body>);
    set(CURLOPT_WRITEDATA, &receiver);
    const CURLcode code = ::curl_easy_perform(curl_.get());
    ::curl_easy_setopt(curl_.get(), CURLOPT_ERRORBUFFER, nullptr);
    if (code != CURLE_OK) {
      std::string reason = receiver.refusal;
      if (reason.empty()) reason = why.front() != '\0' ? why.data() : ::curl_easy_strerror(code);
      throw Error(Fault::kRemote, "{} {}: {}", request.method, printable(request.url), reason);
    }
    long status = 0;
    ::curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    receiver.response.status = static_cast<int>(status);
    return std::move(receiver.response);
  }

  Library library_;
  Options options_;
  std::mutex one_at_a_time_;
  Handle<CURL, ::curl_easy_cleanup> curl_;
};

}  // namespace

std::string Response::header(std::string_view name) const {
  const auto found = headers.find(lowered(name));
  return found == headers.end() ? std::string() : found->second;
}

std::unique_ptr<Client> open(const Options& options) {
  return std::make_unique<CurlClient>(options);
}

}  // namespace waybill::http
