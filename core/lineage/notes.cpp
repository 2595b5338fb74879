#include "core/lineage/notes.h"

#include <optional>

#include "core/base/error.h"
#include "core/intoto/statement.h"

namespace waybill::lineage {
namespace {

// Where a format keeps what nobody foresaw: a list, and the text of the note with this name in one of its items.
struct Place {
  const char* list;
  std::optional<std::string> (*text_of)(const Json& item, std::string_view name);
  Json (*item)(const Json& predicate, std::string_view name, const std::string& text);
};

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::string> text_of_property(const Json& item, std::string_view name) {
  if (!item.is_object() || text_in(item, "name") != name) return std::nullopt;
  return text_in(item, "value");
}

Json property(const Json&, std::string_view name, const std::string& text) {
  return {{"name", name}, {"value", text}};
}

std::optional<std::string> text_of_annotation(const Json& item, std::string_view name) {
  const std::string comment = item.is_object() ? text_in(item, "comment") : "";
  const std::string start = fmt::format("{}: ", name);
  if (!comment.starts_with(start)) return std::nullopt;
  return comment.substr(start.size());
}

Json annotation(const Json& document, std::string_view name, const std::string& text) {
  const Json& creation = member(document, "creationInfo", "SPDX document");
  const Json& creators = member(creation, "creators", "creationInfo");
  if (!creators.is_array() || creators.empty() || !creators.front().is_string())
    throw Error(Fault::kInput, "creationInfo: `creators` is no list of texts, at least one is wanted");
  return {{"annotationDate", string_member(creation, "created", "creationInfo")},
          {"annotationType", "OTHER"},
          {"annotator", creators.front()},
          {"comment", fmt::format("{}: {}", name, text)}};
}

constexpr std::string_view kSpdx2 = "https://spdx.dev/Document/v2.";

constexpr Place kProperties{"properties", text_of_property, property};
constexpr Place kAnnotations{"annotations", text_of_annotation, annotation};

const Place* place_in(std::string_view predicate_type) {
  if (predicate_type == intoto::kCycloneDx) return &kProperties;
  if (predicate_type.starts_with(kSpdx2)) return &kAnnotations;
  return nullptr;
}

Json::array_t items_in(const Json& predicate, const char* list) {
  const Json& items = member(predicate, list, "predicate");
  if (!items.is_array()) throw Error(Fault::kInput, "predicate: `{}` is no list", list);
  return items;
}

}  // namespace

Json noted(Json predicate, std::string_view predicate_type, std::string_view name, const Json& note) {
  if (!predicate.is_object())
    throw Error(Fault::kInput, "the predicate is no object but of type {}", predicate.type_name());
  const Place* place = place_in(predicate_type);
  if (place == nullptr) {
    predicate[name] = note;
    return predicate;
  }
  Json::array_t items;
  if (predicate.contains(place->list)) items = items_in(predicate, place->list);
  std::erase_if(items, [&](const Json& item) { return place->text_of(item, name).has_value(); });
  items.push_back(place->item(predicate, name, canonical(note)));
  predicate.erase(std::string(name));
  predicate[place->list] = std::move(items);
  return predicate;
}

Json note_in(const Json& predicate, std::string_view predicate_type, std::string_view name) {
  const Place* place = place_in(predicate_type);
  if (place == nullptr || (predicate.is_object() && predicate.contains(name)))
    return member(predicate, name, "predicate");
  std::optional<std::string> text;
  for (const Json& item : items_in(predicate, place->list)) {
    std::optional<std::string> found = place->text_of(item, name);
    if (found && text) throw Error(Fault::kInput, "`{}` stands twice in its `{}`, once is wanted", name, place->list);
    if (found) text = std::move(found);
  }
  if (!text) throw Error(Fault::kInput, "`{}` is missing in its `{}`", name, place->list);
  return parse_json(*text, name);
}

}  // namespace waybill::lineage
