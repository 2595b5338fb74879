#pragma once

#include <string>
#include <string_view>

#include "core/lineage/policy.h"
#include "testing/refusal.h"

namespace waybill::lineage {

// A policy with nothing in it but what has to be, and more lines.
inline std::string minimal_policy(const std::string& more = "") {
  return R"(version: 1
anchor: {repository: octo/charts, repository-id: 2002, owner-id: 1001}
app: waybill[bot]
charts: ["charts/*"]
kubernetes: ["1.32.11", "1.33.7"]
)" + more;
}

inline void refuses_policy(const std::string& text, std::string_view said) {
  BOOST_TEST_CONTEXT(text)
  testing::refuses(Fault::kInput, said, [&] { static_cast<void>(Policy::parse(text, ".waybill.yml")); });
}

}  // namespace waybill::lineage
