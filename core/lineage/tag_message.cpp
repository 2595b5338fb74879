#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/oid.h"
#include "core/lineage/waybill.h"

namespace waybill::lineage {
namespace {

constexpr std::string_view kTrailer = "Waybill: ";
constexpr std::size_t kTrailerBytes = 256 * 1024;

std::string_view last_line(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  const std::size_t newline = message.rfind('\n');
  return newline == std::string_view::npos ? message : message.substr(newline + 1);
}

bool has_two_trailers(std::string_view message) {
  if (message.starts_with(kTrailer.substr(0, kTrailer.size() - 1)) &&
      message.find("\nWaybill:") != std::string_view::npos)
    return true;
  const std::size_t first = message.find("\nWaybill:");
  return first != std::string_view::npos && message.find("\nWaybill:", first + 1) != std::string_view::npos;
}

}  // namespace

std::string write_tag_message(const TagMessage& message) {
  std::string text = fmt::format("Release: {} v{}\n\nAttestation Lineage:\n", message.chart, message.version);
  for (const auto& [key, entry] : message.entries)
    text += fmt::format("- {}: {}\n", key, entry.id.empty() ? "-" : entry.id);
  text += fmt::format("\nChangelog:\n{}\n\nSource PR: {}\nCommit: {}\n", message.changelog, message.source_pull_request,
                      message.commit);
  Json entries = Json::object();
  if (!message.entries.empty()) entries = to_json(Waybill{{message.path, message.entries}}).at(message.path);
  const Json trailer{{"chart", message.chart},
                     {"path", message.path},
                     {"version", message.version},
                     {"entries", entries},
                     {"commit", message.commit},
                     {"source", message.source},
                     {"pullRequest", message.source_pull_request}};
  text += "\n" + std::string(kTrailer) + to_base64url(canonical(trailer)) + "\n";
  if (!read_tag_message(text))
    throw Error(Fault::kInternal, "the tag message of {} {} cannot be read back", message.chart, message.version);
  return text;
}

std::optional<TagMessage> read_tag_message(std::string_view message) {
  const std::string_view line = last_line(message);
  if (!line.starts_with(kTrailer) || line.size() > kTrailerBytes || has_two_trailers(message)) return std::nullopt;
  try {
    const Json json =
        parse_json(from_base64url(line.substr(kTrailer.size())), "tag trailer", {.bytes = kTrailerBytes, .depth = 4});
    TagMessage read{.chart = string_member(json, "chart", "tag trailer"),
                    .path = string_member(json, "path", "tag trailer"),
                    .version = string_member(json, "version", "tag trailer"),
                    .entries = {},
                    .changelog = "",
                    .source_pull_request = string_member(json, "pullRequest", "tag trailer"),
                    .commit = string_member(json, "commit", "tag trailer"),
                    .source = string_member(json, "source", "tag trailer")};
    static_cast<void>(Oid::parse(read.commit));
    static_cast<void>(Oid::parse(read.source));
    const Waybill index = waybill_from_json({{read.path, member(json, "entries", "tag trailer")}}, "tag trailer");
    if (const auto chart = index.find(read.path); chart != index.end()) read.entries = chart->second;
    return read;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<TagMessage> read_tag_message(const git::Tag& tag) {
  return tag.message ? read_tag_message(*tag.message) : std::nullopt;
}

}  // namespace waybill::lineage
