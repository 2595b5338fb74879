#include <charconv>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/chart/chart_yaml.h"
#include "core/chart/folders.h"
#include "core/chart/helm_json.h"
#include "core/chart/helm_text.h"
#include "core/chart/package.h"

namespace waybill::chart {
namespace {

std::optional<yaml::Node> value_at(const yaml::Node& mapping, std::string_view key) {
  std::optional<yaml::Node> node = mapping.find(key);
  if (node && node->kind() == yaml::Kind::kNull) return std::nullopt;
  return node;
}

// Go's `omitempty`: an empty text, list or false leaves no member.
void put_line(OrderedJson& object, const yaml::Node& mapping, std::string_view key) {
  const std::optional<yaml::Node> node = value_at(mapping, key);
  if (!node) return;
  std::string line = helm_line(*node);
  if (!line.empty()) object[std::string(key)] = std::move(line);
}

void put_lines(OrderedJson& object, const yaml::Node& mapping, std::string_view key) {
  const std::optional<yaml::Node> node = value_at(mapping, key);
  if (!node || node->items().empty()) return;
  OrderedJson& list = object[std::string(key)] = OrderedJson::array();
  for (const yaml::Node& item : node->items()) list.push_back(helm_line(item));
}

void put_true(OrderedJson& object, const yaml::Node& mapping, std::string_view key) {
  const std::optional<yaml::Node> node = value_at(mapping, key);
  if (!node) return;
  const std::string text = helm_text(*node);
  if (node->quoted() || (text != "true" && text != "false"))
    throw Error(Fault::kInput, "{}: `{}` is not true or false", node->where(), node->text());
  if (text == "true") object[std::string(key)] = true;
}

// A value of any type: helm keeps `import-values` as it finds it.
OrderedJson untyped(const yaml::Node& node) {
  switch (node.kind()) {
    case yaml::Kind::kNull:
      return nullptr;
    case yaml::Kind::kSequence: {
      OrderedJson list = OrderedJson::array();
      for (const yaml::Node& item : node.items()) list.push_back(untyped(item));
      return list;
    }
    case yaml::Kind::kMapping: {
      Json sorted = Json::object();
      for (const auto& [key, value] : node.members()) sorted[key] = untyped(value);
      return sorted;
    }
    case yaml::Kind::kScalar:
      break;
  }
  const PlainKind kind = node.quoted() ? PlainKind::kText : plain_kind(node.text());
  if (kind == PlainKind::kNull) return nullptr;
  if (kind == PlainKind::kBoolean) return helm_text(node) == "true";
  if (kind == PlainKind::kInteger || kind == PlainKind::kFloat) return OrderedJson::parse(helm_text(node));
  return node.text();
}

OrderedJson maintainer_of(const yaml::Node& node) {
  OrderedJson maintainer = OrderedJson::object();
  for (const std::string_view key : {"name", "email", "url"}) put_line(maintainer, node, key);
  return maintainer;
}

template <class Convert>
void put_list(OrderedJson& object, std::string_view key, const std::optional<yaml::Node>& node,
              const Convert& convert) {
  if (!node || node->items().empty()) return;
  OrderedJson& list = object[std::string(key)] = OrderedJson::array();
  for (const yaml::Node& item : node->items()) list.push_back(convert(item));
}

bool is_blank(std::string_view text) {
  return trimmed(text).empty();
}

std::string authors_of(const Metadata& metadata) {
  std::string authors;
  for (std::size_t i = 0; i < metadata.maintainers.size(); ++i) {
    const auto& [name, email] = metadata.maintainers[i];
    if (i > 0) authors += ", ";
    authors += name;
    if (!email.empty()) authors += " (" + email + ")";
  }
  return authors;
}

}  // namespace

OrderedJson helm_dependency(const yaml::Node& node) {
  OrderedJson dependency = OrderedJson::object();
  dependency["name"] = "";
  put_line(dependency, node, "name");
  put_line(dependency, node, "version");
  dependency["repository"] = "";
  put_line(dependency, node, "repository");
  put_line(dependency, node, "condition");
  put_lines(dependency, node, "tags");
  put_true(dependency, node, "enabled");
  if (const auto values = value_at(node, "import-values"); values && !values->items().empty())
    dependency["import-values"] = untyped(*values);
  if (const auto alias = value_at(node, "alias")) dependency["alias"] = helm_text(*alias);
  return dependency;
}

std::string as_go_writes(const OrderedJson& value) {
  const std::string text = value.dump();
  std::string escaped;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t c = take_character(rest);
    if (c == U'<' || c == U'>' || c == U'&' || c == 0x2028 || c == 0x2029)
      escaped += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
    else
      append_character(escaped, c);
  }
  return escaped;
}

std::string helm_config(const Subtree& subtree, std::string_view where) {
  read_metadata(subtree, where);
  const yaml::Node document = parse_chart_yaml(subtree.at("Chart.yaml").content, path_in(where, "Chart.yaml"));
  OrderedJson config = OrderedJson::object();
  put_line(config, document, "name");
  put_line(config, document, "home");
  put_lines(config, document, "sources");
  put_line(config, document, "version");
  put_line(config, document, "description");
  put_lines(config, document, "keywords");
  put_list(config, "maintainers", value_at(document, "maintainers"), maintainer_of);
  put_line(config, document, "icon");
  put_line(config, document, "apiVersion");
  if (!config.contains("apiVersion")) config["apiVersion"] = "v1";
  put_line(config, document, "condition");
  put_line(config, document, "tags");
  put_line(config, document, "appVersion");
  put_true(config, document, "deprecated");
  if (const auto node = value_at(document, "annotations"); node && !node->members().empty()) {
    Json annotations = Json::object();
    for (const auto& [key, value] : node->members()) annotations[key] = helm_text(value);
    config["annotations"] = annotations;
  }
  put_line(config, document, "kubeVersion");
  std::optional<yaml::Node> dependencies = value_at(document, "dependencies");
  if (const auto requirements = subtree.find("requirements.yaml"); requirements != subtree.end()) {
    const yaml::Node list = yaml::parse(requirements->second.content, path_in(where, "requirements.yaml"));
    if (list.kind() == yaml::Kind::kMapping && list.find("dependencies")) dependencies = value_at(list, "dependencies");
  }
  put_list(config, "dependencies", dependencies, helm_dependency);
  put_line(config, document, "type");
  return as_go_writes(config);
}

std::map<std::string, std::string> helm_annotations(const Metadata& metadata, std::string_view source,
                                                    std::string_view created) {
  const std::string prefix = "org.opencontainers.image.";
  std::map<std::string, std::string> annotations;
  const auto put = [&](const std::string& key, std::string_view value) {
    if (!is_blank(value)) annotations[prefix + key] = value;
  };
  put("description", metadata.description);
  put("title", metadata.name);
  put("version", metadata.version);
  put("url", metadata.home);
  put("created", created);
  if (!metadata.sources.empty()) put("source", metadata.sources.front());
  put("authors", authors_of(metadata));
  for (const auto& [key, value] : metadata.annotations)
    if (key != prefix + "title" && key != prefix + "version") annotations[key] = value;
  put("source", source);
  return annotations;
}

}  // namespace waybill::chart
