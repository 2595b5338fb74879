#pragma once

// What all fuzz targets share. Each defines read(); target.cpp calls it with every input. A finding ends the process:
// another exception than an Error that blames the input, a property that does not hold, more than a second of processor
// time, and whatever the sanitizers see.

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "fuzz/input.h"

namespace waybill::fuzz {

void read(std::string_view input);

// Nobody can sign but the seeds' authors: what is found to be signed must be what one of the seeds says too, which are
// all read once before the first input. `property` says so in a sentence.
void require_genuine(const std::string& signed_text, std::string_view property);

// What lies beside the folders of seeds: the trust in those who signed them.
std::string beside_seeds(const std::string& name);

// One of several questions about the same input: where it is refused, the next ones are asked all the same.
template <class Ask>
void asked(const Ask& ask) {
  try {
    ask();
  } catch (const Error& error) {
    require(error.fault() != Fault::kInternal, error.what());
  }
}

}  // namespace waybill::fuzz
