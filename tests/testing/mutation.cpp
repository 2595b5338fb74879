#include "testing/mutation.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <exception>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill::testing {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kUsualForms = 3000;
#else
constexpr int kUsualForms = 200;
#endif
constexpr int kAllForms = 20'000;
constexpr double kSeconds = 2;
constexpr long kKilobytes = 512L * 1024;
constexpr std::size_t kLongestShown = 2000;
constexpr std::size_t kMostAdded = 64UL * 1024;

using namespace std::string_view_literals;

constexpr std::array kWords = {"\0"sv,
                               "\n"sv,
                               "\r\n"sv,
                               "\n\n"sv,
                               "\t"sv,
                               " "sv,
                               "\""sv,
                               "'"sv,
                               "\\"sv,
                               "{"sv,
                               "["sv,
                               "]"sv,
                               "}"sv,
                               "[]"sv,
                               "{}"sv,
                               "null"sv,
                               "true"sv,
                               ": "sv,
                               "- "sv,
                               "? "sv,
                               "&a "sv,
                               "*a"sv,
                               "!!binary "sv,
                               "<<: "sv,
                               "---\n"sv,
                               "../"sv,
                               "/"sv,
                               "%"sv,
                               "-->"sv,
                               "<!--"sv,
                               "\xff\xfe"sv,
                               "\xc3\x28"sv,
                               "\xed\xa0\x80"sv,
                               "\xf4\x90\x80\x80"sv,
                               "\xef\xbb\xbf"sv,
                               "\xe2\x80\xa8"sv,
                               "\\u0000"sv,
                               "\\ud800"sv,
                               "\x1f\x8b"sv,
                               "\x30\x80"sv,
                               "\x30\x84\xff\xff\xff\xff"sv,
                               "=="sv,
                               "\x7f"sv,
                               "\x80"sv};
constexpr std::array kNumbers = {"0"sv,
                                 "-1"sv,
                                 "1.5"sv,
                                 "1e999"sv,
                                 "255"sv,
                                 "65536"sv,
                                 "2147483648"sv,
                                 "4294967296"sv,
                                 "9223372036854775807"sv,
                                 "9223372036854775808"sv,
                                 "-9223372036854775809"sv,
                                 "18446744073709551616"sv,
                                 "00000000000"sv,
                                 "77777777777"sv,
                                 "0x10"sv,
                                 "99999999999999999999999999999999"sv};

constexpr std::array kValues = {"null"sv,     "true"sv, "0"sv,  "-1"sv,     "1.5"sv,        "\"\""sv,
                                "\"text\""sv, "[]"sv,   "{}"sv, "[null]"sv, "{\"a\": 1}"sv, ""sv};

int wanted_forms() {
  const char* all = std::getenv("WAYBILL_ALL");
  return all != nullptr && std::string_view(all) == "1" ? kAllForms : kUsualForms;
}

std::uint64_t wanted_seed() {
  const char* seed = std::getenv("WAYBILL_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

// Behind the value of JSON or YAML that begins here, near enough.
std::size_t end_of_value(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  if (first == '"' || first == '\'') return std::min(text.find(first, begin + 1), text.size() - 1) + 1;
  if (first != '[' && first != '{') return std::min(text.find_first_of(",]}\n", begin), text.size());
  std::size_t open = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (text[at] == '[' || text[at] == '{') ++open;
    if ((text[at] == ']' || text[at] == '}') && --open == 0) return at + 1;
  }
  return text.size();
}

std::vector<std::size_t> begins_of_values(std::string_view text) {
  std::vector<std::size_t> begins;
  for (std::size_t at = text.find_first_of(":,[-"); at != std::string_view::npos;
       at = text.find_first_of(":,[-", at + 1))
    if (const std::size_t begin = text.find_first_not_of(" \n", at + 1); begin != std::string_view::npos)
      begins.push_back(begin);
  return begins;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

long most_kilobytes() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

std::string shown(const std::string& form) {
  return std::to_string(form.size()) + " bytes, in hexadecimal " + to_hex(form.substr(0, kLongestShown));
}

enum class End { kRead, kRefused, kWrong };

End end_of(const std::string& form, const std::function<void(const std::string&)>& read) {
  const double begin = processor_seconds();
  End end = End::kRead;
  try {
    read(form);
  } catch (const Error& error) {
    end = error.fault() == Fault::kInternal ? End::kWrong : End::kRefused;
    if (end == End::kWrong) BOOST_ERROR("waybill blames itself: " << error.what());
  } catch (const std::exception& error) {
    end = End::kWrong;
    BOOST_ERROR("another exception than waybill's: " << error.what());
  }
  const double seconds = processor_seconds() - begin;
  if (seconds <= kSeconds) return end;
  BOOST_ERROR("read for " << seconds << " seconds");
  return End::kWrong;
}

}  // namespace

Mutator::Mutator(std::vector<std::string> good, std::uint64_t seed) : good_(std::move(good)), random_(seed) {}

std::string Mutator::next() {
  std::string text = good_.at(below(good_.size()));
  for (std::size_t left = 1 + below(2) * below(4); left > 0; --left) change(text);
  return text;
}

std::size_t Mutator::below(std::size_t bound) {
  return bound == 0 ? 0 : static_cast<std::size_t>(random_() % bound);
}

// Anywhere, and as often short as long.
Mutator::Piece Mutator::piece_of(std::string_view text) {
  const std::size_t at = below(text.size() + 1);
  const std::size_t longest = std::size_t{1} << below(17);
  return {at, std::min(1 + below(longest), text.size() - at)};
}

void Mutator::change_number(std::string& text) {
  std::vector<Piece> numbers;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    if (at > 0 && is_digit(text[at - 1]))
      ++numbers.back().size;
    else
      numbers.push_back({at, 1});
  }
  if (numbers.empty()) return;
  const Piece number = numbers[below(numbers.size())];
  text.replace(number.at, number.size, kNumbers.at(below(kNumbers.size())));
}

