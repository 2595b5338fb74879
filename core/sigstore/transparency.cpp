#include "core/sigstore/transparency.h"

#include <chrono>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/sigstore/checkpoint.h"
#include "core/sigstore/merkle.h"

namespace waybill::sigstore {
namespace {

std::string promised_bytes(const LogEntry& entry) {
  return canonical({{"body", to_base64(entry.canonical_body)},
                    {"integratedTime", entry.integrated_time},
                    {"logID", to_hex(entry.log_id)},
                    {"logIndex", entry.log_index}});
}

void check_checkpoint(const InclusionProof& proof, const LogKey& log, Failures& failures) {
  const Checkpoint checkpoint = Checkpoint::parse(proof.checkpoint);
  if (const auto failure = signature_failure(checkpoint, log)) failures.add(Check::kCheckpointSignature, *failure);
  if (checkpoint.tree_size != static_cast<std::uint64_t>(proof.tree_size))
    failures.add(Check::kCheckpointSize,
                 fmt::format("the checkpoint is of a tree of {} entries, the inclusion proof of one of {}",
                             checkpoint.tree_size, proof.tree_size));
  if (checkpoint.root_hash != proof.root_hash)
    failures.add(Check::kCheckpointRoot, fmt::format("the checkpoint's root hash is {}, the inclusion proof's {}",
                                                     to_hex(checkpoint.root_hash), to_hex(proof.root_hash)));
}

}  // namespace

void check_promise(const LogEntry& entry, const LogKey& log, std::vector<TrustedTime>& times, Failures& failures) {
  if (!entry.promise) return;
  const Time integrated{std::chrono::seconds(entry.integrated_time)};
  if (entry.integrated_time <= 0 && failures.add(Check::kPromise, "the SET promises no integrated time")) return;
  if (!log.key.verifies(promised_bytes(entry), *entry.promise, log.hash) &&
      failures.add(Check::kPromise,
                   fmt::format("the SET (signed entry timestamp) does not verify with the key of {}", log.base_url)))
    return;
  if (!log.validity.contains(integrated) &&
      failures.add(Check::kPromiseWindow,
                   fmt::format("integrated at {}, when the trusted root does not hold the key of {} for valid",
                               to_rfc3339(integrated), log.base_url)))
    return;
  times.push_back({integrated, "the integrated time of " + log.base_url});
}

void check_inclusion(const LogEntry& entry, const LogKey& log, bool checkpoint_required, Failures& failures) {
  if (!entry.proof) {
    if (checkpoint_required) failures.add(Check::kProofMissing, "an inclusion proof is missing");
    return;
  }
  const InclusionProof& proof = *entry.proof;
  const auto root = proven_root(leaf_hash(entry.canonical_body), static_cast<std::uint64_t>(proof.log_index),
                                static_cast<std::uint64_t>(proof.tree_size), proof.hashes);
  if (!root)
    failures.add(Check::kProof, fmt::format("the inclusion proof of {} hashes is not one of entry {} in a tree of {}",
                                            proof.hashes.size(), proof.log_index, proof.tree_size));
  else if (*root != proof.root_hash)
    failures.add(Check::kProof, fmt::format("the inclusion proof leads to the root hash {}, not to {}", to_hex(*root),
                                            to_hex(proof.root_hash)));
  if (!proof.checkpoint.empty())
    check_checkpoint(proof, log, failures);
  else if (checkpoint_required)
    failures.add(Check::kCheckpointMissing, "the inclusion proof has no checkpoint");
}

}  // namespace waybill::sigstore
