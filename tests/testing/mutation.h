#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace waybill::testing {

// Damaged forms of good inputs: bits flipped, bytes set, pieces cut out, repeated or taken from another of the inputs,
// numbers and words put in that readers trip over, values of JSON and YAML replaced or put into many brackets. The same
// inputs and seed give the same forms.
class Mutator {
 public:
  Mutator(std::vector<std::string> good, std::uint64_t seed);
  std::string next();

 private:
  struct Piece {
    std::size_t at = 0;
    std::size_t size = 0;
  };

  std::size_t below(std::size_t bound);  // 0 for a bound of 0
  Piece piece_of(std::string_view text);
  std::string repeated(const std::string& piece);
  void change(std::string& text);
  void change_number(std::string& text);
  void change_value(std::string& text);

  std::vector<std::string> good_;
  std::mt19937_64 random_;
};

// Reads the good inputs, then some hundred damaged forms of them, some thousand where sanitizers watch, 20,000 with
// WAYBILL_ALL=1 in the environment; WAYBILL_SEED chooses others. Each must end in a value or in an Error that blames
// the input, in less than two seconds of processor time, and together in less than half a gigabyte of memory; some must
// be refused.
void survives_damage(const std::vector<std::string>& good, const std::function<void(const std::string&)>& read);

// The same, and `judge` asserts what holds of every value that was read; there an Error is a mistake.
template <class Read, class Judge>
void survives_damage(const std::vector<std::string>& good, const Read& read, const Judge& judge) {
  survives_damage(good, [&](const std::string& text) {
    const auto value = read(text);
    try {
      judge(value, text);
    } catch (const Error& error) {
      throw Error(Fault::kInternal, "this was read, and then: {}", error.what());
    }
  });
}

}  // namespace waybill::testing
