// Mutations that get below what JSON wraps: of one value at a time, and inside it of what its base64 or hexadecimal
// digits or a JSON document in it hold. The bytes of the document themselves are mutated too.

#include <cstring>
#include <iterator>
#include <optional>
#include <random>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/base/json.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace waybill::fuzz {
namespace {

constexpr std::size_t kGrowth = 64;
constexpr unsigned kStaysHere = 4;    // one of so many mutations goes no deeper
constexpr unsigned kOtherParts = 16;  // one of so many takes a part away or doubles it

using Random = std::minstd_rand;

std::string mutated_bytes(std::string bytes) {
  const std::size_t size = bytes.size();
  bytes.resize(size + kGrowth);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, bytes.size()));
  return bytes;
}

std::string mutated(const std::string& text, Random& random);

template <auto Decode, auto Encode>
std::optional<std::string> mutated_below(const std::string& text, Random& random) {
  try {
    return Encode(mutated(Decode(text), random));
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json mutated_value(const Json& value, Random& random) {
  if (value.is_string()) return mutated(value.get<std::string>(), random);
  const Json other = Json::parse(mutated_bytes(value.dump()), nullptr, false);
  return other.is_discarded() ? Json() : other;
}

// Goes down evenly at every level, lest the longest list gets most of the mutations.
void mutate(Json& json, Random& random) {
  if (!json.is_structured() || json.empty()) {
    json = mutated_value(json, random);
    return;
  }
  const auto part = std::next(json.begin(), static_cast<std::ptrdiff_t>(random() % json.size()));
  const auto choice = random() % kOtherParts;
  if (choice == 0)
    json.erase(part);
  else if (choice == 1 && json.is_array())
    json.push_back(Json(*part));
  else
    mutate(*part, random);
}

std::optional<std::string> mutated_json(const std::string& text, Random& random) {
  try {
    Json json = parse_json(text, "an input");
    if (!json.is_structured()) return std::nullopt;
    mutate(json, random);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string mutated(const std::string& text, Random& random) {
  if (text.empty() || random() % kStaysHere == 0) return mutated_bytes(text);
  if (auto json = mutated_json(text, random)) return *json;
  if (auto hexadecimal = mutated_below<from_hex, to_hex>(text, random)) return *hexadecimal;
  if (auto base64 = mutated_below<from_base64, to_base64>(text, random)) return *base64;
  return mutated_bytes(text);
}

}  // namespace
}  // namespace waybill::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  waybill::fuzz::Random random(seed);
  const std::string text = waybill::fuzz::mutated({reinterpret_cast<const char*>(data), size}, random);
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, text.data(), text.size());
  return text.size();
}
