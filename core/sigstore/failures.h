#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace waybill::sigstore {

// What a verifier decides, one name for each reason to refuse. What cannot be read at all is kForm.
enum class Check {
  kForm,
  kSignature,
  kPayloadType,
  kArtifact,
  kMessageDigest,
  kKeyHint,
  kKeyUsage,
  kRootInBundle,
  kPath,
  kSctMissing,
  kSctSignature,
  kSctWindow,
  kTimestamp,
  kTimestampWindow,
  kTimeMissing,
  kEntryMissing,
  kLogUnknown,
  kLogWindow,
  kPromise,
  kPromiseMissing,
  kPromiseForeign,
  kPromiseWindow,
  kProof,
  kProofMissing,
  kCheckpointMissing,
  kCheckpointSignature,
  kCheckpointSize,
  kCheckpointRoot,
  kEntryKind,
  kEntryDigest,
  kEntryKey,
  kEntrySignature,
  kIdentityName,
  kIdentityIssuer,
  kPublicWithoutLog,
};

// True, always and for every check. A seam for one test alone, which links a definition of its own in its place and
// shows that no check could be left out unnoticed.
bool is_on(Check check);

// What a verification found wrong, one sentence each, in the order found.
class Failures {
 public:
  // True: what was found counts, do not go on as if it held.
  bool add(Check check, std::string text) {
    if (!is_on(check)) return false;
    texts_.push_back(std::move(text));
    return true;
  }

  void add(std::string_view subject, const Failures& found) {
    for (const std::string& text : found.texts_) texts_.push_back(fmt::format("{}: {}", subject, text));
  }

  bool empty() const { return texts_.empty(); }

  std::vector<std::string> texts() && { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
};

// Runs one check; what it throws becomes a failure that begins with `subject`, and the checks after it still run.
template <class Run>
void noting(Failures& failures, std::string_view subject, Run&& run) {
  try {
    std::forward<Run>(run)();
  } catch (const Error& error) {
    failures.add(Check::kForm, fmt::format("{}: {}", subject, error.what()));
  }
}

}  // namespace waybill::sigstore
