#include "core/adopt/forge_facts.h"

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

#include "core/base/error.h"

namespace waybill::adopt {
namespace {

// https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/, and `github_pat_` since 2022.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKinds{{
    {"github_pat_", "a fine-grained personal access token"},
    {"ghp_", "a classic personal access token"},
    {"gho_", "a token of an OAuth application"},
    {"ghu_", "a token of an App for a user"},
    {"ghs_", "a token of an App's installation or of a job"},
    {"ghr_", "a refresh token, which opens nothing by itself"},
}};

std::string host_of(std::string_view server) {
  const std::size_t scheme = server.find("://");
  return std::string(scheme == std::string_view::npos ? server : server.substr(scheme + 3));
}

}  // namespace

ForgeFacts ask_forge(const forge::Reader& forge) {
  try {
    return {forge.repository(), {}};
  } catch (const Error& error) {
    if (error.fault() == Fault::kInternal) throw;
    return {std::nullopt, error.what()};
  }
}

std::string kind_of_token(std::string_view token) {
  if (token.empty()) return {};
  for (const auto& [prefix, kind] : kKinds)
    if (token.starts_with(prefix)) return std::string(kind);
  return "a token of no form that GitHub documents";
}

std::optional<std::string> repository_in(std::string_view remote_url, std::string_view server) {
  static const std::regex form(
      R"((?:https://(?:[^@/]*@)?|ssh://git@|git@)([A-Za-z0-9.:-]+?)[:/]([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?)");
  std::cmatch found;
  if (!std::regex_match(remote_url.begin(), remote_url.end(), found, form) || found[1].str() != host_of(server))
    return std::nullopt;
  return found[2].str();
}

}  // namespace waybill::adopt
