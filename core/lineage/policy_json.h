#pragma once

#include "core/base/json.h"
#include "core/lineage/policy.h"

namespace waybill::lineage {

// What a policy comes to, with every default, key and identity written out: by stage, who may sign and what is
// demanded. What the pipeline has not is left out.
OrderedJson policy_json(const Policy& policy);

}  // namespace waybill::lineage
