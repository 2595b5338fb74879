#pragma once

#include "core/stages/table.h"

namespace waybill::stages {

inline constexpr Input kBundles{
    "bundle", Type::kList,
    "Sigstore bundles about the subject, in place of a lineage: files with one bundle, or one "
    "a line"};
inline constexpr Input kBundlesFrom{
    "bundle-from", Type::kList,
    "Where bundles about the subject are looked for, like `bundle`: `github` (attestations of `repo`), `git` (kept in "
    "`repo` itself), `oci://HOST/NAME` (referrers)"};
inline constexpr Input kReadToken{"token", Type::kString,
                                  "Token for `bundle-from`, sent to this run's own forge only; what everybody may read "
                                  "needs none",
                                  "${{ github.token }}"};
inline constexpr Input kOwner{"owner", Type::kString, "With bundles: who must own the repository that it was made in"};
inline constexpr Input kIdentity{"identity", Type::kString,
                                 "With bundles: the whole subject that the signer's certificate must name"};
inline constexpr Input kSignerWorkflow{"signer-workflow", Type::kString,
                                       "With bundles: OWNER/NAME/PATH of the workflow that must have signed"};
inline constexpr Input kSignerRef{"signer-ref", Type::kString, "With bundles: the ref of that workflow"};
inline constexpr Input kSignerDigest{"signer-digest", Type::kString, "With bundles: the commit of that workflow"};
inline constexpr Input kSourceRef{"source-ref", Type::kString, "With bundles: the ref that was built"};
inline constexpr Input kSourceDigest{"source-digest", Type::kString, "With bundles: the commit that was built"};
inline constexpr Input kEvent{"event", Type::kString, "With bundles: the event that must have started the run"};
inline constexpr Input kRunner{"runner-environment", Type::kString,
                               "With bundles: `github-hosted` refuses what was signed on other runners"};
inline constexpr Input kPredicateType{"predicate-type", Type::kString,
                                      "With bundles: the type that the statement must have"};
inline constexpr Input kMinimum{"minimum", Type::kInteger, "With bundles: how many bundles must be as required", "1"};
inline constexpr Input kFormat{"format", Type::kEnum, "With bundles: how the verdict is told",
                               "text",   false,       {"text", "json"}};

// Whether bundles are given or to be looked for.
bool goes_by_bundles(const Job& job);

// Verifies that enough of the bundles are about the subject and by whom the inputs require, each by literal comparison
// (facts: a prefix or pattern has been a hole elsewhere). Bundles that are not are counted and told, never fatal and
// never sufficient (trust.md T28). Fault::kUnbound when nothing is required of the signer (T8).
Plan verify_attestations(const Job& job);

}  // namespace waybill::stages
