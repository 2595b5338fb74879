#include "core/chart/helmignore.h"

#include "core/base/error.h"
#include "core/base/unicode.h"

namespace waybill::chart {

HelmIgnore::HelmIgnore(std::string_view text, std::string_view where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    add(text.substr(0, end), where, number);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  add("templates/.?*", where, 0);
}

void HelmIgnore::add(std::string_view line, std::string_view where, std::size_t number) {
  line = trimmed(line);
  if (line.empty() || line.starts_with('#')) return;
  if (line.find("**") != std::string_view::npos)
    throw Error(Fault::kInput, "{}, line {}: helm knows no `**`, found `{}`", where, number, line);
  if (!Glob::parse(line)) throw Error(Fault::kInput, "{}, line {}: `{}` is not a pattern", where, number, line);
  const bool negated = line.starts_with('!');
  if (negated) line.remove_prefix(1);
  const bool folders_only = line.ends_with('/');
  if (folders_only) line.remove_suffix(1);
  const bool whole_path = line.find('/') != std::string_view::npos;
  while (line.starts_with('/')) line.remove_prefix(1);
  std::optional<Glob> glob = Glob::parse(line);
  if (!glob) throw Error(Fault::kInput, "{}, line {}: `{}` is not a pattern", where, number, line);
  rules_.push_back({std::move(*glob), negated, folders_only, whole_path});
}

bool HelmIgnore::matches(std::string_view path, bool folder) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const Rule& rule : rules_) {
    const bool wrong_kind = rule.folders_only && !folder;
    const bool match = !wrong_kind && rule.glob.matches(rule.whole_path ? path : name);
    if (match != rule.negated) return true;
  }
  return false;
}

bool HelmIgnore::ignores(std::string_view path) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (matches(path.substr(0, slash), true)) return true;
  return matches(path, false);
}

}  // namespace waybill::chart
