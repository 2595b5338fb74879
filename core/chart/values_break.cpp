#include "core/chart/values_break.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/yaml/document.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kMostTold = 20;
constexpr std::size_t kDeepest = 32;

std::string below(const std::string& path, std::string_view key) {
  return (path.empty() ? "" : path + ".") + printable_line(key);
}

std::string_view text_of(const Subtree& subtree, const char* file) {
  const auto found = subtree.find(file);
  return found == subtree.end() ? std::string_view() : std::string_view(found->second.content);
}

// What a value is for a template: nothing may become anything.
std::string_view kind_of(const yaml::Node& node) {
  switch (node.kind()) {
    case yaml::Kind::kNull:
      return "";
    case yaml::Kind::kSequence:
      return "a list";
    case yaml::Kind::kMapping:
      return "a mapping";
    case yaml::Kind::kScalar:
      break;
  }
  if (node.quoted()) return "text";
  if (node.text() == "true" || node.text() == "false") return "true or false";
  const bool number = node.text().find_first_not_of("0123456789.-") == std::string::npos;
  return number ? "a number" : "text";
}

class Comparison {
 public:
  void values(const yaml::Node& before, const yaml::Node& after, const std::string& path) {
    const std::string_view was = kind_of(before);
    const std::string_view is = kind_of(after);
    if (was.empty() || is.empty()) return;
    if (was != is) {
      found_.insert(fmt::format("`{}` was {} and is {}", path, was, is));
      return;
    }
    if (before.kind() != yaml::Kind::kMapping) return;
    for (const auto& [key, value] : before.members()) {
      if (const auto now = after.find(key))
        values(value, *now, below(path, key));
      else
        found_.insert(fmt::format("`{}` is gone", below(path, key)));
    }
  }

  void schemas(const Json& before, const Json& after, const std::string& path, std::size_t depth) {
    if (!before.is_object() || !after.is_object() || depth > kDeepest) return;
    for (const std::string& key : names(after, "required"))
      if (!names(before, "required").contains(key))
        found_.insert(fmt::format("`{}` is required now", below(path, key)));
    if (is_closed(after) && !is_closed(before))
      found_.insert(fmt::format("`{}` takes no other keys now", path.empty() ? "." : path));
    for (const char* key : {"type", "enum"}) {
      const std::string where = path.empty() ? "." : path;
      if (after.contains(key) && !before.contains(key))
        found_.insert(fmt::format("`{}` says which `{}` it has now", where, key));
      for (const std::string& taken : missing(before, after, key))
        found_.insert(fmt::format("`{}` of `{}` does not allow {} any more", key, where, taken));
    }
    if (!before.contains("properties") || !after.contains("properties")) return;
    for (const auto& [key, schema] : before["properties"].items()) {
      const auto now = after["properties"].find(key);
      if (now != after["properties"].end())
        schemas(schema, *now, below(path, key), depth + 1);
      else if (is_closed(after))
        found_.insert(fmt::format("`{}` is gone", below(path, key)));
    }
  }

  std::vector<std::string> told() const {
    std::vector<std::string> told(found_.begin(), found_.end());
    if (told.size() <= kMostTold) return told;
    const std::size_t more = told.size() - kMostTold;
    told.resize(kMostTold);
    told.push_back(fmt::format("and {} more", more));
    return told;
  }

 private:
  static bool is_closed(const Json& schema) {
    const auto found = schema.find("additionalProperties");
    return found != schema.end() && *found == false;
  }

  // The words of a list, or of one.
  static std::set<std::string> names(const Json& schema, const char* key) {
    std::set<std::string> names;
    const auto found = schema.find(key);
    if (found == schema.end()) return names;
    for (const Json& item : found->is_array() ? *found : Json::array({*found}))
      names.insert(item.is_string() ? printable_line(item.get<std::string>()) : item.dump());
    return names;
  }

  // What one lists and the other does not.
  static std::set<std::string> missing(const Json& before, const Json& after, const char* key) {
    std::set<std::string> missing;
    if (!after.contains(key)) return missing;
    const std::set<std::string> left = names(after, key);
    for (const std::string& name : names(before, key))
      if (!left.contains(name) && !(name == "integer" && left.contains("number"))) missing.insert(name);
    return missing;
  }

  std::set<std::string> found_;
};

std::optional<yaml::Node> read_values(const Subtree& subtree) {
  try {
    return yaml::parse(text_of(subtree, "values.yaml"), "values.yaml");
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json read_schema(const Subtree& subtree) {
  try {
    return parse_json(text_of(subtree, "values.schema.json"), "values.schema.json");
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

std::vector<std::string> broken_values(const Subtree& before, const Subtree& after) {
  Comparison comparison;
  const bool changed = text_of(before, "values.yaml") != text_of(after, "values.yaml");
  const auto was = changed ? read_values(before) : std::nullopt;
  const auto is = changed ? read_values(after) : std::nullopt;
  if (was && is) comparison.values(*was, *is, "");
  comparison.schemas(read_schema(before), read_schema(after), "", 0);
  return comparison.told();
}

}  // namespace waybill::chart
