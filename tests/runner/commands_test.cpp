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

  // What the runner takes for a command of what was printed, in order; it stops and resumes as the runner does.
  std::vector<std::string> said() const {
    std::vector<std::string> lines_taken;
    std::string stopped;
    std::istringstream lines(printed.str());
    for (std::string line; std::getline(lines, line);) {
      if (!stopped.empty()) {
        if (line == "::" + stopped + "::") stopped.clear();
        continue;
      }
      constexpr std::string_view kStop = "::stop-commands::";
      if (line.starts_with(kStop))
        stopped = line.substr(kStop.size());
      else
        lines_taken.push_back(line);
    }
    return lines_taken;
  }

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
  BOOST_TEST(step.said() == std::vector<std::string>{"::add-mask::two%0Alines%25"}, boost::test_tools::per_element());
  step.commands.notice("two\nlines%");
  BOOST_TEST(step.said().back() == "::notice::***");
}

BOOST_AUTO_TEST_CASE(errors_are_one_line_whatever_they_say) {
  Step step;
  step.commands.error("100%\r\n::set-output name=x::y", "stage 1: nginx, redis");
  BOOST_REQUIRE(step.said().size() == 1U);
  BOOST_TEST(step.said().front() == "::error title=stage 1%3A nginx%2C redis::100%25%0D%0A|::set-output name=x::y");
}

BOOST_AUTO_TEST_CASE(groups_open_and_close) {
  Step step;
  step.commands.group("nginx ##[error]no");
  step.commands.end_group();
  const std::vector<std::string> expected{"::group::nginx |##[error]no", "::endgroup::"};
  BOOST_TEST(step.said() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_line_that_anything_else_prints_is_a_command) {
  Step step;
  step.log.line("::error::by others");
  step.commands.notice("ours");
  step.log.line("::set-output name=tags::by others\n##[add-mask]by others");
  BOOST_TEST(step.said() == std::vector<std::string>{"::notice::ours"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(commands_are_on_again_for_the_next_step) {
  std::ostringstream printed;
  Log log(printed);
  { const Commands commands({{"GITHUB_ACTIONS", "true"}}, log); }
  static const std::regex form("::stop-commands::(waybill_[0-9a-f]{32})\n::\\1::\n");
  BOOST_TEST(std::regex_match(printed.str(), form));
}

BOOST_AUTO_TEST_CASE(annotations_that_the_runner_would_drop_go_to_the_summary) {
  Step step;
  for (int i = 1; i <= 12; ++i) step.commands.error("finding " + std::to_string(i), "");
  BOOST_TEST(step.said().size() == 10U);
  BOOST_TEST(step.summary() == "```\nfinding 11\n```\n```\nfinding 12\n```\n");
  step.commands.notice(std::string(5000, 'x'));
  BOOST_TEST(step.said().back().size() <= 4096 + std::string("::notice::").size());
  BOOST_TEST(step.said().back().ends_with("the rest is in the step's summary"));
  BOOST_TEST(step.summary().ends_with(std::string(5000, 'x') + "\n```\n"));
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
