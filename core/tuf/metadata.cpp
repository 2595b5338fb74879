#include "core/tuf/metadata.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/tuf/canonical.h"
#include "core/tuf/name.h"

namespace waybill::tuf {
namespace {

constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostKeys = 1024;  // and signatures, and key identifiers of a role
constexpr std::size_t kMostHashes = 16;
constexpr std::size_t kMostDelegations = 32 * 1024;  // bins by hash prefix come in thousands
constexpr std::size_t kMostPatterns = 4096;
constexpr std::size_t kMostFiles = 256 * 1024;
constexpr std::array<std::string_view, 4> kTopLevel = {"root", "timestamp", "snapshot", "targets"};

bool is_top_level(std::string_view role) {
  return std::ranges::find(kTopLevel, role) != kTopLevel.end();
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Specification 4.3, SPEC_VERSION: of what may count as a match, the major version alone.
void require_version_1(const Fields& fields) {
  const std::string version = fields.text("spec_version");
  const std::size_t dot = version.find('.');
  const std::string_view rest = std::string_view(version).substr(std::min(dot, version.size() - 1) + 1);
  const std::size_t second = rest.find('.');
  if (dot == std::string::npos || version.substr(0, dot) != "1" || !is_digits(rest.substr(0, second)) ||
      (second != std::string_view::npos && !is_digits(rest.substr(second + 1))))
    throw Error(Fault::kInput, "{}.spec_version is `{}`, 1.x is wanted", fields.path(), version.substr(0, 80));
}

Fields content_of(const Document& document, std::string_view type) {
  Fields fields(document.content, document.what);
  if (const std::string seen = fields.text("_type"); seen != type)
    throw Error(Fault::kInput, "{}._type is `{}`, `{}` is wanted", document.what, seen.substr(0, 80), type);
  require_version_1(fields);
  return fields;
}

Header parse_header(const Fields& fields) {
  return {.version = fields.number("version", 1), .expires = fields.time("expires")};
}

Role parse_role(const Fields& fields) {
  Role role{.key_ids = fields.texts("keyids", kMostKeys), .threshold = fields.number("threshold", 1)};
  // A role that needs two keys and names one twice is a mistake or a trick.
  if (const std::set<std::string> distinct(role.key_ids.begin(), role.key_ids.end());
      distinct.size() != role.key_ids.size())
    throw Error(Fault::kInput, "{}.keyids names one key twice", fields.path());
  return role;
}

Keys parse_keys(const Fields& fields) {
  Keys keys;
  for (const Fields::Entry& entry : fields.entries(kMostKeys)) keys.emplace(entry.name, Key::parse(entry.fields));
  return keys;
}

Hashes parse_hashes(const Fields& fields) {
  Hashes hashes;
  for (const std::string& algorithm : fields.names(kMostHashes)) hashes.emplace(algorithm, fields.text(algorithm));
  return hashes;
}

FileInfo parse_file(const Fields& fields) {
  FileInfo file{.version = fields.number("version", 1), .length = std::nullopt, .hashes = std::nullopt};
  if (fields.has("length")) file.length = fields.number("length", 0);
  if (fields.has("hashes")) file.hashes = parse_hashes(fields.object("hashes"));
  return file;
}

Delegation parse_delegation(const Fields& fields) {
  Delegation delegation{.name = fields.text("name"),
                        .role = parse_role(fields),
                        .terminating = fields.flag("terminating"),
                        .paths = {},
                        .hash_prefixes = {}};
  if (delegation.name.empty() || is_top_level(delegation.name))
    throw Error(Fault::kInput, "{}.name is `{}`, which cannot be delegated to", fields.path(), delegation.name);
  // Specification 4.5: the one attribute or the other.
  if (fields.has("paths") == fields.has("path_hash_prefixes"))
    throw Error(Fault::kInput, "{} has {} of `paths` and `path_hash_prefixes`, one is wanted", fields.path(),
                fields.has("paths") ? "both" : "none");
  if (fields.has("paths"))
    delegation.paths = fields.texts("paths", kMostPatterns);
  else
    delegation.hash_prefixes = fields.texts("path_hash_prefixes", kMostPatterns);
  return delegation;
}

std::vector<Delegation> parse_delegations(const Fields& fields) {
  std::vector<Delegation> delegations;
  std::set<std::string> names;
  for (const Fields& role : fields.objects("roles", kMostDelegations)) {
    delegations.push_back(parse_delegation(role));
    if (!names.insert(delegations.back().name).second)
      throw Error(Fault::kInput, "{}.name is `{}` a second time", role.path(), delegations.back().name);
  }
  return delegations;
}

}  // namespace

Document Document::parse(std::string_view bytes, std::string what) {
  Json json = parse_json(bytes, what, {.bytes = bytes.size(), .depth = kDeepest});
  const Fields envelope(json, what);
  Document document{.what = what, .content = {}, .signed_bytes = {}, .signatures = {}};
  // Specification 4.2: "multiple signatures with the same keyid are not allowed".
  for (const Fields& signature : envelope.objects("signatures", kMostKeys))
    if (!document.signatures.emplace(signature.text("keyid"), signature.text("sig")).second)
      throw Error(Fault::kInput, "{}: two signatures under one key identifier", signature.path());
  static_cast<void>(envelope.object("signed"));
  document.content = std::move(json["signed"]);
  document.signed_bytes = canonical_json(document.content);
  return document;
}

Root Root::parse(const Document& document) {
  const Fields fields = content_of(document, "root");
  Root root{.header = parse_header(fields),
            .consistent_snapshot = fields.has("consistent_snapshot") && fields.flag("consistent_snapshot"),
            .keys = parse_keys(fields.object("keys")),
            .roles = {}};
  const Fields roles = fields.object("roles");
  for (const std::string_view role : kTopLevel) root.roles.emplace(role, parse_role(roles.object(role)));
  return root;
}

Timestamp Timestamp::parse(const Document& document) {
  const Fields fields = content_of(document, "timestamp");
  // Specification 4.6: the one file that it describes.
  return {.header = parse_header(fields), .snapshot = parse_file(fields.object("meta").object("snapshot.json"))};
}

Snapshot Snapshot::parse(const Document& document) {
  const Fields fields = content_of(document, "snapshot");
  Snapshot snapshot{.header = parse_header(fields), .files = {}};
  for (const Fields::Entry& entry : fields.object("meta").entries(kMostFiles))
    snapshot.files.emplace(entry.name, parse_file(entry.fields));
  return snapshot;
}

Targets Targets::parse(const Document& document) {
  const Fields fields = content_of(document, "targets");
  Targets targets{.header = parse_header(fields), .targets = {}, .keys = {}, .delegations = {}};
  for (const Fields::Entry& entry : fields.object("targets").entries(kMostFiles))
    targets.targets.emplace(entry.name, TargetInfo{.name = entry.name,
                                                   .length = entry.fields.number("length", 0),
                                                   .hashes = parse_hashes(entry.fields.object("hashes"))});
  if (!fields.has("delegations")) return targets;
  const Fields delegations = fields.object("delegations");
  targets.keys = parse_keys(delegations.object("keys"));
  targets.delegations = parse_delegations(delegations);
  return targets;
}

bool Delegation::covers(std::string_view target) const {
  if (std::ranges::any_of(paths, [&](const std::string& pattern) { return matches(pattern, target); })) return true;
  if (hash_prefixes.empty()) return false;
  // Specification 4.5: the hexadecimal SHA-256 digest of the target's path begins with one of them.
  const std::string hash = crypto::sha256(target).hex();
  return std::ranges::any_of(hash_prefixes, [&](const std::string& prefix) { return hash.starts_with(prefix); });
}

}  // namespace waybill::tuf
