#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waybill::http {

// The URL without user, password, query and fragment: what an error text and a log may show.
std::string printable(std::string_view url);

// Where a `location` header leads, relative forms included (RFC 3986 section 5). Fault::kRemote when it leads to
// anything but http and https, or from https to http. User and password go only where they came from.
std::string redirected(std::string_view url, std::string_view location);

// The page after `url`: the target of the first `next` link in its answer's Link header (RFC 8288), relative forms
// resolved; nothing when there is none. Fault::kRemote when it is on another host: the request's token stays here.
std::optional<std::string> next_page(std::string_view url, std::string_view link);

}  // namespace waybill::http
