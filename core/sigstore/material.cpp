#include "core/sigstore/material.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/crypto/timestamp.h"
#include "core/sigstore/certificate_path.h"
#include "core/sigstore/sct.h"

namespace waybill::sigstore {
namespace {

constexpr int kCheckpointRequiredSince = 2;

void check_timestamp(const std::string& token, std::string_view subject, std::string_view signature,
                     const std::vector<Authority>& authorities, std::vector<TrustedTime>& times, Failures& failures) {
  const crypto::Timestamp timestamp = crypto::Timestamp::parse(token);
  std::string reasons;
  for (const Authority& authority : authorities) {
    if (!authority.validity.contains(timestamp.time()) && is_on(Check::kTimestampWindow)) continue;
    const auto failure = timestamp.failure(signature, authority.chain);
    if (!failure) {
      times.push_back({timestamp.time(), "the timestamp of " + authority.uri});
      return;
    }
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", authority.uri, *failure);
  }
  if (reasons.empty())
    failures.add(Check::kTimestampWindow,
                 fmt::format("{}: made at {}, when the trusted root holds no timestamp authority for valid", subject,
                             to_rfc3339(timestamp.time())));
  else if (!failures.add(Check::kTimestamp, fmt::format("{}: {}", subject, reasons)))
    times.push_back({timestamp.time(), "a timestamp"});
}

const LogKey* log_of(const LogEntry& entry, const TrustedRoot& root) {
  const auto log = std::ranges::find(root.logs, entry.log_id, &LogKey::id);
  return log == root.logs.end() ? nullptr : &*log;
}

// Everything about one entry but its promise, once every trusted time is known.
void check_entry(const LogEntry& entry, const TrustedRoot& root, const SignedContent& content, int bundle_version,
                 const std::vector<TrustedTime>& times, Failures& failures) {
  noting(failures, "body", [&] { check_entry_body(entry, content, failures); });
  const bool checkpoint_required = bundle_version >= kCheckpointRequiredSince;
  if (!checkpoint_required && !entry.promise)
    failures.add(Check::kPromiseMissing, "a SET is missing, which bundles of version 0.1 must have");
  const LogKey* log = log_of(entry, root);
  if (log == nullptr) {
    failures.add(Check::kLogUnknown,
                 fmt::format("the trusted root has no log with the id {}", to_base64(entry.log_id)));
    return;
  }
  // The key of a log that promises no time has to be valid whenever others say the signature existed.
  if (!entry.promise)
    for (const TrustedTime& time : times)
      if (!log->validity.contains(time.at))
        failures.add(Check::kLogWindow, fmt::format("the trusted root does not hold the key of {} for valid at {}, {}",
                                                    log->base_url, to_rfc3339(time.at), time.source));
  noting(failures, "checkpoint", [&] { check_inclusion(entry, *log, checkpoint_required, failures); });
}

void check_certificate(const std::vector<crypto::Certificate>& certificates, const TrustedRoot& root,
                       const std::vector<TrustedTime>& times, Failures& failures) {
  const crypto::Certificate& leaf = certificates.front();
  if (!leaf.may_sign()) failures.add(Check::kKeyUsage, "certificate: the key usage digitalSignature is missing");
  const std::vector<crypto::Certificate> others(certificates.begin() + 1, certificates.end());
  const auto issuer = check_paths(leaf, others, root.certificate_authorities, times, failures);
  if (root.certificate_logs.empty()) return;
  if (issuer)
    noting(failures, "SCT", [&] { check_scts(leaf, *issuer, root.certificate_logs, failures); });
  else
    failures.add(Check::kPath, "SCT: not checked, as no path says who issued the certificate");
}

}  // namespace

std::vector<TrustedTime> check_material(const Material& material, int bundle_version, const SignedContent& content,
                                        const TrustedRoot& root, Failures& failures) {
  std::vector<TrustedTime> times;
  for (std::size_t i = 0; i < material.timestamps.size(); ++i) {
    const std::string subject = fmt::format("timestamp {}", i + 1);
    noting(failures, subject, [&] {
      check_timestamp(material.timestamps[i], subject, content.signature, root.timestamp_authorities, times, failures);
    });
  }
  std::vector<Failures> entry_failures(material.entries.size());
  for (std::size_t i = 0; i < material.entries.size(); ++i)
    if (const LogKey* log = log_of(material.entries[i], root))
      check_promise(material.entries[i], *log, times, entry_failures[i]);
  for (std::size_t i = 0; i < material.entries.size(); ++i) {
    check_entry(material.entries[i], root, content, bundle_version, times, entry_failures[i]);
    failures.add(fmt::format("log entry {}", i + 1), entry_failures[i]);
  }
  if (material.entries.empty() && !root.logs.empty())
    failures.add(Check::kEntryMissing, "log entry: the bundle has none, the trusted root has logs and demands one");
  if (times.empty())
    failures.add(Check::kTimeMissing, "time: neither a timestamp nor a log's promise says when this was signed");
  if (!material.certificates.empty())
    noting(failures, "certificate", [&] { check_certificate(material.certificates, root, times, failures); });
  return times;
}

}  // namespace waybill::sigstore
