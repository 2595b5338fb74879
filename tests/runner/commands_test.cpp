#include <boost/test/unit_test.hpp>
#include <regex>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runner/runner.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(runner)
BOOST_AUTO_TEST_SUITE(commands)

struct Step {
  TemporaryFolder folder;
  std::ostringstream printed;
  Log log{printed};
  Environment environment{{"GITHUB_ACTIONS", "true"},
                          {"GITHUB_OUTPUT", (folder.path() / "output").string()},
                          {"GITHUB_STEP_SUMMARY", (folder.path() / "summary").string()}};
  Commands commands{environment, log};

  std::string output() const { return read_file(folder.path() / "output", 10'000'000); }

  std::string summary() const { return read_file(folder.path() / "summary", 10'000'000); }
};

// Reads the file as the runner does: the first of `=` and `<<` wins, a value ends at the line that is its delimiter.
std::map<std::string, std::string> as_the_runner_reads(const std::string& file) {
  std::map<std::string, std::string> values;
  std::istringstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    const std::size_t heredoc = line.find("<<");
    BOOST_REQUIRE(heredoc != std::string::npos && heredoc < equals);
    const std::string delimiter = line.substr(heredoc + 2);
    std::string value;
    std::string part;
    while (std::getline(lines, part) && part != delimiter) value += part + "\n";
    BOOST_REQUIRE(part == delimiter);
    values[line.substr(0, heredoc)] = value.substr(0, value.size() - 1);
  }
  return values;
}

BOOST_AUTO_TEST_CASE(outputs_come_back_as_they_were_whatever_they_hold) {
  Step step;
  const std::string nasty = "a\nother<<EOF\ninjected\nEOF\nx=y\n";
  step.commands.output("tags", nasty);
  step.commands.output("empty", "");
  step.commands.output("attestation-id", "7");
  const auto values = as_the_runner_reads(step.output());
  BOOST_TEST(values.size() == 3U);
  BOOST_TEST(values.at("tags") == nasty);
  BOOST_TEST(values.at("empty") == "");
  BOOST_TEST(values.at("attestation-id") == "7");
}

BOOST_AUTO_TEST_CASE(every_delimiter_is_new_and_random) {
  Step step;
  step.commands.output("a", "1");
  step.commands.output("a", "1");
  static const std::regex form("a<<(waybill_[0-9a-f]{32})\n1\n\\1\na<<(waybill_[0-9a-f]{32})\n1\n\\2\n");
  std::smatch parts;
  const std::string file = step.output();
  BOOST_REQUIRE(std::regex_match(file, parts, form));
  BOOST_TEST(parts[1].str() != parts[2].str());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_an_output_is_refused) {
  Step step;
  for (const char* name : {"", "a=b", "a<<b", "a\nb", "a\rb"})
    BOOST_CHECK_THROW(step.commands.output(name, "x"), Error);
  BOOST_CHECK_THROW(step.commands.output("a", std::string_view("x\0y", 3)), Error);
  step.commands.mask("s3cr3t-token");
  BOOST_CHECK_EXCEPTION(step.commands.output("a", "my s3cr3t-token"), Error, [](const Error& error) {
    return error.fault() == Fault::kInternal && std::string(error.what()) == "the output `a` holds a secret";
  });
  BOOST_TEST(!std::filesystem::exists(step.folder.path() / "output"));
}

BOOST_AUTO_TEST_CASE(missing_files_are_tolerated) {
  std::ostringstream printed;
  Log log(printed);
  Commands without({}, log);
  without.output("a", "b");
  without.summary("text");
  Commands gone({{"GITHUB_OUTPUT", "/nonexistent/folder/file"}}, log);
  gone.output("a", "b");
  BOOST_TEST(printed.str().empty());
}

BOOST_AUTO_TEST_CASE(a_summary_stays_under_a_megabyte_and_says_that_it_was_cut) {
  Step step;
  step.commands.mask("s3cr3t-token");
  step.commands.summary("# with s3cr3t-token");
  std::string wide;
  for (int i = 0; i < 400'000; ++i) wide += "\u20ac";
  step.commands.summary(wide);
  step.commands.summary("never seen");
  const std::string text = step.summary();
  BOOST_TEST(text.size() <= 1'000'000U);
  BOOST_TEST(text.size() > 999'900U);
  BOOST_TEST(text.starts_with("# with ***\n"));
  BOOST_TEST(text.find("was cut") != std::string::npos);
  BOOST_TEST(text.find("never seen") == std::string::npos);
  const std::string before_the_note = text.substr(0, text.find("\n\n*This"));
  BOOST_TEST(before_the_note.ends_with("\u20ac"));
}

BOOST_AUTO_TEST_CASE(masking_tells_the_runner_before_the_log_hides) {
  Step step;
  step.commands.mask("two\nlines%");
  BOOST_TEST(step.printed.str() == "::add-mask::two%0Alines%25\n");
  step.commands.notice("two\nlines%");
  BOOST_TEST(step.printed.str().ends_with("::notice::***\n"));
}

BOOST_AUTO_TEST_CASE(errors_are_one_line_whatever_they_say) {
  Step step;
  step.commands.error("100%\r\n::set-output name=x::y", "stage 1: nginx, redis");
  BOOST_TEST(step.printed.str() == "::error title=stage 1%3A nginx%2C redis::100%25%0D%0A|::set-output name=x::y\n");
}

BOOST_AUTO_TEST_CASE(groups_open_and_close) {
  Step step;
  step.commands.group("nginx ##[error]no");
  step.commands.end_group();
  BOOST_TEST(step.printed.str() == "::group::nginx |##[error]no\n::endgroup::\n");
}

BOOST_AUTO_TEST_CASE(on_a_terminal_there_are_no_commands) {
  std::ostringstream printed;
  Log log(printed);
  Commands commands({}, log);
  commands.mask("s3cr3t-token");
  commands.group("tag-charts");
  commands.error("s3cr3t-token is bad", "nginx");
  commands.notice("done\n  ::error::x");
  commands.end_group();
  BOOST_TEST(printed.str() == "tag-charts\nerror: nginx: *** is bad\ndone\n  |::error::x\n");
}

BOOST_AUTO_TEST_CASE(no_text_by_others_is_a_command) {
  BOOST_TEST(harmless("::error::x") == "|::error::x");
  BOOST_TEST(harmless("a\n \t::add-mask::x") == "a\n \t|::add-mask::x");
  BOOST_TEST(harmless("a\r::x::") == "a\r|::x::");
  BOOST_TEST(harmless("\u00a0::x::") == "\u00a0|::x::");
  BOOST_TEST(harmless("text ##[warning]x") == "text |##[warning]x");
  BOOST_TEST(harmless("std::string a::b") == "std::string a::b");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
