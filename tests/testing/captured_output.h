#pragma once

#include <iostream>
#include <sstream>
#include <string>

namespace waybill::testing {

// What is printed while this lives, in place of the terminal.
class CapturedOutput {
 public:
  CapturedOutput() : before_(std::cout.rdbuf(printed_.rdbuf())) {}
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  ~CapturedOutput() { std::cout.rdbuf(before_); }

  std::string text() const { return printed_.str(); }

 private:
  std::ostringstream printed_;
  std::streambuf* before_;
};

}  // namespace waybill::testing
