#include "core/http/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <new>
#include <optional>

#include "core/base/error.h"
#include "core/base/handle.h"
#include "core/http/client.h"

namespace waybill::http {
namespace {

using Url = Handle<CURLU, ::curl_url_cleanup>;

bool set_url(CURLU* url, std::string_view text) {
  return text.find('\0') == std::string_view::npos &&
         ::curl_url_set(url, CURLUPART_URL, std::string(text).c_str(), 0) == CURLUE_OK;
}

Url empty() {
  Url url(::curl_url());
  if (!url) throw std::bad_alloc();
  return url;
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (::curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  const Handle<char, ::curl_free> owner(text);
  return text;
}

// Nothing when the text is not an http or https URL with a host.
std::optional<std::string> origin_of(CURLU* url) {
  const std::string scheme = part(url, CURLUPART_SCHEME);
  const std::string host = part(url, CURLUPART_HOST);
  if ((scheme != "http" && scheme != "https") || host.empty()) return std::nullopt;
  std::string origin = scheme + "://" + host + ":" + part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::ranges::transform(origin, origin.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return origin;
}

}  // namespace

std::string origin(std::string_view text) {
  const Url url = empty();
  const std::size_t host = text.find("://");  // curl would also take one slash, or three
  if (host != std::string_view::npos && !text.substr(host + 3).starts_with('/') && set_url(url.get(), text))
    if (std::optional<std::string> origin = origin_of(url.get())) return *std::move(origin);
  throw Error(Fault::kInput, "`{}` is not a URL of the form https://host or http://host", printable(text));
}

std::string printable(std::string_view url) {
  std::string text(url.substr(0, url.find_first_of("?#")));
  const std::size_t scheme = text.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t user = text.substr(0, text.find('/', begin)).rfind('@');
  if (user != std::string::npos && user >= begin) text.erase(begin, user + 1 - begin);
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string redirected(std::string_view from, std::string_view location) {
  const Url url = empty();
  const std::string before = origin(from);
  if (!set_url(url.get(), from) || !set_url(url.get(), location))
    throw Error(Fault::kRemote, "{} redirects to `{}`, which is not a URL", printable(from), printable(location));
  const std::optional<std::string> after = origin_of(url.get());
  if (!after)
    throw Error(Fault::kRemote, "{} redirects to `{}`, which is neither http nor https", printable(from),
                printable(location));
  if (before.starts_with("https:") && after->starts_with("http:"))
    throw Error(Fault::kRemote, "{} redirects from https to `{}`", printable(from), printable(location));
  if (*after != before) {
    ::curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
    ::curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  }
  return part(url.get(), CURLUPART_URL);
}

}  // namespace waybill::http
