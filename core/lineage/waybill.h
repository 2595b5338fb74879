#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/digest.h"
#include "core/base/json.h"
#include "core/git/repository.h"

namespace waybill::lineage {

// One key of the waybill. Without digests (the older form held a bare id) it is unresolvable, but still readable.
struct Entry {
  std::string id;  // of the forge's attestation, for people
  std::optional<Digest> statement;
  std::optional<Digest> subject;
  std::string predicate_type;
  bool operator==(const Entry&) const = default;
};

// The index that a pull request carries in its description: chart path → key → entry. Never evidence.
using Waybill = std::map<std::string, std::map<std::string, Entry>>;

inline constexpr std::size_t kBodyCodePoints = 65'536;
inline constexpr std::size_t kBodyBytes = 262'144;

// The hidden block of a description (facts: github.md §3): absent, or only a line that says where the entries are =
// empty. Two blocks, a digest that differs from its JSON, duplicate keys, a body over the limits: Fault::kInput saying
// which.
Waybill read_waybill(std::string_view body);
// The description with its block replaced, or appended when it had none. Prose above stays. Where the entries have no
// room, a line for people stands in their place: how many there are, and that `elsewhere` (Markdown) has them.
// Fault::kInput when too long even so, or `elsewhere` is empty.
std::string write_waybill(std::string_view body, const Waybill& waybill, std::string_view elsewhere = {});
// A new description: prose that leaves no room for the waybill, and what later stages add to it, is cut. Without
// entries there is no block.
std::string compose_description(std::string_view prose, const Waybill& waybill, std::string_view elsewhere = {});

Json to_json(const Waybill& waybill);
Waybill waybill_from_json(const Json& json, std::string_view what);

// The annotated tag's message in the planned format, the machine-readable `Waybill:` trailer as its last line.
struct TagMessage {
  std::string chart;  // name
  std::string path;
  std::string version;
  std::map<std::string, Entry> entries;
  std::string changelog;
  std::string source_pull_request;  // "#12" or "none"
  std::string commit;
  std::string source;  // integration commit of the shipment
};
// `changelog` must be harmless already; a message that would not be read back as itself is Fault::kInternal.
std::string write_tag_message(const TagMessage& message);
// Nothing when the message is not waybill's; a forged or second trailer does not count (it must be the last line,
// once).
std::optional<TagMessage> read_tag_message(std::string_view message);
// The same of a tag; nothing for one without a message.
std::optional<TagMessage> read_tag_message(const git::Tag& tag);

}  // namespace waybill::lineage
