#include <algorithm>

#include "core/base/json.h"
#include "core/chart/repository_index.h"
#include "core/yaml/document.h"
#include "core/yaml/quote.h"

namespace waybill::chart {
namespace {

std::string scalar(const Json& value) {
  if (!value.is_string()) return value.dump();
  const auto& text = value.get_ref<const std::string&>();
  const bool on_one_line = std::ranges::none_of(text, [](unsigned char c) { return c < ' '; });
  return on_one_line ? yaml::scalar(text) : value.dump();
}

bool is_on_one_line(const Json& value) {
  return value.is_primitive() || value.empty();
}

std::string block(const Json& value, std::size_t indentation);

// What stands behind a key or a dash.
std::string behind(const Json& value, std::size_t indentation) {
  if (is_on_one_line(value)) return " " + scalar(value) + "\n";
  return "\n" + block(value, indentation);
}

std::string block(const Json& value, std::size_t indentation) {
  const std::string margin(indentation, ' ');
  std::string text;
  if (value.is_object())
    for (const auto& [key, member] : value.items())
      text += margin + yaml::scalar(key) + ":" + behind(member, indentation + (member.is_object() ? 2 : 0));
  else
    for (const Json& item : value)
      text += is_on_one_line(item) ? margin + "- " + scalar(item) + "\n"
                                   : margin + "- " + block(item, indentation + 2).substr(indentation + 2);
  return text;
}

}  // namespace

IndexEntry index_entry(const Subtree& subtree, const Package& package, std::string_view url, std::string_view created) {
  Json entry = parse_json(helm_config(subtree, package.name), "the metadata of " + package.file_name);
  entry["created"] = created;
  entry["digest"] = package.digest.hex();
  entry["urls"] = Json::array({url});
  std::string text = block(Json::array({std::move(entry)}), 0);
  yaml::parse(text, package.file_name + " in index.yaml");
  return {package.name, package.version, package.digest, std::move(text)};
}

}  // namespace waybill::chart
