#include "core/base/clock.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"

namespace waybill {
namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw Error(Fault::kInput, "`{}` is not an RFC 3339 time", text.substr(0, 80));
}

int digits(std::string_view text, std::size_t at, std::size_t count, int most) {
  int value = 0;
  if (at + count > text.size()) refuse(text);
  const char* end = text.data() + at + count;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  if (error != std::errc() || stop != end || text[at] == '-' || value > most) refuse(text);
  return value;
}

std::chrono::seconds hour_and_minute(std::string_view text, std::size_t at) {
  const std::chrono::hours hours(digits(text, at, 2, 23));
  const std::chrono::minutes minutes(digits(text, at + 3, 2, 59));
  if (text[at + 2] != ':') refuse(text);
  return hours + minutes;
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

Time parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const year_month_day date(year(digits(text, 0, 4, 9999)), month(static_cast<unsigned>(digits(text, 5, 2, 12))),
                            day(static_cast<unsigned>(digits(text, 8, 2, 31))));
  // 60 is the leap second of RFC 3339, 5.6.
  const seconds clock = hour_and_minute(text, 11) + seconds(digits(text, 17, 2, 60));
  const bool shaped =
      date.ok() && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') && text[16] == ':';
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') at = text.find_first_not_of("0123456789", at + 1);
  if (at == 20) refuse(text);
  const std::string_view zone = text.substr(std::min(at, text.size()));
  if (shaped && zone == "Z") return sys_days(date) + clock;
  if (shaped && zone.size() == 6 && (zone[0] == '+' || zone[0] == '-')) {
    const seconds offset = hour_and_minute(zone, 1);
    return sys_days(date) + clock - (zone[0] == '+' ? offset : -offset);
  }
  refuse(text);
}

}  // namespace waybill
