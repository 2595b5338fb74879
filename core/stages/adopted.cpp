#include "core/stages/adopted.h"

#include "core/base/error.h"
#include "core/lineage/policy.h"

namespace waybill::stages {

void require_adopted_here(const git::Repository& git, const std::string& tag, const Oid& commit) {
  if (git.find_commit(commit.hex())) return;
  throw Error(Fault::kInput, "`{}` adopts the tag `{}` at {}, which is no commit of this repository",
              lineage::kPolicyFile, tag, commit.hex())
      .hint(fmt::format("git rev-parse '{}^{{commit}}'", tag));
}

}  // namespace waybill::stages
