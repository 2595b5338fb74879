#include "core/base/repository_name.h"

#include <algorithm>

namespace waybill {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_part(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, is_plain);
}

}  // namespace

bool is_repository_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_part(text.substr(0, slash)) && is_part(text.substr(slash + 1));
}

}  // namespace waybill
