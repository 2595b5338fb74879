#include "core/chart/schema.h"

#include "core/archive/archive.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/chart/folders.h"

namespace waybill::chart {
namespace {

bool is_reference(std::string_view key) {
  return key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef";
}

bool is_known_dialect(std::string_view dialect) {
  return dialect.starts_with("http://json-schema.org/") || dialect.starts_with("https://json-schema.org/");
}

void require_closed(const Json& value, const std::string& where) {
  if (value.is_object())
    for (const auto& [key, member] : value.items()) {
      if (!member.is_string()) continue;
      const std::string& text = member.get_ref<const std::string&>();
      if (is_reference(key) && !text.starts_with('#'))
        throw Error(Fault::kInput, "{}: {} `{}` points out of the document, helm would fetch it", where, key, text)
            .hint("copy the definition into the schema: \"$ref\": \"#/definitions/…\"");
      if (key == "$schema" && !is_known_dialect(text))
        throw Error(Fault::kInput, "{}: $schema `{}` is not one of json-schema.org", where, text);
    }
  if (value.is_structured())
    for (const Json& member : value) require_closed(member, where);
}

void check_schema(std::string_view text, const std::string& where) {
  require_closed(parse_json(text, where, {.bytes = 5 * 1024 * 1024, .depth = 100}), where);
}

bool is_schema(std::string_view path) {
  return path == "values.schema.json" || path.ends_with("/values.schema.json");
}

bool is_nested_archive(std::string_view path) {
  return path.ends_with(".tgz") && (path.starts_with("charts/") || path.find("/charts/") != std::string_view::npos);
}

void check_archive(std::string_view bytes, const std::string& where, int depth) {
  if (depth > 8) throw Error(Fault::kInput, "{}: archives within archives more than 8 deep", where);
  for (const archive::Member& member : archive::read_tar_gzip(bytes)) {
    const std::string path = where + "/" + member.path;
    if (is_schema(member.path)) check_schema(member.content, path);
    if (is_nested_archive(member.path)) check_archive(member.content, path, depth + 1);
  }
}

}  // namespace

void require_closed_schemas(const Subtree& subtree, std::string_view chart_path) {
  for (const auto& [path, file] : subtree) {
    const std::string where = path_in(chart_path, path);
    if (is_schema(path)) check_schema(file.content, where);
    if (is_nested_archive(path)) check_archive(file.content, where, 0);
  }
}

}  // namespace waybill::chart
