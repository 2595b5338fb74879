#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace waybill {

// The one way to the terminal: no registered secret ever gets through, in any line, in any encoding listed here
// (as is, base64, percent-encoded).
class Log {
 public:
  explicit Log(std::ostream& out) : out_(out) {}

  // Secrets of fewer than 4 characters are refused (Fault::kInternal): masking them would eat the log.
  void hide(std::string_view secret);
  void line(std::string_view text);
  // The text with every secret replaced by `***`; what summaries and error texts pass through.
  std::string redacted(std::string_view text) const;

 private:
  std::ostream& out_;
  std::vector<std::string> secrets_;
};

}  // namespace waybill
