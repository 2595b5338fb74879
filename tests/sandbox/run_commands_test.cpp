#include "core/sandbox/run_commands.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sandbox)
BOOST_AUTO_TEST_SUITE(run_commands)

BOOST_AUTO_TEST_CASE(masks_and_errors_are_heard_unless_commands_are_stopped) {
  const auto said = workflow_commands(
      "text\n  ::add-mask::one%0Atwo\r\n::error title=x,file=y::50%25 broken\n::stop-commands::pause\n::error::quoted "
      "by a chart\n"
      "::pause::\n::error::last\n::notice::no\n");
  BOOST_TEST(said.masks == std::vector<std::string>{"one\ntwo"}, boost::test_tools::per_element());
  BOOST_TEST((said.errors == std::vector<std::string>{"50% broken", "last"}));
}

BOOST_AUTO_TEST_CASE(outputs_are_lines_or_heredocs) {
  const auto entries = file_entries("a=1\nb<<END\ntwo\n\nlines\nEND\nc=x<<y\na=2\n", "GITHUB_OUTPUT");
  BOOST_TEST_REQUIRE(entries.size() == 4U);
  BOOST_TEST((entries[1] == std::pair<std::string, std::string>("b", "two\n\nlines")));
  BOOST_TEST((entries[2] == std::pair<std::string, std::string>("c", "x<<y")));
  BOOST_TEST((entries[3] == std::pair<std::string, std::string>("a", "2")));
}

BOOST_AUTO_TEST_CASE(a_heredoc_without_end_fails_the_step) {
  const auto says = [](const std::string& text) { return [text](const Error& error) { return error.what() == text; }; };
  BOOST_CHECK_EXCEPTION(file_entries("a<<END\nx\n", "GITHUB_OUTPUT"), Error,
                        says("GITHUB_OUTPUT: no line is the delimiter `END`"));
  BOOST_CHECK_EXCEPTION(file_entries("nonsense\n", "GITHUB_OUTPUT"), Error,
                        says("GITHUB_OUTPUT: invalid format `nonsense`"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
