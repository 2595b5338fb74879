#include "core/stages/number_input.h"

#include "core/base/error.h"
#include "core/base/number.h"

namespace waybill::stages {

std::int64_t number_input(const Job& job, std::string_view name, std::int64_t least, std::string_view wanted,
                          const std::string& hint) {
  const std::string_view text = job.input(name);
  const auto number = whole_number(text);
  if (!number || *number < least)
    throw Error(Fault::kInput, "the input `{}` is `{}`; {} is wanted", name, text, wanted).hint(hint);
  return *number;
}

}  // namespace waybill::stages
