#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"

namespace waybill::sigstore {

// One message in protobuf's JSON mapping, read strictly: lowerCamelCase members from a closed list, null = absent,
// 64-bit integers as decimal strings, bytes as padded standard base64. Whatever else stands there is Fault::kInput
// naming the member by its path. Points into the document, which must outlive it.
class Message {
 public:
  using Members = std::initializer_list<std::string_view>;

  Message(const Json& value, std::string path, Members members);

  const std::string& path() const { return path_; }

  bool has(std::string_view member) const;
  // Required and not empty.
  std::string text(std::string_view member) const;
  // Absent = empty, as protobuf leaves empty texts out.
  std::string text_or_empty(std::string_view member) const;
  std::string bytes(std::string_view member) const;
  Time time(std::string_view member) const;
  Message message(std::string_view member, Members members) const;
  // Absent = 0, as protobuf leaves zeros out; never negative, at most `most`.
  std::int64_t number(std::string_view member, std::int64_t most = INT64_MAX) const;
  // Absent = none; more than `most` is refused.
  std::vector<Message> messages(std::string_view member, Members members, std::size_t most = 64) const;
  std::vector<std::string> byte_strings(std::string_view member, std::size_t most = 64) const;

 private:
  std::string name(std::string_view member) const;
  const Json& required(std::string_view member) const;
  const Json& list(std::string_view member, std::size_t most) const;

  const Json* value_;
  std::string path_;
};

}  // namespace waybill::sigstore
