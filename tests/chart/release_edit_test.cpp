#include "core/chart/release_edit.h"

#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"

namespace waybill {
namespace {

using chart::Level;
using chart::PlannedVersion;
using chart::Subtree;
using chart::Version;

const std::string kDate = "2026-11-21T23:59:59Z";

Time date() {
  return parse_rfc3339(kDate);
}

PlannedVersion plan(const std::string& version, std::vector<chart::ReasonedLevel> reasons) {
  return {Version::parse(version), Level::kPatch, Version::parse("1.0.0"), std::move(reasons)};
}

PlannedVersion plan(const std::string& version = "1.2.4") {
  return plan(version, {{Level::kMinor, "feat: tell time", "feat"},
                        {Level::kPatch, "fix: stop crashing", "fix"},
                        {Level::kMajor, "feat(api)!: drop v1", "breaking change"},
                        {Level::kPatch, "[nginx] tidy up (#7)", "chart"},
                        {Level::kPatch, "Revert \"feat: old\"", "revert of a released change"},
                        {Level::kMinor, "", "dependency redis 18.1.0 → 18.2.0"},
                        {Level::kMinor, "", "version 1.2.4 written in Chart.yaml"}});
}

const std::string kSection =
    "## [1.2.4] - 2026-11-21\n\n### Added\n\n- Tell time\n\n### Changed\n\n- **Breaking:** drop v1\n- Tidy up (#7)\n"
    "- Dependency redis 18.1.0 → 18.2.0\n\n### Removed\n\n- Revert \"feat: old\"\n\n### Fixed\n\n- Stop crashing\n";

std::string content(const Subtree& files, const std::string& path) {
  return files.at(path).content;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_release_edit)

BOOST_AUTO_TEST_CASE(a_section_groups_what_gave_the_version) {
  BOOST_TEST(chart::changelog_section(plan(), date()) == kSection);
  BOOST_TEST(chart::changelog_section(plan("2.0.0", {}), date()) ==
             "## [2.0.0] - 2026-11-21\n\n### Changed\n\n- Maintenance\n");
}

BOOST_AUTO_TEST_CASE(a_section_is_found_in_the_forms_people_write) {
  const std::string log =
      "# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- two\n\n## v1.1.0 "
      "(2025-01-01)\n\n* one\n\n"
      "## <small>1.0.1 (2024-01-01)</small>\n\n* zero\n\n### 1.0.0\n\n### Fixed\n\n- first\n\n[1.2.0]: "
      "https://example.com\n";
  BOOST_TEST(chart::section_of(log, "1.2.0") == "### Added\n\n- two\n");
  BOOST_TEST(chart::section_of(log, "1.1.0") == "* one\n");
  BOOST_TEST(chart::section_of(log, "1.0.1") == "* zero\n");
  BOOST_TEST(chart::section_of(log, "1.0.0") == "### Fixed\n\n- first\n");
  BOOST_TEST(chart::section_of(log, "9.0.0") == "");
}

BOOST_AUTO_TEST_CASE(a_section_goes_above_the_newest_release) {
  const std::string section = "## [2.0.0] - 2026-11-21\n\n- x\n";
  BOOST_TEST(chart::insert_section("", section).starts_with("# Changelog\n"));
  BOOST_TEST(chart::insert_section("", section).ends_with("\n\n" + section));
  BOOST_TEST(chart::insert_section("# Log\n\nHello.\n", section) == "# Log\n\nHello.\n\n" + section);
  BOOST_TEST(chart::insert_section("# Log\n\n## [Unreleased]\n\n- u\n\n## 1.0.0\n", section) ==
             "# Log\n\n## [Unreleased]\n\n- u\n\n" + section + "\n## 1.0.0\n");
  BOOST_TEST(chart::insert_section("# Log\n\n[a]: b\n", section) == "# Log\n\n" + section + "\n[a]: b\n");
  BOOST_TEST(chart::insert_section("# Log\r\n\r\n## 1.0.0\r\n", "## [2.0.0]\n\n- x\n") ==
             "# Log\r\n\r\n## [2.0.0]\r\n\r\n- x\r\n\r\n## 1.0.0\r\n");
  BOOST_TEST(chart::insert_section("# Log", section) == "# Log\n\n" + section);
}

BOOST_AUTO_TEST_CASE(what_people_write_can_do_no_harm_in_a_message) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"Fixes #12", "Fixes `#12`"},
      {"closes: o/r#12 and resolved GH-3", "closes: `o/r#12` and resolved `GH-3`"},
      {"fix https://github.com/o/r/issues/1 now", "fix `https://github.com/o/r/issues/1` now"},
      {"prefixes #12", "prefixes #12"},
      {"fixes the bug of #12", "fixes the bug of #12"},
      {"text (#12)", "text (#12)"},
      {"go [skip ci] and [CI Skip]", "go (skip ci) and (CI Skip)"},
      {"<!-- waybill -->", "&lt;!-- waybill --&gt;"},
      {"Waybill: abc", "> Waybill: abc"},
      {"Waybill-Entry: abc", "> Waybill-Entry: abc"},
      {"  Release-As: 9.0.0", ">   Release-As: 9.0.0"},
      {"a\x1b[31mb", "a[31mb"},
  };
  for (const auto& [text, expected] : table) {
    BOOST_TEST(chart::harmless(text) == expected);
    BOOST_TEST(chart::harmless(expected) == expected);
  }
  const std::string section =
      chart::changelog_section(plan("2.0.0", {{Level::kPatch, "fix: closes #1 [skip ci] <!-- x", "fix"}}), date());
  BOOST_TEST(section.ends_with("- Closes `#1` (skip ci) &lt;!-- x\n"));
}

