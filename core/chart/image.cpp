#include "core/chart/image.h"

#include <string_view>

#include "core/base/error.h"

namespace waybill::chart {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kLarge = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigestMark = "@sha256:";
constexpr std::size_t kDigestLength = 64;

bool consists_of(std::string_view text, const std::string& characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_repository(std::string_view text) {
  return consists_of(text, fmt::format("{}{}._-/:", kDigits, kSmall)) && text.front() != '/' && text.back() != '/' &&
         text.find("//") == std::string_view::npos;
}

// What the container runtimes of Kubernetes read a short name as.
std::string in_full(const std::string& repository) {
  const std::size_t slash = repository.find('/');
  if (slash == std::string::npos) return "docker.io/library/" + repository;
  const std::string_view first = std::string_view(repository).substr(0, slash);
  const bool is_host = first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
  return is_host ? repository : "docker.io/" + repository;
}

}  // namespace

Image Image::parse(const std::string& reference) {
  const Image unread{reference, reference, "", std::nullopt, {}};
  Image image = unread;
  std::string_view rest = reference;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    const std::string_view digest = rest.substr(at);
    if (!digest.starts_with(kDigestMark) || digest.size() != kDigestMark.size() + kDigestLength ||
        !consists_of(digest.substr(kDigestMark.size()), "0123456789abcdef"))
      return unread;
    image.digest = Digest::sha256(digest.substr(kDigestMark.size()));
    rest = rest.substr(0, at);
  }
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find('/', colon) == std::string_view::npos) {
    image.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (!consists_of(image.tag, fmt::format("{}{}{}._-", kDigits, kSmall, kLarge))) return unread;
  }
  if (!is_repository(rest)) return unread;
  image.repository = rest;
  return image;
}

std::string Image::purl() const {
  if (!digest) return "";
  const std::string name = repository.substr(repository.rfind('/') + 1);
  const std::string tagged = tag.empty() ? "" : "&tag=" + tag;
  return fmt::format("pkg:oci/{}@{}?repository_url={}{}", name, digest->text(), in_full(repository), tagged);
}

std::string Image::version() const {
  return tag.empty() && digest ? digest->text() : tag;
}

}  // namespace waybill::chart
