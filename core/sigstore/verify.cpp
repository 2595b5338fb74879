#include "core/sigstore/verify.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/crypto/hash.h"
#include "core/crypto/timestamp.h"
#include "core/sigstore/certificate_path.h"
#include "core/sigstore/identity.h"
#include "core/sigstore/media_type.h"
#include "core/sigstore/rekor_entry.h"
#include "core/sigstore/sct.h"
#include "core/sigstore/transparency.h"

namespace waybill::sigstore {
namespace {

constexpr int kCheckpointRequiredSince = 2;

void check_timestamp(const std::string& token, std::string_view signature, const std::vector<Authority>& authorities,
                     std::vector<TrustedTime>& times) {
  const crypto::Timestamp timestamp = crypto::Timestamp::parse(token);
  std::string reasons;
  for (const Authority& authority : authorities) {
    if (!authority.validity.contains(timestamp.time())) continue;
    const auto failure = timestamp.failure(signature, authority.chain);
    if (!failure) {
      times.push_back({timestamp.time(), "the timestamp of " + authority.uri});
      return;
    }
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", authority.uri, *failure);
  }
  if (reasons.empty())
    throw Error(Fault::kUntrusted, "made at {}, when the trusted root holds no timestamp authority for valid",
                to_rfc3339(timestamp.time()));
  throw Error(Fault::kUntrusted, "{}", reasons);
}

const LogKey* log_of(const LogEntry& entry, const TrustedRoot& root) {
  const auto log = std::ranges::find(root.logs, entry.log_id, &LogKey::id);
  return log == root.logs.end() ? nullptr : &*log;
}

// Everything about one entry but its promise, once every trusted time is known.
void check_entry(const LogEntry& entry, const TrustedRoot& root, const SignedEnvelope& envelope, int bundle_version,
                 const std::vector<TrustedTime>& times, Failures& failures) {
  noting(failures, "body", [&] { check_entry_body(entry, envelope, failures); });
  const bool checkpoint_required = bundle_version >= kCheckpointRequiredSince;
  if (!checkpoint_required && !entry.promise)
    failures.emplace_back("a SET is missing, which bundles of version 0.1 must have");
  const LogKey* log = log_of(entry, root);
  if (log == nullptr) {
    failures.push_back(fmt::format("the trusted root has no log with the id {}", to_base64(entry.log_id)));
    return;
  }
  // The key of a log that promises no time has to be valid whenever others say the signature existed.
  if (!entry.promise)
    for (const TrustedTime& time : times)
      if (!log->validity.contains(time.at))
        failures.push_back(fmt::format("the trusted root does not hold the key of {} for valid at {}, {}",
                                       log->base_url, to_rfc3339(time.at), time.source));
  noting(failures, "checkpoint", [&] { check_inclusion(entry, *log, checkpoint_required, failures); });
}

void append(Failures& failures, std::string_view subject, const Failures& found) {
  for (const std::string& failure : found) failures.push_back(fmt::format("{}: {}", subject, failure));
}

}  // namespace

VerifiedStatement::VerifiedStatement(intoto::Statement statement, Identity identity, Time time, Digest link)
    : statement_(std::move(statement)), identity_(std::move(identity)), time_(time), link_(std::move(link)) {}

Verdict Verifier::verify(const Bundle& bundle) const {
  Verdict verdict;
  Failures& failures = verdict.failures;
  const crypto::Certificate& leaf = bundle.certificates_.front();
  const std::string encoding = intoto::pre_authentication_encoding(bundle.payload_type_, bundle.payload_);
  const SignedEnvelope envelope{bundle.payload_, encoding, bundle.signature_, leaf};

  std::vector<TrustedTime> times;
  for (std::size_t i = 0; i < bundle.timestamps_.size(); ++i)
    noting(failures, fmt::format("timestamp {}", i + 1),
           [&] { check_timestamp(bundle.timestamps_[i], bundle.signature_, root_.timestamp_authorities, times); });
  const int version = bundle_minor_version(bundle.media_type_);
  std::vector<Failures> entry_failures(bundle.entries_.size());
  for (std::size_t i = 0; i < bundle.entries_.size(); ++i)
    if (const LogKey* log = log_of(bundle.entries_[i], root_))
      check_promise(bundle.entries_[i], *log, times, entry_failures[i]);
  for (std::size_t i = 0; i < bundle.entries_.size(); ++i) {
    Failures& found = entry_failures[i];
    check_entry(bundle.entries_[i], root_, envelope, version, times, found);
    append(failures, fmt::format("log entry {}", i + 1), found);
  }
  if (bundle.entries_.empty() && !root_.logs.empty())
    failures.emplace_back("log entry: the bundle has none, the trusted root has logs and demands one");
  if (times.empty()) failures.emplace_back("time: neither a timestamp nor a log's promise says when this was signed");

  noting(failures, "certificate", [&] {
    check_leaf(leaf, failures);
    const std::vector<crypto::Certificate> others(bundle.certificates_.begin() + 1, bundle.certificates_.end());
    const auto issuer = check_paths(leaf, others, root_.certificate_authorities, times, failures);
    if (root_.certificate_logs.empty()) return;
    if (issuer)
      noting(failures, "SCT", [&] { check_scts(leaf, *issuer, root_.certificate_logs, failures); });
    else
      failures.emplace_back("SCT: not checked, as no path says who issued the certificate");
  });
  noting(failures, "signature", [&] {
    if (!leaf.public_key().verifies(encoding, bundle.signature_))
      failures.emplace_back("signature: the envelope's does not verify with the certificate's key");
  });

  Identity identity;
  noting(failures, "identity", [&] { identity = identity_of(leaf, failures); });
  std::optional<intoto::Statement> statement;
  if (bundle.payload_type_ != intoto::kPayloadType)
    failures.push_back(
        fmt::format("statement: the payload type is `{}`, `{}` is wanted", bundle.payload_type_, intoto::kPayloadType));
  noting(failures, "statement", [&] { statement = intoto::parse_statement(bundle.payload_); });

  if (failures.empty() && statement) {
    const Time earliest = std::ranges::min(times, {}, &TrustedTime::at).at;
    verdict.statement = VerifiedStatement(std::move(*statement), std::move(identity), earliest, bundle.link());
  }
  return verdict;
}

}  // namespace waybill::sigstore
