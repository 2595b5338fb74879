#include <algorithm>
#include <array>
#include <optional>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/chart/chart.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_text.h"
#include "core/chart/version.h"

namespace waybill::chart {
namespace {

constexpr std::array<std::string_view, 17> kKeys{
    "name",        "home",       "sources",     "version",      "description", "keywords",
    "maintainers", "icon",       "apiVersion",  "condition",    "appVersion",  "tags",
    "annotations", "deprecated", "kubeVersion", "dependencies", "type"};

// helm's JSON reader ignores the case of keys: `Version` beside `version` would be another version to it than to
// others.
void require_one_spelling(const yaml::Node& document, std::string_view where) {
  for (const auto& [key, value] : document.members()) {
    const std::string folded = case_folded(key);
    for (const std::string_view known : kKeys)
      if (key != known && folded == case_folded(known))
        throw Error(Fault::kInput, "{}, line {}: `{}` is another spelling of `{}`, helm would read both", where,
                    value.line(), key, known);
  }
}

std::string line_at(const yaml::Node& mapping, std::string_view key) {
  const std::optional<yaml::Node> node = mapping.find(key);
  return node ? helm_line(*node) : std::string();
}

std::vector<std::string> lines_at(const yaml::Node& mapping, std::string_view key) {
  std::vector<std::string> lines;
  const std::optional<yaml::Node> node = mapping.find(key);
  if (node && node->kind() != yaml::Kind::kNull)
    for (const yaml::Node& item : node->items()) lines.push_back(helm_line(item));
  return lines;
}

// A value that every reader of YAML takes for the same text (trust.md T27).
std::string plain_string(const yaml::Node& document, std::string_view key, std::string_view where) {
  const std::optional<yaml::Node> node = document.find(key);
  if (!node || node->kind() == yaml::Kind::kNull)
    throw Error(Fault::kInput, "{} has no `{}`", where, key).hint(std::string(key) + ": …");
  const std::string& text = node->text();
  if (!node->quoted() && !is_text_to_everyone(text))
    throw Error(Fault::kInput, "{}, line {}: {} `{}` is not a text to every reader of YAML", where, node->line(), key,
                text)
        .hint(std::string(key) + ": \"" + text + "\"");
  return text;
}

std::string version_of(const yaml::Node& document, std::string_view where) {
  const std::optional<yaml::Node> node = document.find("version");
  if (!node || node->kind() == yaml::Kind::kNull)
    throw Error(Fault::kInput, "{} has no `version`", where).hint("version: 0.1.0");
  try {
    return Version::parse(node->text()).text();
  } catch (const Error& error) {
    throw Error(error.fault(), "{}, line {}: {}", where, node->line(), error.what()).hint(error.hint());
  }
}

std::string api_version_of(const yaml::Node& document, std::string_view where) {
  const std::optional<yaml::Node> node = document.find("apiVersion");
  if (!node || node->kind() == yaml::Kind::kNull) return "v1";
  if (node->text() != "v1" && node->text() != "v2")
    throw Error(Fault::kInput, "{}, line {}: apiVersion is `{}`, helm 3 knows v1 and v2", where, node->line(),
                node->text())
        .hint("apiVersion: v2");
  return node->text();
}

std::string type_of(const yaml::Node& document, std::string_view where) {
  const std::string type = line_at(document, "type");
  if (!type.empty() && type != "application" && type != "library")
    throw Error(Fault::kInput, "{}: type is `{}`, helm knows application and library", where, type)
        .hint("type: application");
  return type.empty() ? "application" : type;
}

}  // namespace

std::vector<Dependency> read_dependencies(const yaml::Node& document) {
  std::vector<Dependency> dependencies;
  const std::optional<yaml::Node> node = document.find("dependencies");
  if (!node || node->kind() == yaml::Kind::kNull) return dependencies;
  for (const yaml::Node& item : node->items()) {
    Dependency dependency{line_at(item, "name"), line_at(item, "version"), line_at(item, "repository"),
                          line_at(item, "alias")};
    if (dependency.name.empty())
      throw Error(Fault::kInput, "{}, line {}: a dependency without a name", item.where(), item.line());
    dependencies.push_back(std::move(dependency));
  }
  return dependencies;
}

void require_name(std::string_view name, std::string_view where) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool valid = !name.empty() && name.size() <= 63 && letter(name.front()) && letter(name.back()) &&
                     std::ranges::all_of(name, [&](char c) { return letter(c) || c == '-'; });
  if (!valid)
    throw Error(Fault::kInput,
                "{}: `{}` is not a chart's name, wanted up to 63 lower-case letters, digits and inner dashes", where,
                name.substr(0, 80))
        .hint("name: my-chart");
}

yaml::Node parse_chart_yaml(std::string_view text, std::string_view where) {
  if (text.starts_with("\xEF\xBB\xBF"))
    throw Error(Fault::kInput, "{} starts with a byte order mark, which not every reader skips", where)
        .hint("sed -i '1s/^\\xEF\\xBB\\xBF//' " + std::string(where));
  const yaml::Node document = yaml::parse(text, where, {.bytes = 1024 * 1024, .depth = 32, .nodes = 50'000});
  if (document.kind() != yaml::Kind::kMapping)
    throw Error(Fault::kInput, "{} is not a mapping of keys", where).hint("apiVersion: v2");
  require_one_spelling(document, where);
  return document;
}

Metadata read_metadata(std::string_view chart_yaml, std::string_view where) {
  const yaml::Node document = parse_chart_yaml(chart_yaml, where);
  Metadata metadata;
  metadata.name = plain_string(document, "name", where);
  require_name(metadata.name, where);
  metadata.version = version_of(document, where);
  metadata.api_version = api_version_of(document, where);
  metadata.type = type_of(document, where);
  if (const auto node = document.find("appVersion"); node && node->kind() != yaml::Kind::kNull)
    metadata.app_version = node->text();
  metadata.description = line_at(document, "description");
  metadata.home = line_at(document, "home");
  metadata.sources = lines_at(document, "sources");
  if (const auto node = document.find("maintainers"); node && node->kind() != yaml::Kind::kNull)
    for (const yaml::Node& item : node->items())
      metadata.maintainers.emplace_back(line_at(item, "name"), line_at(item, "email"));
  metadata.dependencies = read_dependencies(document);
  if (const auto node = document.find("annotations"); node && node->kind() != yaml::Kind::kNull)
    for (const auto& [key, value] : node->members()) metadata.annotations.emplace(key, helm_text(value));
  return metadata;
}

Metadata read_metadata(const Subtree& subtree, std::string_view chart_path) {
  const std::string where = path_in(chart_path, "Chart.yaml");
  const auto file = subtree.find("Chart.yaml");
  if (file == subtree.end())
    throw Error(Fault::kInput, "{} is missing", where).hint("helm create " + std::string(chart_path));
  return read_metadata(file->second.content, where);
}

}  // namespace waybill::chart
