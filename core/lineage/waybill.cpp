#include "core/lineage/waybill.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"

namespace waybill::lineage {
namespace {

constexpr std::string_view kBegin = "<!-- waybill:map:v1 ";
constexpr std::string_view kOpen = "<!-- waybill:map:v1 sha256=";
constexpr std::string_view kClose = "-->";
constexpr std::string_view kElsewhere = "<!-- waybill:map:v1 elsewhere -->";
constexpr std::string_view kEndElsewhere = "<!-- waybill:end -->";
constexpr std::size_t kRoomForMore = 16'384;  // code points, some 40 entries
constexpr const char* kWriteAnew =
    "delete everything from `<!-- waybill:` to its last `-->` in the description; the stage writes it anew";

struct Block {
  std::size_t begin = std::string::npos;
  std::size_t end = std::string::npos;
  std::string digest;
  std::string json;
  bool elsewhere = false;  // only a line for people that says where the entries are
};

std::string without_carriage_returns(std::string_view text) {
  std::string clean(text);
  std::erase(clean, '\r');
  return clean;
}

// A web editor may have rewritten the line ends; nothing else may have changed.
std::optional<Block> find_block(std::string_view body) {
  const std::size_t begin = body.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  if (body.find(kBegin, begin + 1) != std::string_view::npos)
    throw Error(Fault::kInput, "the description holds two waybills, one is wanted").hint(kWriteAnew);
  const bool elsewhere = !body.substr(begin).starts_with(kOpen);
  const std::string_view last = elsewhere ? kEndElsewhere : kClose;
  const std::size_t close = body.find(last, begin);
  const std::size_t line = body.find('\n', begin);
  if (close == std::string_view::npos || line == std::string_view::npos || line > close)
    throw Error(Fault::kInput, "the waybill in the description is cut off, its end `{}` is wanted", last)
        .hint(kWriteAnew);
  if (elsewhere) return Block{begin, close + last.size(), "", "", true};
  Block block{begin, close + kClose.size(), "", "", false};
  block.digest = without_carriage_returns(body.substr(begin + kOpen.size(), line - begin - kOpen.size()));
  block.json = without_carriage_returns(body.substr(line + 1, close - line - 1));
  if (block.json.ends_with('\n')) block.json.pop_back();
  return block;
}

// Neither `-->` nor `--` nor markup can occur in what this returns.
std::string comment_safe(const std::string& json) {
  std::string safe;
  for (const char c : json)
    if (c == '<' || c == '>' || c == '&' || c == '-')
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      safe += c;
  return safe;
}

std::string with_block(std::string_view body, const std::optional<Block>& old, std::string_view text) {
  if (old) return fmt::format("{}{}{}", body.substr(0, old->begin), text, body.substr(old->end));
  return fmt::format("{}{}{}\n", body, body.empty() || body.ends_with('\n') ? "\n" : "\n\n", text);
}

std::string pointer(const Waybill& waybill, std::string_view elsewhere) {
  std::size_t entries = 0;
  for (const auto& [chart, of_chart] : waybill) entries += of_chart.size();
  return fmt::format(
      "{}\nThe {} entries of {} charts have no room here: {} has them, each under its chart's digest.\n{}", kElsewhere,
      entries, waybill.size(), elsewhere, kEndElsewhere);
}

bool fits(std::string_view body) {
  return code_points(body) <= kBodyCodePoints && body.size() <= kBodyBytes;
}

void require_size(std::string_view body) {
  if (!fits(body))
    throw Error(Fault::kInput,
                "the description has {} characters and {} bytes, at most {} and {} are kept by the forge",
                code_points(body), body.size(), kBodyCodePoints, kBodyBytes)
        .hint("shorten the text of the pull request");
}

Json to_json(const Entry& entry) {
  if (!entry.statement || !entry.subject) return entry.id;
  return {{"id", entry.id},
          {"statement", entry.statement->text()},
          {"subject", entry.subject->text()},
          {"predicateType", entry.predicate_type}};
}

// An id ends up in tag messages, where nobody may break out of its line.
std::string id_from(std::string id, std::string_view what) {
  constexpr std::size_t kLongest = 128;
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (id.size() > kLongest || !std::ranges::all_of(id, plain))
    throw Error(Fault::kInput, "{}: an entry's id has {} characters and is no plain word of at most {}", what,
                id.size(), kLongest);
  return id;
}

Entry entry_from(const Json& json, std::string_view what) {
  if (json.is_string()) return {id_from(json.get<std::string>(), what), std::nullopt, std::nullopt, ""};
  if (json.is_number_unsigned()) return {json.dump(), std::nullopt, std::nullopt, ""};
  return {id_from(string_member(json, "id", what), what), Digest::parse(string_member(json, "statement", what)),
          Digest::parse(string_member(json, "subject", what)), string_member(json, "predicateType", what)};
}

}  // namespace

Json to_json(const Waybill& waybill) {
  Json json = Json::object();
  for (const auto& [chart, entries] : waybill)
    for (const auto& [key, entry] : entries) json[chart][key] = to_json(entry);
  return json;
}

Waybill waybill_from_json(const Json& json, std::string_view what) {
  if (!json.is_object())
    throw Error(Fault::kInput, "{}: a {} stands where an object of charts is wanted", what, json.type_name());
  Waybill waybill;
  for (const auto& [chart, entries] : json.items()) {
    if (!entries.is_object()) throw Error(Fault::kInput, "{}: `{}` holds no entries", what, chart);
    for (const auto& [key, entry] : entries.items()) waybill[chart].insert_or_assign(key, entry_from(entry, what));
  }
  return waybill;
}

Waybill read_waybill(std::string_view body) {
  require_size(body);
  const auto block = find_block(body);
  if (!block || block->elsewhere) return {};
  const Json json = parse_json(block->json, "waybill in the description", {.bytes = kBodyBytes, .depth = 4});
  if (crypto::sha256(block->json).hex() != block->digest)
    throw Error(Fault::kInput, "the waybill in the description was edited: its digest is {}, {} is written above it",
                crypto::sha256(block->json).hex(), block->digest)
        .hint(kWriteAnew);
  return waybill_from_json(json, "waybill in the description");
}

std::string write_waybill(std::string_view body, const Waybill& waybill, std::string_view elsewhere) {
  const std::string json = comment_safe(canonical(to_json(waybill)));
  const auto block = find_block(body);
  std::string written =
      with_block(body, block, fmt::format("{}{}\n{}\n{}", kOpen, crypto::sha256(json).hex(), json, kClose));
  if (!fits(written) && !elsewhere.empty()) written = with_block(body, block, pointer(waybill, elsewhere));
  require_size(written);
  return written;
}

std::string compose_description(std::string_view prose, const Waybill& waybill, std::string_view elsewhere) {
  const std::size_t taken = kRoomForMore + (waybill.empty() ? 0 : code_points(write_waybill("\n", waybill, elsewhere)));
  const std::string fitting = shortened(prose, kBodyCodePoints - std::min(kBodyCodePoints, taken));
  return waybill.empty() ? fitting : write_waybill(fitting, waybill, elsewhere);
}

}  // namespace waybill::lineage
