#include "core/sigstore/signing_config.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/sigstore/message.h"
#include "core/sigstore/validity.h"

namespace waybill::sigstore {
namespace {

constexpr std::int64_t kNewestFulcio = 2;
constexpr std::int64_t kNewestRekor = 2;
constexpr std::int64_t kNewestOfOthers = 1;  // timestamp authorities and issuers

struct Offer {
  Service service;
  std::string service_operator;
  Validity validity;
};

// "Clients MUST select only one Service with the highest API version that the client is compatible with, that is within
// its validity period, and has the newest validity start date" (sigstore_trustroot.proto); here one of each operator.
std::vector<Service> current(const Message& config, std::string_view member, std::int64_t newest_version, Time now) {
  std::vector<Offer> offers;
  for (const Message& message : config.messages(member, {"url", "majorApiVersion", "validFor", "operator"})) {
    Offer offer{.service = {.url = message.text("url"), .api_version = message.number("majorApiVersion")},
                .service_operator = message.text_or_empty("operator"),
                .validity = parse_validity(message)};
    while (offer.service.url.ends_with('/')) offer.service.url.pop_back();
    const std::int64_t version = offer.service.api_version;
    if (version >= 1 && version <= newest_version && offer.validity.contains(now)) offers.push_back(std::move(offer));
  }
  std::ranges::stable_sort(offers, std::ranges::greater{}, [](const Offer& offer) {
    return std::pair(offer.service.api_version, offer.validity.start);
  });
  std::vector<Service> services;
  std::set<std::string> operators;
  for (Offer& offer : offers)
    if (operators.insert(offer.service_operator).second) services.push_back(std::move(offer.service));
  return services;
}

// ServiceConfiguration of the signing config: ANY = one, ALL = each operator's, EXACT = `count` operators'.
Selection selected(const Message& config, std::string_view services, std::string_view rule, std::int64_t newest_version,
                   Time now) {
  if (!config.has(services)) return {};
  Selection selection{.candidates = current(config, services, newest_version, now), .wanted = 1};
  const Message message = config.message(rule, {"selector", "count"});
  const std::string selector = message.text("selector");
  if (selector == "ALL") {
    selection.wanted = std::max<std::size_t>(selection.candidates.size(), 1);
  } else if (selector == "EXACT") {
    selection.wanted = static_cast<std::size_t>(message.number("count"));
  } else if (selector != "ANY") {
    throw Error(Fault::kInput, "{}.selector is `{}`, `ANY`, `ALL` or `EXACT` is wanted", message.path(), selector);
  }
  if (selection.wanted == 0 || selection.candidates.size() < selection.wanted)
    throw Error(Fault::kInput, "signing config: {} wants {} of {}, {} of API version 1 to {} are valid at {}", rule,
                selection.wanted, services, selection.candidates.size(), newest_version, to_rfc3339(now));
  return selection;
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
  Selection authorities{.candidates = current(config, "caUrls", kNewestFulcio, now), .wanted = 1};
  if (authorities.candidates.empty())
    throw Error(Fault::kInput, "signing config: no certificate authority of API version 1 to {} is valid at {}",
                kNewestFulcio, to_rfc3339(now));
  const std::vector<Service> issuers = current(config, "oidcUrls", kNewestOfOthers, now);
  SigningConfig parsed{.certificate_authorities = std::move(authorities),
                       .issuer = issuers.empty() ? "" : issuers.front().url,
                       .logs = selected(config, "rekorTlogUrls", "rekorTlogConfig", kNewestRekor, now),
                       .timestamp_authorities = selected(config, "tsaUrls", "tsaConfig", kNewestOfOthers, now)};
  if (parsed.logs.wanted == 0 && parsed.timestamp_authorities.wanted == 0)
    throw Error(Fault::kInput,
                "signing config: neither a log nor a timestamp authority, so no signature would have a time");
  return parsed;
}

}  // namespace waybill::sigstore
