#pragma once

#include <string_view>
#include <vector>

#include "core/lineage/policy.h"
#include "core/yaml/document.h"

// Values that a policy names by words. Fault::kInput with the place and the words that are known for any other.
namespace waybill::lineage {

// True for the first of two words.
bool is_first_of(const yaml::Node& node, std::string_view one, std::string_view other);

// A word or a list of them, at least one.
std::vector<Keeping> keepings(const yaml::Node& node);
std::vector<BillFormat> bill_formats(const yaml::Node& node);  // each once

}  // namespace waybill::lineage
