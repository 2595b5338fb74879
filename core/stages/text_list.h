#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waybill::stages {

// A list as inputs hold it: separated by newlines or commas, blanks around items and empty items dropped; or as outputs
// hold it, a JSON array of texts (Fault::kInput when it is none).
std::vector<std::string> text_list(std::string_view text);

}  // namespace waybill::stages
