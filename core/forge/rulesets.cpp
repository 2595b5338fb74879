#include <algorithm>

#include "core/forge/exchange.h"
#include "core/forge/read.h"

namespace waybill::forge {
namespace {

constexpr std::string_view kRead = "metadata: read";
constexpr std::string_view kWrite = "administration: write";

Ruleset read_ruleset(const Json& json) {
  return {.id = read_number(json, "id", "ruleset"), .name = string_member(json, "name", "ruleset"), .body = json};
}

// Without their rules: the list has none.
std::vector<Ruleset> listed(const Exchange& api) {
  const Call list{.path = api.repository_path("/rulesets?per_page=100&includes_parents=false"),
                  .what = "rulesets",
                  .permission = std::string(kRead)};
  std::vector<Ruleset> found;
  for (const Json& item : api.list(list)) found.push_back(api.understood(list, [&] { return read_ruleset(item); }));
  return found;
}

}  // namespace

std::vector<Ruleset> Client::rulesets() const {
  const Exchange api = this->api();
  std::vector<Ruleset> found;
  for (const Ruleset& each : listed(api)) {
    const Call one{.path = api.repository_path(fmt::format("/rulesets/{}?includes_parents=false", each.id)),
                   .what = "ruleset `" + each.name + "`",
                   .permission = std::string(kRead)};
    const Json body = api.get(one);
    found.push_back(api.understood(one, [&] { return read_ruleset(body); }));
  }
  return found;
}

void Client::keep_ruleset(const std::string& name, const Json& body) const {
  const Exchange api = this->api();
  const auto there = [&]() -> std::optional<Ruleset> {
    for (Ruleset& one : listed(api))
      if (one.name == name) return std::move(one);
    return std::nullopt;
  };
  if (const auto known = there()) {
    api.succeed({.method = "PUT",
                 .path = api.repository_path(fmt::format("/rulesets/{}", known->id)),
                 .what = "ruleset `" + name + "`",
                 .permission = std::string(kWrite),
                 .body = body,
                 .repeatable = true});
    return;
  }
  const Call call{.method = "POST",
                  .path = api.repository_path("/rulesets"),
                  .what = "ruleset `" + name + "`",
                  .permission = std::string(kWrite),
                  .body = body};
  static_cast<void>(api.create<Ruleset>(call, read_ruleset, there));
}

}  // namespace waybill::forge
