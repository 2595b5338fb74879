#include "core/sigstore/message.h"

#include <algorithm>
#include <charconv>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill::sigstore {
namespace {

std::string decoded(const Json& value, const std::string& name) {
  if (!value.is_string()) throw Error(Fault::kInput, "{} is a {}, base64 text is wanted", name, value.type_name());
  try {
    return from_base64(value.get_ref<const std::string&>());
  } catch (const Error& error) {
    throw Error(Fault::kInput, "{}: {}", name, error.what());
  }
}

std::int64_t parsed(std::string_view digits, const std::string& name) {
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  const bool shortest = digits.size() == 1 || !digits.starts_with('0');
  if (digits.empty() || error != std::errc() || stop != end || number < 0 || !shortest)
    throw Error(Fault::kInput, "{} is `{}`, a whole number from 0 is wanted", name, digits.substr(0, 40));
  return number;
}

}  // namespace

Message::Message(const Json& value, std::string path, Members members) : value_(&value), path_(std::move(path)) {
  if (!value.is_object()) throw Error(Fault::kInput, "{} is a {}, an object is wanted", path_, value.type_name());
  for (const auto& [key, ignored] : value.items())
    if (std::ranges::find(members, key) == members.end())
      throw Error(Fault::kInput, "{} has the unknown member `{}`", path_, key.substr(0, 80));
}

std::string Message::name(std::string_view member) const {
  return fmt::format("{}.{}", path_, member);
}

bool Message::has(std::string_view member) const {
  const auto found = value_->find(member);
  return found != value_->end() && !found->is_null();
}

const Json& Message::required(std::string_view member) const {
  if (!has(member)) throw Error(Fault::kInput, "{} is missing", name(member));
  return *value_->find(member);
}

std::string Message::text(std::string_view member) const {
  static_cast<void>(required(member));
  std::string text = text_or_empty(member);
  if (text.empty()) throw Error(Fault::kInput, "{} is empty", name(member));
  return text;
}

std::string Message::text_or_empty(std::string_view member) const {
  if (!has(member)) return "";
  const Json& value = required(member);
  if (!value.is_string()) throw Error(Fault::kInput, "{} is a {}, text is wanted", name(member), value.type_name());
  return value.get<std::string>();
}

std::string Message::bytes(std::string_view member) const {
  std::string bytes = decoded(required(member), name(member));
  if (bytes.empty()) throw Error(Fault::kInput, "{} is empty", name(member));
  return bytes;
}

Time Message::time(std::string_view member) const {
  try {
    return parse_rfc3339(text(member));
  } catch (const Error& error) {
    throw Error(Fault::kInput, "{}: {}", name(member), error.what());
  }
}

Message Message::message(std::string_view member, Members members) const {
  return {required(member), name(member), members};
}

std::int64_t Message::number(std::string_view member, std::int64_t most) const {
  if (!has(member)) return 0;
  const Json& value = required(member);
  if (!value.is_string() && !value.is_number_integer())
    throw Error(Fault::kInput, "{} is a {}, a whole number is wanted", name(member), value.type_name());
  const std::int64_t number = parsed(value.is_string() ? value.get<std::string>() : value.dump(), name(member));
  if (number > most) throw Error(Fault::kInput, "{} is {}, at most {} is meant", name(member), number, most);
  return number;
}

const Json& Message::list(std::string_view member, std::size_t most) const {
  const Json& value = required(member);
  if (!value.is_array()) throw Error(Fault::kInput, "{} is a {}, a list is wanted", name(member), value.type_name());
  if (value.size() > most)
    throw Error(Fault::kInput, "{} has {} elements, at most {} are read", name(member), value.size(), most);
  return value;
}

std::vector<Message> Message::messages(std::string_view member, Members members, std::size_t most) const {
  std::vector<Message> all;
  if (!has(member)) return all;
  for (const Json& value : list(member, most))
    all.emplace_back(value, fmt::format("{}[{}]", name(member), all.size()), members);
  return all;
}

std::vector<std::string> Message::byte_strings(std::string_view member, std::size_t most) const {
  std::vector<std::string> all;
  if (!has(member)) return all;
  for (const Json& value : list(member, most))
    all.push_back(decoded(value, fmt::format("{}[{}]", name(member), all.size())));
  return all;
}

}  // namespace waybill::sigstore
