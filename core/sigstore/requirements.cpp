#include "core/sigstore/requirements.h"

#include "core/base/error.h"

namespace waybill::sigstore {
namespace {

struct Comparison {
  std::string_view name;
  std::string Requirements::*wanted;
  std::string Identity::*found;
};

constexpr Comparison kComparisons[] = {
    {"identity", &Requirements::identity, &Identity::subject},
    {"issuer", &Requirements::issuer, &Identity::issuer},
    {"repository", &Requirements::repository, &Identity::repository_uri},
    {"owner", &Requirements::owner, &Identity::owner_uri},
    {"signer digest", &Requirements::signer_digest, &Identity::signer_digest},
    {"source ref", &Requirements::source_ref, &Identity::source_ref},
    {"source digest", &Requirements::source_digest, &Identity::source_digest},
    {"event", &Requirements::event, &Identity::trigger},
    {"runner environment", &Requirements::runner, &Identity::runner},
};

void compare(std::string_view name, std::string_view wanted, std::string_view found, std::vector<std::string>& unmet) {
  if (wanted.empty() || wanted == found) return;
  unmet.push_back(fmt::format("{}: `{}`, `{}` is wanted", name, found.empty() ? "none" : found, wanted));
}

}  // namespace

std::vector<std::string> unmet(const Requirements& requirements, const Identity& identity,
                               const std::optional<intoto::Statement>& statement) {
  std::vector<std::string> unmet;
  for (const Comparison& comparison : kComparisons)
    compare(comparison.name, requirements.*comparison.wanted, identity.*comparison.found, unmet);
  const std::string_view subject = identity.subject;
  const std::size_t at = subject.rfind('@');
  const bool is_workflow = subject.starts_with("https://") && at != std::string_view::npos;
  compare("signer workflow", requirements.signer_workflow, is_workflow ? subject.substr(0, at) : "", unmet);
  compare("signer ref", requirements.signer_ref, is_workflow ? subject.substr(at + 1) : "", unmet);
  compare("predicate type", requirements.predicate_type, statement ? statement->predicate_type : "", unmet);
  return unmet;
}

}  // namespace waybill::sigstore
