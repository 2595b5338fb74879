#include <algorithm>

#include "core/base/error.h"
#include "core/sigstore/message.h"
#include "core/sigstore/sign.h"
#include "core/sigstore/validity.h"

namespace waybill::sigstore {
namespace {

constexpr std::int64_t kApiVersion = 1;  // of Fulcio, Rekor and timestamp authorities alike

struct Service {
  std::string url;
  std::int64_t api_version;
  std::string service_operator;
  Validity validity;
};

// The services of one list that are valid now, newest first, only the newest of each operator.
std::vector<Service> current(const Message& config, std::string_view member, Time now) {
  std::vector<Service> services;
  for (const Message& service : config.messages(member, {"url", "majorApiVersion", "validFor", "operator"})) {
    Service parsed{.url = service.text("url"),
                   .api_version = service.number("majorApiVersion"),
                   .service_operator = service.has("operator") ? service.text("operator") : "",
                   .validity = parse_validity(service)};
    while (parsed.url.ends_with('/')) parsed.url.pop_back();
    if (parsed.api_version == kApiVersion && parsed.validity.contains(now)) services.push_back(std::move(parsed));
  }
  std::ranges::stable_sort(services, std::ranges::greater{},
                           [](const Service& service) { return service.validity.start; });
  std::vector<Service> newest;
  for (Service& service : services)
    if (std::ranges::find(newest, service.service_operator, &Service::service_operator) == newest.end())
      newest.push_back(std::move(service));
  return newest;
}

// ServiceConfiguration of the signing config: ANY = one, ALL = each operator's, EXACT = `count` operators'.
std::vector<std::string> selected(const Message& config, std::string_view services, std::string_view rule, Time now) {
  std::vector<std::string> urls;
  if (!config.has(services)) return urls;
  for (const Service& service : current(config, services, now)) urls.push_back(service.url);
  const Message selection = config.message(rule, {"selector", "count"});
  const std::string selector = selection.text("selector");
  std::size_t wanted = urls.size();
  if (selector == "ANY") {
    wanted = 1;
  } else if (selector == "EXACT") {
    wanted = static_cast<std::size_t>(selection.number("count"));
  } else if (selector != "ALL") {
    throw Error(Fault::kInput, "{}.selector is `{}`, `ANY`, `ALL` or `EXACT` is wanted", selection.path(), selector);
  }
  if (wanted == 0 || urls.size() < wanted)
    throw Error(Fault::kInput, "signing config: {} wants {} of {}, {} of API version {} are valid at {}", rule, wanted,
                services, urls.size(), kApiVersion, to_rfc3339(now));
  urls.resize(wanted);
  return urls;
}

}  // namespace

SigningConfig SigningConfig::parse(std::string_view json, Time now) {
  const Json document = parse_json(json, "signing config");
  const Message config(document, "signing config",
                       {"mediaType", "caUrls", "oidcUrls", "rekorTlogUrls", "tsaUrls", "rekorTlogConfig", "tsaConfig"});
  constexpr std::string_view kMediaType = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
  if (config.text("mediaType") != kMediaType)
    throw Error(Fault::kInput, "signing config: the media type is `{}`, `{}` is wanted", config.text("mediaType"),
                kMediaType);
  const std::vector<Service> authorities = current(config, "caUrls", now);
  if (authorities.empty())
    throw Error(Fault::kInput, "signing config: no certificate authority of API version {} is valid at {}", kApiVersion,
                to_rfc3339(now));
  const std::vector<Service> issuers = current(config, "oidcUrls", now);
  SigningConfig parsed{.certificate_authority = authorities.front().url,
                       .issuer = issuers.empty() ? "" : issuers.front().url,
                       .logs = selected(config, "rekorTlogUrls", "rekorTlogConfig", now),
                       .timestamp_authorities = selected(config, "tsaUrls", "tsaConfig", now)};
  if (parsed.logs.empty() && parsed.timestamp_authorities.empty())
    throw Error(Fault::kInput,
                "signing config: neither a log nor a timestamp authority, so no signature would have a time");
  return parsed;
}

}  // namespace waybill::sigstore
