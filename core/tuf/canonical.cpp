#include "core/tuf/canonical.h"

#include "core/base/error.h"

namespace waybill::tuf {
namespace {

void write_string(std::string& out, const std::string& text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void write(std::string& out, const Json& value) {
  std::string_view separator;
  switch (value.type()) {
    case Json::value_t::object:  // sorted by bytes of UTF-8, which is the order of the code points
      out += '{';
      for (const auto& [name, member] : value.items()) {
        out += separator;
        write_string(out, name);
        out += ':';
        write(out, member);
        separator = ",";
      }
      out += '}';
      return;
    case Json::value_t::array:
      out += '[';
      for (const Json& element : value) {
        out += separator;
        write(out, element);
        separator = ",";
      }
      out += ']';
      return;
    case Json::value_t::string:
      write_string(out, value.get_ref<const std::string&>());
      return;
    case Json::value_t::null:
    case Json::value_t::boolean:
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      out += value.dump();
      return;
    default:
      throw Error(Fault::kInput, "the number {} is not an integer, as canonical JSON wants", value.dump());
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace waybill::tuf
