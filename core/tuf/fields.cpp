#include "core/tuf/fields.h"

#include "core/base/error.h"

namespace waybill::tuf {
namespace {

constexpr std::int64_t kLargestNumber = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kTimeLength = std::string_view("2026-11-21T12:00:00Z").size();

std::string shown(std::string_view name) {
  std::string text(name.substr(0, 80));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  return text;
}

}  // namespace

Fields::Fields(const Json& value, std::string path) : value_(&value), path_(std::move(path)) {
  if (!value.is_object()) throw Error(Fault::kInput, "{} is a {}, an object is wanted", path_, value.type_name());
}

const Json& Fields::required(std::string_view member) const {
  const auto found = value_->find(member);
  if (found == value_->end()) throw Error(Fault::kInput, "{}.{} is missing", path_, member);
  return *found;
}

bool Fields::has(std::string_view member) const {
  return value_->contains(member);
}

std::string Fields::text(std::string_view member) const {
  const Json& value = required(member);
  if (!value.is_string())
    throw Error(Fault::kInput, "{}.{} is a {}, a string is wanted", path_, member, value.type_name());
  return value.get<std::string>();
}

std::int64_t Fields::number(std::string_view member, std::int64_t least) const {
  const Json& value = required(member);
  const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= std::uint64_t{kLargestNumber};
  if (!fits || value.get<std::int64_t>() < least)
    throw Error(Fault::kInput, "{}.{} is `{}`, an integer from {} to {} is wanted", path_, member,
                value.is_structured() ? value.type_name() : shown(value.dump()), least, kLargestNumber);
  return value.get<std::int64_t>();
}

bool Fields::flag(std::string_view member) const {
  const Json& value = required(member);
  if (!value.is_boolean())
    throw Error(Fault::kInput, "{}.{} is a {}, true or false is wanted", path_, member, value.type_name());
  return value.get<bool>();
}

Time Fields::time(std::string_view member) const {
  const std::string value = text(member);
  if (value.size() != kTimeLength || value.back() != 'Z' || value[10] != 'T')
    throw Error(Fault::kInput, "{}.{} is `{}`, a time such as 2026-11-21T12:00:00Z is wanted", path_, member,
                shown(value));
  return parse_rfc3339(value);
}

Fields Fields::object(std::string_view member) const {
  return {required(member), path_ + "." + std::string(member)};
}

const Json& Fields::list(std::string_view member, std::size_t most) const {
  const Json& value = required(member);
  if (!value.is_array())
    throw Error(Fault::kInput, "{}.{} is a {}, a list is wanted", path_, member, value.type_name());
  if (value.size() > most)
    throw Error(Fault::kInput, "{}.{} has {} elements, at most {} are read", path_, member, value.size(), most);
  return value;
}

std::vector<std::string> Fields::texts(std::string_view member, std::size_t most) const {
  std::vector<std::string> texts;
  for (const Json& element : list(member, most)) {
    if (!element.is_string())
      throw Error(Fault::kInput, "{}.{}[{}] is a {}, a string is wanted", path_, member, texts.size(),
                  element.type_name());
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::vector<Fields> Fields::objects(std::string_view member, std::size_t most) const {
  std::vector<Fields> objects;
  for (const Json& element : list(member, most))
    objects.emplace_back(element, fmt::format("{}.{}[{}]", path_, member, objects.size()));
  return objects;
}

std::vector<std::string> Fields::names(std::size_t most) const {
  if (value_->size() > most)
    throw Error(Fault::kInput, "{} has {} members, at most {} are read", path_, value_->size(), most);
  std::vector<std::string> names;
  for (const auto& member : value_->items()) names.push_back(member.key());
  return names;
}

std::vector<Fields::Entry> Fields::entries(std::size_t most) const {
  std::vector<Entry> entries;
  for (std::string& name : names(most)) {
    Fields fields(value_->at(name), fmt::format("{}[{}]", path_, shown(name)));
    entries.push_back({std::move(name), std::move(fields)});
  }
  return entries;
}

}  // namespace waybill::tuf