void Mutator::change_value(std::string& text) {
  const std::vector<std::size_t> begins = begins_of_values(text);
  if (begins.empty()) return;
  const std::size_t begin = begins[below(begins.size())];
  const std::size_t size = end_of_value(text, begin) - begin;
  if (below(4) > 0) {
    text.replace(begin, size, kValues.at(below(kValues.size())));
    return;
  }
  const std::size_t depth = std::size_t{1} << below(15);
  text.insert(begin + size, std::string(depth, ']'));
  text.insert(begin, std::string(depth, '['));
}

// Once, or so often that a depth or a count runs over.
std::string Mutator::repeated(const std::string& piece) {
  const std::size_t times = below(2) == 0 || piece.empty() ? 1 : std::min(below(kMostAdded), kMostAdded / piece.size());
  std::string all;
  for (std::size_t time = 0; time < times; ++time) all += piece;
  return all;
}

void Mutator::change(std::string& text) {
  const Piece piece = piece_of(text);
  const std::string_view other = good_[below(good_.size())];
  const Piece from = piece_of(other);
  switch (below(12)) {
    case 0:
    case 1:
      if (piece.at < text.size()) text[piece.at] = static_cast<char>(text[piece.at] ^ (1 << below(8)));
      break;
    case 2:
      if (piece.at < text.size()) text[piece.at] = static_cast<char>(below(256));
      break;
    case 3:
      text.erase(piece.at, piece.size);
      break;
    case 4:
      text.resize(piece.at);
      break;
    case 5:
      text.insert(piece.at, repeated(text.substr(piece.at, piece.size)));
      break;
    case 6:
      text.replace(piece.at, piece.size, other.substr(from.at, from.size));
      break;
    case 7:
      text.insert(piece.at, other.substr(from.at, from.size));
      break;
    case 8:
      text.replace(piece.at, below(2) * piece.size, kWords.at(below(kWords.size())));
      break;
    case 9:
      change_number(text);
      break;
    default:
      change_value(text);
  }
}

void survives_damage(const std::vector<std::string>& good, const std::function<void(const std::string&)>& read) {
  const long kilobytes = most_kilobytes();
  for (const std::string& text : good)
    BOOST_TEST((end_of(text, read) == End::kRead), "a good input is refused: " << text);
  const std::uint64_t seed = wanted_seed();
  Mutator mutator(good, seed);
  const int forms = wanted_forms();
  int refused = 0;
  for (int number = 1; number <= forms; ++number) {
    const std::string form = mutator.next();
    BOOST_TEST_CONTEXT("form " << number << " of seed " << seed << ", " << shown(form)) {
      const End end = end_of(form, read);
      if (end == End::kWrong) return;
      refused += end == End::kRefused ? 1 : 0;
    }
  }
  BOOST_TEST(refused > 0);
  BOOST_TEST(most_kilobytes() - kilobytes < kKilobytes);
  BOOST_TEST_MESSAGE(refused << " of " << forms << " damaged forms are refused");
}

}  // namespace waybill::testing
