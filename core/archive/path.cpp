#include <algorithm>
#include <set>

#include "core/archive/layout.h"
#include "core/base/error.h"

namespace waybill::archive {
namespace {

constexpr std::size_t kPathLimit = 4096;

std::string printable(std::string_view path) {
  std::string text(path.substr(0, 256));
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

[[noreturn]] void refuse(std::string_view path, std::string_view why) {
  throw Error(Fault::kInput, "archive member `{}` {}", printable(path), why);
}

}  // namespace

void require_plain_path(std::string_view path) {
  if (path.empty()) refuse(path, "has no name");
  if (path.size() > kPathLimit) refuse(path, "has a name of more than 4096 bytes");
  if (path.front() == '/') refuse(path, "has an absolute path");
  if (std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; }))
    refuse(path, "has a backslash or a control character in its name");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == "..") refuse(path, "leads out of the archive");
    if (part.empty() || part == ".") refuse(path, "has a part in its path that names nothing");
    begin = end + 1;
  }
}

void require_distinct(const std::vector<std::string>& paths) {
  std::set<std::string_view> seen;
  for (const std::string& path : paths)
    if (!seen.insert(path).second) refuse(path, "stands twice");
  for (const std::string& path : paths)
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      if (seen.contains(std::string_view(path).substr(0, slash)))
        refuse(path.substr(0, slash), "is a file here and a folder there");
}

}  // namespace waybill::archive
