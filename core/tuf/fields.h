#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"

namespace waybill::tuf {

// One object of TUF metadata. What is asked for must be there and of its type, else Fault::kInput naming it by its
// path; other members are left alone (specification 4: unknown ones are kept for the signature, not refused). Points
// into the document, which must outlive it.
class Fields {
 public:
  Fields(const Json& value, std::string path);

  const std::string& path() const { return path_; }

  bool has(std::string_view member) const;
  std::string text(std::string_view member) const;
  // At least `least`, and no more than JSON readers agree on.
  std::int64_t number(std::string_view member, std::int64_t least) const;
  bool flag(std::string_view member) const;
  // "2026-11-21T12:00:00Z" and no other form (specification 4.2, date-time).
  Time time(std::string_view member) const;
  Fields object(std::string_view member) const;
  // More than `most` are refused.
  std::vector<std::string> texts(std::string_view member, std::size_t most) const;
  std::vector<Fields> objects(std::string_view member, std::size_t most) const;

  // The names of this object's members; more than `most` are refused.
  std::vector<std::string> names(std::size_t most) const;
  // The members themselves; each must be an object.
  struct Entry;
  std::vector<Entry> entries(std::size_t most) const;

 private:
  const Json& required(std::string_view member) const;
  const Json& list(std::string_view member, std::size_t most) const;

  const Json* value_;
  std::string path_;
};

struct Fields::Entry {
  std::string name;
  Fields fields;
};

}  // namespace waybill::tuf