BOOST_AUTO_TEST_CASE(the_edit_touches_release_owned_bytes_only) {
  Subtree base = testing::small_chart("nginx", "1.2.3");
  base["CHANGELOG.md"].content = "# Changelog\n\n## [1.2.3] - 2026-01-01\n\n- old\n";
  Subtree contribution = testing::small_chart("nginx", "1.0.0");
  contribution["templates/new.yaml"].content = "# new\n";
  contribution["CHANGELOG.md"].content = "# Changelog\n";
  const Subtree edited = chart::release_edit(base, contribution, "charts/nginx", plan(), date());

  BOOST_TEST(content(edited, "CHANGELOG.md") == "# Changelog\n\n" + kSection + "\n## [1.2.3] - 2026-01-01\n\n- old\n");
  std::string expected = content(contribution, "Chart.yaml");
  expected.replace(expected.find("1.0.0"), 5, "1.2.4");
  BOOST_TEST(content(edited, "Chart.yaml") == expected);
  Subtree rest = edited;
  rest["Chart.yaml"] = contribution["Chart.yaml"];
  rest["CHANGELOG.md"] = contribution["CHANGELOG.md"];
  BOOST_TEST((rest == contribution));
  BOOST_TEST(chart::same_but_release_owned(edited, contribution, "charts/nginx"));
  BOOST_TEST((edited == chart::release_edit(base, contribution, "charts/nginx", plan(), date())));
}

BOOST_AUTO_TEST_CASE(an_entry_the_contribution_added_is_kept) {
  Subtree base = testing::small_chart("nginx", "1.2.3");
  base["CHANGELOG.md"].content = "# Changelog\n\n## [1.2.3] - 2026-01-01\n\n- old\n";
  Subtree contribution = base;
  contribution["CHANGELOG.md"].content =
      "# Changelog\n\n## [Unreleased]\n\n### Security\n\n- Closed CVE-1\n  in the parser\n\n## [1.2.3] - "
      "2026-01-01\n\n- old\n";
  const Subtree edited = chart::release_edit(base, contribution, "charts/nginx", plan("1.2.4", {}), date());
  BOOST_TEST(content(edited, "CHANGELOG.md") ==
             "# Changelog\n\n## [1.2.4] - 2026-11-21\n\n### Changed\n\n- Maintenance\n\n### Security\n\n- Closed "
             "CVE-1\n  in the "
             "parser\n\n## [1.2.3] - 2026-01-01\n\n- old\n");
}

