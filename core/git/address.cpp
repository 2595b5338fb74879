#include "core/git/address.h"

#include <algorithm>

#include "core/base/error.h"

namespace waybill::git {
namespace {

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_loopback(std::string_view host) {
  const bool number = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "[::1]" || (number && host.starts_with("127."));
}

}  // namespace

void require_address(std::string_view url, std::string_view token) {
  if (!printable(token)) throw Error(Fault::kInput, "the token holds white space or control characters");
  if (url.starts_with('/') || url.starts_with("file:///")) {
    if (!token.empty()) throw Error(Fault::kInput, "a token is of no use for a repository on this machine");
    return;
  }
  const bool secure = url.starts_with("https://");
  const std::size_t start = secure ? 8 : 7;
  if (!printable(url) || (!secure && !url.starts_with("http://")))
    throw Error(Fault::kInput, "the address to fetch from begins neither with `https://` nor with `http://`");
  const std::string_view authority = url.substr(start, url.substr(start).find_first_of("/?#"));
  if (authority.empty() || authority.find('@') != std::string_view::npos ||
      url.find_first_of("?#") != std::string_view::npos)
    throw Error(Fault::kInput, "the address to fetch from must be host and path only, without user, password or query");
  if (!secure && !token.empty() && !is_loopback(host_of(authority)))
    throw Error(Fault::kInput, "a token for `{}` would travel unencrypted", url)
        .hint("https://" + std::string(url.substr(start)));
}

}  // namespace waybill::git
