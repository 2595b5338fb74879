#include "core/base/json.h"

#include <set>
#include <vector>

#include "core/base/error.h"

namespace waybill {
namespace {

// Watches a parse from outside: nlohmann keeps the last of two equal keys, two readers might not agree (trust.md T13).
class Strict {
 public:
  Strict(std::string_view what, std::size_t depth) : what_(what), depth_(depth) {}

  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        open();
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        keys_.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!keys_.back().insert(parsed.get<std::string>()).second)
          throw Error(Fault::kInput, "{}: the key `{}` stands twice in one object", what_, parsed.get<std::string>());
        break;
      case Json::parse_event_t::value:
        break;
    }
    return true;
  }

 private:
  void open() {
    if (keys_.size() >= depth_) throw Error(Fault::kInput, "{}: nested deeper than {} levels", what_, depth_);
    keys_.emplace_back();
  }

  std::string_view what_;
  std::size_t depth_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view what, JsonLimits limits) {
  if (text.size() > limits.bytes)
    throw Error(Fault::kInput, "{}: {} bytes of JSON, at most {} are read", what, text.size(), limits.bytes);
  if (text.starts_with("\xEF\xBB\xBF")) throw Error(Fault::kInput, "{}: begins with a byte order mark", what);
  try {
    return Json::parse(text, Strict(what, limits.depth));
  } catch (const Json::parse_error& error) {
    throw Error(Fault::kInput, "{}: not JSON at byte {}", what, error.byte);
  } catch (const Json::out_of_range&) {
    throw Error(Fault::kInput, "{}: holds a number beyond what JSON readers agree on", what);
  }
}

std::string canonical(const Json& value) {
  try {
    return value.dump(-1, ' ', false, Json::error_handler_t::strict);
  } catch (const Json::type_error&) {
    throw Error(Fault::kInput, "a text that is not UTF-8 cannot be written as JSON");
  }
}

const Json& member(const Json& object, std::string_view key, std::string_view what) {
  if (!object.is_object())
    throw Error(Fault::kInput, "{}: a {} stands where an object is wanted", what, object.type_name());
  const auto found = object.find(key);
  if (found == object.end()) throw Error(Fault::kInput, "{}: `{}` is missing", what, key);
  return *found;
}

std::string string_member(const Json& object, std::string_view key, std::string_view what) {
  const Json& value = member(object, key, what);
  if (!value.is_string())
    throw Error(Fault::kInput, "{}: `{}` is a {}, a string is wanted", what, key, value.type_name());
  return value.get<std::string>();
}

}  // namespace waybill
