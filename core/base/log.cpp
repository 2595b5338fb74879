#include "core/base/log.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill {

void Log::hide(std::string_view secret) {
  if (secret.size() < 4) throw Error(Fault::kInternal, "a secret of {} characters cannot be hidden", secret.size());
  for (std::string form : {std::string(secret), to_base64(secret), percent_encode(secret)})
    if (std::ranges::find(secrets_, form) == secrets_.end()) secrets_.push_back(std::move(form));
  // Longer ones first, so that a secret within another leaves no tail behind.
  std::ranges::sort(secrets_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Log::redacted(std::string_view text) const {
  std::string clean(text);
  for (const std::string& secret : secrets_)
    for (std::size_t at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + 3))
      clean.replace(at, secret.size(), "***");
  return clean;
}

void Log::line(std::string_view text) {
  out_ << redacted(text) << '\n' << std::flush;
}

}  // namespace waybill
