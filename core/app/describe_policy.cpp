#include "core/app/describe_policy.h"

#include "core/app/describe_readme.h"
#include "core/base/json.h"
#include "core/lineage/policy_keys.h"

namespace waybill::app {
namespace {

using lineage::KeyForm;
using lineage::PolicyKey;

std::string initial(const PolicyKey& key) {
  if (!key.initial.empty()) return fmt::format("`{}`", key.initial);
  if (!key.otherwise.empty()) return std::string(key.otherwise);
  return key.required ? "required" : "none";
}

bool holds_others(const PolicyKey& key) {
  return key.form == KeyForm::kMapping || key.form == KeyForm::kNamed || key.form == KeyForm::kItems;
}

OrderedJson text(const PolicyKey& key) {
  OrderedJson schema = {{"type", "string"}};
  if (key.allowed.begin() != key.allowed.end()) {
    schema["enum"] = OrderedJson::array();
    for (const std::string_view value : key.allowed) schema["enum"].push_back(value);
  }
  if (!key.pattern.empty()) schema["pattern"] = key.pattern;
  return schema;
}

OrderedJson integer(const PolicyKey& key) {
  OrderedJson schema = {{"type", "integer"}};
  for (const std::string_view value : key.allowed) schema["enum"].push_back(OrderedJson::parse(value));
  return schema;
}

OrderedJson texts(const PolicyKey& key, std::size_t least) {
  OrderedJson schema = {{"type", "array"}, {"items", text(key)}};
  if (least > 0) schema["minItems"] = least;
  return schema;
}

// The schema, and what it refers to: for each mapping that has a name for every stage, what stands below such a name.
class Schema {
 public:
  OrderedJson document() {
    OrderedJson schema = {
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", ".waybill.yml"},
        {"description", "The policy of a repository that releases with waybill. Written by `waybill describe`."}};
    schema.update(mapping(""));
    schema["definitions"] = definitions_;
    return schema;
  }

 private:
  OrderedJson mapping(std::string_view path) {
    OrderedJson schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const PolicyKey& key : lineage::keys_below(path)) {
      if (key.required) schema["required"].push_back(key.name());
      schema["properties"][std::string(key.name())] = value(key);
    }
    return schema;
  }

  OrderedJson named(const PolicyKey& key) {
    OrderedJson schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const PolicyKey& below : lineage::keys_below(key.path)) {
      if (!below.is_stage()) {
        schema["additionalProperties"] = value(below);
        continue;
      }
      definitions_[std::string(key.name())] = value(below);
      for (const std::string_view stage : lineage::stages_of(lineage::Pipeline::kFull))
        schema["properties"][std::string(stage)] = {{"$ref", fmt::format("#/definitions/{}", key.name())}};
    }
    return schema;
  }

  OrderedJson form(const PolicyKey& key) {
    switch (key.form) {
      case KeyForm::kInteger:
        return integer(key);
      case KeyForm::kText:
        return text(key);
      case KeyForm::kTexts:
        return texts(key, 0);
      case KeyForm::kSomeTexts:
        return texts(key, 1);
      case KeyForm::kTextOrTexts:
        return {{"oneOf", {text(key), texts(key, 1)}}};
      case KeyForm::kMapping:
        return mapping(key.path);
      case KeyForm::kNamed:
        return named(key);
      case KeyForm::kItems:
        return {{"type", "array"}, {"items", mapping(std::string(key.path) + "[]")}};
    }
    return {};
  }

  OrderedJson value(const PolicyKey& key) {
    OrderedJson schema = {{"description", key.meaning}};
    if (!key.otherwise.empty()) schema["description"] = fmt::format("{}. Default: {}", key.meaning, key.otherwise);
    if (!key.initial.empty())
      schema["default"] = key.form == KeyForm::kInteger ? OrderedJson::parse(key.initial) : OrderedJson(key.initial);
    schema.update(form(key));
    return schema;
  }

  OrderedJson definitions_;
};

}  // namespace

std::string policy_table() {
  std::string table = "| key | default | meaning |\n|---|---|---|\n";
  for (const PolicyKey& key : lineage::policy_keys())
    if (!holds_others(key))
      table += fmt::format("| `{}` | {} | {} |\n", key.path, cell(initial(key)), cell(key.meaning));
  return table;
}

std::string policy_schema() {
  return Schema().document().dump(2) + "\n";
}

}  // namespace waybill::app
