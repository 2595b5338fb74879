#include "sandbox/github_schema.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/sandbox/api.h"
#include "testing/data.h"

namespace waybill::testing {
namespace {

bool is_of_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

bool is_of_types(const Json& value, const Json& types) {
  if (types.is_string()) return is_of_type(value, types);
  return std::ranges::any_of(types, [&](const Json& type) { return is_of_type(value, type); });
}

// {ref}, {path} and the like hold slashes.
std::string widened(std::string pattern) {
  for (const std::string name : {"{ref}", "{path}", "{branch}", "{tag}"})
    if (const std::size_t at = pattern.find(name); at != std::string::npos) pattern.insert(at + name.size() - 1, "*");
  return pattern;
}

}  // namespace

std::optional<GitHubSchema> GitHubSchema::open() {
  const auto path = data("github/github-jsonschema-subset.json");
  if (!path) return std::nullopt;
  return GitHubSchema(parse_json(read_file(*path, 8UL * 1024 * 1024), "GitHub's schema"));
}

bool GitHubSchema::fits(const Json& schema, const Json& value) const {
  std::vector<std::string> found;
  check(schema, value, "", found);
  return found.empty();
}

void GitHubSchema::check(const Json& schema, const Json& value, const std::string& at,
                         std::vector<std::string>& found) const {
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/definitions/").size());
    check(document_["definitions"][name], value, at, found);
    return;
  }
  if (schema.contains("type") && !is_of_types(value, schema["type"])) {
    found.push_back(at + " is a " + value.type_name() + ", not " + schema["type"].dump());
    return;
  }
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
    found.push_back(at + " is " + value.dump() + ", not one of " + schema["enum"].dump());
  for (const char* choice : {"oneOf", "anyOf"})
    if (schema.contains(choice) &&
        std::ranges::none_of(schema[choice], [&](const Json& option) { return fits(option, value); }))
      found.push_back(at + " fits none of the choices");
  if (schema.contains("allOf"))
    for (const Json& part : schema["allOf"]) check(part, value, at, found);
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      check(schema["items"], value[i], at + "[" + std::to_string(i) + "]", found);
  if (!value.is_object()) return;
  if (schema.contains("required"))
    for (const Json& name : schema["required"])
      if (!value.contains(name.get<std::string>())) found.push_back(at + "." + name.get<std::string>() + " is missing");
  for (const auto& [name, member] : value.items()) {
    if (schema.contains("properties") && schema["properties"].contains(name))
      check(schema["properties"][name], member, at + "." + name, found);
    else if (schema.value("additionalProperties", Json(true)) == false)
      found.push_back(at + "." + name + " is not in the description");
  }
}

std::vector<std::string> GitHubSchema::complaints(const std::string& method, const std::string& path, int status,
                                                  const std::string& body) const {
  const Json* wide = nullptr;
  const Json* operation = nullptr;
  for (const auto& [name, candidate] : operations().items()) {
    if (candidate["method"] != method) continue;
    const std::string pattern = candidate["path"];
    if (sandbox::matched(pattern, path))
      operation = operation != nullptr && pattern.find('{') == std::string::npos ? operation : &candidate;
    else if (sandbox::matched(widened(pattern), path))
      wide = &candidate;
  }
  if (operation == nullptr) operation = wide;
  if (operation == nullptr) return {method + " " + path + " is no operation of GitHub's"};
  const bool common_refusal = status == 401 || status == 403 || status == 404 || status == 405 || status == 422;
  const Json& responses = (*operation)["responses"];
  const std::string code = std::to_string(status);
  const Json schema = responses.contains(code) ? responses[code]
                      : common_refusal         ? Json({{"$ref", "#/definitions/basic-error"}})
                                               : Json(false);
  if (schema == false) return {method + " " + path + " never answers " + code};
  if (schema.is_null()) return {};
  std::vector<std::string> found;
  check(schema, parse_json(body, "answer", {64UL * 1024 * 1024, 128}), method + " " + path, found);
  return found;
}

}  // namespace waybill::testing