BOOST_AUTO_TEST_CASE(a_new_chart_keeps_the_changelog_it_brings) {
  Subtree contribution = testing::small_chart("nginx", "0.1.0");
  const std::string log = "# Changelog\n\n## 0.1.0\n\n- Hello\n";
  contribution["CHANGELOG.md"].content = log;
  BOOST_TEST(content(chart::release_edit({}, contribution, "charts/nginx", plan("0.1.0"), date()), "CHANGELOG.md") ==
             log);
  BOOST_TEST(content(chart::release_edit({}, contribution, "charts/nginx", plan("0.2.0", {}), date()), "CHANGELOG.md")
                 .find("## [0.2.0] - 2026-11-21\n\n### Changed\n\n- Maintenance\n\n## 0.1.0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(changes_for_artifact_hub_are_replaced_where_they_are_kept) {
  Subtree contribution = testing::small_chart("nginx", "1.2.3");
  contribution["Chart.yaml"].content +=
      "annotations:\n  artifacthub.io/signKey: |\n    fingerprint: x\n  artifacthub.io/changes: |\n    - old\n  other: "
      "y # kept\n";
  const Subtree edited = chart::release_edit(
      contribution, contribution, "charts/nginx",
      plan("1.2.4", {{Level::kPatch, "fix: say \"hi\" \\ twice", "fix"}, {Level::kMinor, "feat: a", "feat"}}), date());
  BOOST_TEST(content(edited, "Chart.yaml")
                 .ends_with("  artifacthub.io/changes: |\n    - kind: added\n      description: \"A\"\n    - kind: "
                            "fixed\n      description: \"Say "
                            "\\\"hi\\\" \\\\ twice\"\n  other: y # kept\n"));
  BOOST_TEST(content(edited, "Chart.yaml").find("signKey: |\n    fingerprint: x\n") != std::string::npos);
  BOOST_TEST(chart::same_but_release_owned(edited, contribution, "charts/nginx"));

  Subtree without = testing::small_chart("nginx", "1.2.3");
  BOOST_TEST(
      content(chart::release_edit({}, without, "charts/nginx", plan(), date()), "Chart.yaml").find("annotations") ==
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_annotation_of_pre_releases_says_what_holds_where_it_is_there) {
  const auto with = [](const std::string& annotations) {
    Subtree chart = testing::small_chart("nginx", "1.2.3");
    chart["Chart.yaml"].content += annotations;
    return chart;
  };
  const auto edited = [](const Subtree& contribution, const std::string& version) {
    return chart::release_edit({}, contribution, "charts/nginx", plan(version), date());
  };
  const std::string mark = "artifacthub.io/prerelease: ";
  for (const auto& [before, rc, release] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"\"false\" # kept", "\"true\" # kept", "\"false\" # kept"},
           {"'true'", "'true'", "'false'"},
           {"\"True\"", "\"true\"", "\"false\""},
           {"\"perhaps\"", "\"perhaps\"", "\"perhaps\""},
           {"|\n    text", "|\n    text", "|\n    text"}}) {
    const std::string start = "annotations:\r\n  a: \"1\"\n  ";
    const std::string end = "\n  artifacthub.io/changes: |\n    - x\n";
    const Subtree contribution = with(start + mark + before + end);
    const Subtree as_rc = edited(contribution, "1.3.0-rc.1");
    const Subtree as_release = edited(contribution, "1.3.0");
    BOOST_TEST(content(as_rc, "Chart.yaml").find(start + mark + rc + "\n") != std::string::npos, before);
    BOOST_TEST(content(as_release, "Chart.yaml").find(start + mark + release + "\n") != std::string::npos, before);
    BOOST_TEST((edited(as_rc, "1.3.0-rc.1").at("Chart.yaml") == as_rc.at("Chart.yaml")));
    BOOST_TEST((edited(as_rc, "1.3.0").at("Chart.yaml") == as_release.at("Chart.yaml")));
    for (const Subtree& one : {as_rc, as_release})
      BOOST_TEST(chart::same_but_release_owned(one, contribution, "charts/nginx"), before);
  }
  for (const char* annotations : {"", "annotations:\n  a: \"1\"\n", "annotations: {}\n"})
    BOOST_TEST(content(edited(with(annotations), "1.3.0-rc.1"), "Chart.yaml").ends_with(annotations));

  const Subtree marked = with("annotations:\n  " + mark + "\"true\"\n");
  BOOST_TEST(!chart::same_but_release_owned(marked, with("annotations: {}\n"), "charts/nginx"));
  BOOST_TEST(!chart::same_but_release_owned(marked, with("annotations:\n  " + mark + "\"1\"\n"), "charts/nginx"));
  BOOST_TEST(!chart::same_but_release_owned(marked, with("annotations:\n  " + mark + "'true'\n"), "charts/nginx"));
}

BOOST_AUTO_TEST_CASE(anything_else_is_a_difference) {
  const Subtree one = testing::small_chart("nginx", "1.2.3");
  Subtree mode = one;
  mode["README.md"].mode = git::Mode::kExecutable;
  BOOST_TEST(!chart::same_but_release_owned(one, mode, "charts/nginx"));
  Subtree comment = one;
  comment["Chart.yaml"].content += "# more\n";
  BOOST_TEST(!chart::same_but_release_owned(one, comment, "charts/nginx"));
  Subtree app = one;
  app["values.yaml"].content += " ";
  BOOST_TEST(!chart::same_but_release_owned(one, app, "charts/nginx"));
}

BOOST_AUTO_TEST_CASE(what_goes_on_after_a_release_gets_its_version_unless_its_own_is_higher) {
  const auto text = [](const std::string& version, const std::string& app) {
    return "name: web\r\nversion: \"" + version + "\" # mine\r\nappVersion: " + app + "\r\napiVersion: v2\r\n";
  };
  const std::string where = "charts/web/Chart.yaml";
  BOOST_TEST(chart::with_released_version(text("1.0.0", "3"), text("1.1.0", "2"), where) == text("1.1.0", "3"));
  BOOST_TEST(chart::with_released_version(text("1.10.0", "3"), text("1.9.0", "2"), where) == text("1.10.0", "3"));
  BOOST_TEST(chart::with_released_version(text("1.1.0-rc.1", "3"), text("1.1.0", "2"), where) == text("1.1.0", "3"));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
