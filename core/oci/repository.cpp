#include <algorithm>
#include <regex>

#include "core/base/error.h"
#include "core/oci/registry.h"

namespace waybill::oci {
namespace {

constexpr std::size_t kMostName = 255;
constexpr std::size_t kMostTag = 128;

Error not_a_repository(std::string_view text, std::string_view why) {
  return Error(Fault::kInput, "`{}` is not a repository of a registry: {}", text.substr(0, 300), why)
      .hint("write HOST/PATH, as ghcr.io/octo/charts");
}

bool is_host(const std::string& host) {
  static const std::regex form(R"((\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?)");
  return std::regex_match(host, form) && (host.find_first_of(".:[") != std::string::npos || host == "localhost");
}

// Distribution specification 1.1, "Pulling manifests": the form of <name>.
bool is_name(const std::string& name) {
  static const std::regex form(R"([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)");
  return name.size() <= kMostName && std::regex_match(name, form);
}

}  // namespace

Repository Repository::parse(std::string_view text) {
  const std::string_view rest = text.starts_with("oci://") ? text.substr(6) : text;
  if (rest.size() > 2 * kMostName) throw not_a_repository(text, "it is too long");
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) throw not_a_repository(text, "it has no path");
  Repository repository{std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
  if (!is_host(repository.host)) throw not_a_repository(text, "`" + repository.host + "` is not a registry's host");
  if (repository.name.find_first_of("@:") != std::string::npos)
    throw not_a_repository(text, "it names a tag or a digest");
  if (!is_name(repository.name))
    throw not_a_repository(text, "`" + repository.name + "` is not lower-case letters, digits and single separators");
  return repository;
}

std::string tag_of_version(std::string_view version) {
  std::string tag(version);
  std::ranges::replace(tag, '+', '_');
  static const std::regex form("[a-zA-Z0-9_][a-zA-Z0-9._-]*");
  if (tag.size() > kMostTag || !std::regex_match(tag, form))
    throw Error(Fault::kInput, "the version `{}` cannot be a tag, which is at most {} of letters, digits and `._-`",
                version.substr(0, 200), kMostTag);
  return tag;
}

}  // namespace waybill::oci
