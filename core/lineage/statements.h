#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/oid.h"
#include "core/intoto/statement.h"

namespace waybill::lineage {

// What a statement was built on: sha256 of the signed pre-authentication encoding, and the subject under which a store
// has it (trust.md T13).
struct Link {
  std::string key;
  Digest statement;
  Digest subject;
  auto operator<=>(const Link&) const = default;
};

// What is on its way (trust.md T5). Members are absent as long as the journey has not reached them.
struct Shipment {
  std::string chart;                // path, "charts/nginx"
  std::optional<Oid> source;        // commit on integration's first-parent history
  std::optional<Oid> last_shipped;  // source of the last tagged shipment; in a direct pipeline the tagged commit
  std::optional<Oid> split;         // commit on the chart's branch
  auto operator<=>(const Shipment&) const = default;
};

// Everything of a statement that a certificate cannot say and that policy therefore demands in the signed text
// (trust.md T3).
struct Stamp {
  std::string key;
  std::string stage;
  std::string repository_id;
  std::int64_t pull_request = 0;  // 0 = none
  std::string base_ref;
  std::string base;  // commit
  std::string head;  // commit
  std::string policy_commit;
  Digest policy;
  Shipment shipment;
  std::string version;    // of the chart, where the stage knows it
  std::string tool;       // "waybill 0.1.0"
  bool executed = false;  // contribution code ran (trust.md T7)
};

struct Check {
  std::string name;
  bool passed = false;
  std::string command;
};

// The run that signs, as its certificate will say it.
struct Builder {
  std::string id;          // = the certificate's .9
  std::string invocation;  // = .21
};

// in-toto test-result v0.1: links stand in `configuration`.
intoto::Statement test_result(const Stamp& stamp, std::vector<intoto::Subject> subjects,
                              const std::vector<Check>& checks, const std::vector<Link>& links, const Builder& builder);
// SLSA provenance v1 with waybill's own build type; links stand in `resolvedDependencies`. `results` are byproducts by
// name.
intoto::Statement provenance(const Stamp& stamp, std::vector<intoto::Subject> subjects, const std::vector<Link>& links,
                             const Builder& builder, const Json& results);
// SLSA VSA v1: links stand in `inputAttestations`.
struct Summary {
  std::string resource_uri;
  bool passed = true;
  std::vector<std::string> levels;  // verifiedLevels
  Time at;
  std::string reason;  // of a FAILED one, in words
};
intoto::Statement verification_summary(const Stamp& stamp, std::vector<intoto::Subject> subjects,
                                       const Summary& summary, const std::vector<Link>& links, const Builder& builder,
                                       std::string_view policy_uri);
// Any other predicate with stamp and links as notes in it: what is valid as its format says stays so.
intoto::Statement stamped(const Stamp& stamp, std::vector<intoto::Subject> subjects, std::string_view predicate_type,
                          Json predicate, const std::vector<Link>& links, const Builder& builder);

// Whether both say the same of the same subjects, whatever run, moment and event it was said in.
bool same_claim(const intoto::Statement& one, const intoto::Statement& other);

// Read back; Fault::kUntrusted when absent or malformed.
Stamp stamp_of(const intoto::Statement& statement);
std::vector<Link> links_of(const intoto::Statement& statement);
std::string builder_of(const intoto::Statement& statement);
// The run's address; empty for predicates that have no place for it.
std::string invocation_of(const intoto::Statement& statement);
// Neither a failed test result nor a failed verification summary.
bool passed(const intoto::Statement& statement);
// A result of a provenance that is text, by its name; empty when there is none.
std::string result_of(const intoto::Statement& statement, std::string_view name);
// resourceUri of a VSA, empty for others.
std::string resource_of(const intoto::Statement& statement);
// Why a VSA says FAILED; empty when it does not say.
std::string reason_of(const intoto::Statement& statement);
// verifiedLevels and the policy's digest of a VSA; Fault::kUntrusted when they cannot be read.
std::vector<std::string> levels_of(const intoto::Statement& statement);
Digest policy_of(const intoto::Statement& statement);

// The resource a chart release is: "<server>/<repository>/releases/tag/<name>-v<version>".
std::string release_uri(std::string_view server, std::string_view repository, std::string_view name,
                        std::string_view version);

// Typed subject names of one chart.
intoto::Subject subtree_subject(std::string_view chart_path, const Digest& digest);  // "subtree:charts/nginx"
intoto::Subject content_subject(std::string_view chart_path, const Digest& digest);  // "content:charts/nginx"

// The one level that waybill's VSAs state (README, "SLSA level").
inline constexpr std::string_view kVerifiedLevel = "SLSA_BUILD_LEVEL_2";
// In its place in a FAILED one (SLSA VSA v1, "SlsaResult").
inline constexpr std::string_view kFailedLevel = "FAILED";

inline constexpr std::string_view kBuildType = "https://waybill.dev/buildtypes/stage/v1";

}  // namespace waybill::lineage
