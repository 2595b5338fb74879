#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/json.h"

namespace waybill::intoto {

inline constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
inline constexpr std::string_view kProvenance = "https://slsa.dev/provenance/v1";
inline constexpr std::string_view kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
inline constexpr std::string_view kSummary = "https://slsa.dev/verification_summary/v1";
inline constexpr std::string_view kCycloneDx = "https://cyclonedx.org/bom";
inline constexpr std::string_view kSpdx = "https://spdx.dev/Document/v2.3";

struct Subject {
  std::string name;
  Digest digest;
  auto operator<=>(const Subject&) const = default;
};

// in-toto Statement v1: subjects, a predicate type, a predicate. A value without any claim to be true.
struct Statement {
  std::vector<Subject> subjects;
  std::string predicate_type;
  Json predicate;

  // One chart per statement: whether a subject has this digest.
  bool is_about(const Digest& digest) const;
};

// The exact bytes that get signed: canonical JSON.
std::string serialise(const Statement& statement);
// Refuses other types, no subjects, more than 1,024, duplicate keys, duplicate (name, digest) (Fault::kInput).
Statement parse_statement(std::string_view payload);

// "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body (DSSE v1.0.0 protocol, "PAE").
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

}  // namespace waybill::intoto
