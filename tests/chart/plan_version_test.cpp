#include "core/chart/plan_version.h"

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/chart/metadata_levels.h"

namespace waybill {
namespace {

using chart::Level;
using chart::PlannedVersion;
using chart::Reason;
using chart::Version;
using chart::VersionRequest;
using testing::says;

Reason reason(std::string subject, std::string body = "", std::string id = "") {
  return {std::move(id), std::move(subject), std::move(body)};
}

VersionRequest request(const std::string& last, std::vector<Reason> reasons) {
  VersionRequest request;
  request.chart_name = "nginx";
  request.chart_path = "charts/nginx";
  request.all_chart_names = {"nginx", "redis", "nginx-extra"};
  if (!last.empty()) request.last = Version::parse(last);
  request.before.version = last.empty() ? "0.1.0" : last;
  request.after = request.before;
  request.reasons = std::move(reasons);
  return request;
}

std::string planned(const VersionRequest& request) {
  return chart::plan_version(request).version.text();
}

std::string planned(const std::string& last, std::vector<Reason> reasons) {
  VersionRequest asked = request(last, std::move(reasons));
  asked.any_wish = true;
  return planned(asked);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_plan_version)

BOOST_AUTO_TEST_CASE(one_commit_gives_the_level_its_words_ask_for) {
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> table{
      // subject, body, from 1.2.3, from 0.2.3
      {"feat!: a", "", "2.0.0", "0.3.0"},
      {"fix(api)!: a", "", "2.0.0", "0.3.0"},
      {"chore!: a", "", "2.0.0", "0.3.0"},
      {"fix: a", "BREAKING CHANGE: x", "2.0.0", "0.3.0"},
      {"fix: a", "text\n\nBREAKING-CHANGE: x", "2.0.0", "0.3.0"},
      {"fix: a", "text\n\nBREAKING CHANGE #5", "2.0.0", "0.3.0"},
      {"fix: a", "text\n\nBREAKING CHANGE: x\nwhich goes on\n\nSigned-off-by: A", "2.0.0", "0.3.0"},
      {"fix: a", "text\r\n\r\nRefs: #1\r\nBREAKING CHANGE: x\r\n", "2.0.0", "0.3.0"},
      {"fix: a", "breaking change: x", "1.2.4", "0.2.4"},
      {"fix: a", "Breaking change introduced in PR 5 is undone", "1.2.4", "0.2.4"},
      {"fix: a", "BREAKING CHANGES: x", "1.2.4", "0.2.4"},
      {"fix: a", "they wrote\n> BREAKING CHANGE: x\n\nand more", "1.2.4", "0.2.4"},
      {"fix: a", "quoting\nBREAKING CHANGE: x\n\nnotes of another project", "1.2.4", "0.2.4"},
      {"feat: a", "", "1.3.0", "0.3.0"},
      {"FEAT: a", "", "1.3.0", "0.3.0"},
      {"feature: a", "", "1.3.0", "0.3.0"},
      {"feat(nginx): a", "", "1.3.0", "0.3.0"},
      {"feat(charts/nginx): a", "", "1.3.0", "0.3.0"},
      {"feat(redis): a", "", "1.2.4", "0.2.4"},
      {"feat(redis,nginx): a", "", "1.3.0", "0.3.0"},
      {"feat(parser): a", "", "1.3.0", "0.3.0"},
      {"feat(redis)!: a", "", "1.2.4", "0.2.4"},
      {"[nginx] feat: a", "", "1.3.0", "0.3.0"},
      {"[nginx] text", "", "1.2.4", "0.2.4"},
      {"[bitnami/nginx] Release 1.2.3 (#123)", "", "1.2.4", "0.2.4"},
      {"[redis] text", "BREAKING CHANGE: x", "1.2.4", "0.2.4"},
      {"feat:no space", "", "1.2.4", "0.2.4"},
      {"feat (x): a", "", "1.2.4", "0.2.4"},
      {"feat(x) : a", "", "1.2.4", "0.2.4"},
      {"feat!(x): a", "", "1.2.4", "0.2.4"},
      {"chore(deps): bump", "", "1.2.4", "0.2.4"},
      {"docs: a", "", "1.2.4", "0.2.4"},
      {"perf: a", "", "1.2.4", "0.2.4"},
      {"anything else", "", "1.2.4", "0.2.4"},
      {"Merge pull request #1 from x", "feat: a", "1.2.4", "0.2.4"},
      {"fix: a (#3)", "* feat: b\n\n* docs: c", "1.3.0", "0.3.0"},
      {"fix: a (#3)", "* feat(redis): b", "1.2.4", "0.2.4"},
      {"fix: a (#3)", "* fix!: b", "2.0.0", "0.3.0"},
      {"chore(deps): update x", "* feat: b", "1.2.4", "0.2.4"},
      {"fix: a", "Release-As: 3.0.0", "3.0.0", "3.0.0"},
      {"fix: a", "* fix: a\n\nrelease-as: v3.0.0", "3.0.0", "3.0.0"},
      {"fix: a", "Release-As: nginx 3.0.0", "3.0.0", "3.0.0"},
      {"fix: a", "Release-As: redis 3.0.0", "1.2.4", "0.2.4"},
  };
  for (const auto& [subject, body, stable, initial] : table) {
    BOOST_TEST(planned("1.2.3", {reason(subject, body)}) == stable, subject << " | " << body);
    BOOST_TEST(planned("0.2.3", {reason(subject, body)}) == initial, subject << " | " << body);
  }
}

BOOST_AUTO_TEST_CASE(a_change_of_what_ships_is_always_a_release) {
  BOOST_TEST(planned("1.2.3", {}) == "1.2.4");
  BOOST_TEST(planned("0.0.1", {reason("feat: a")}) == "0.1.0");
}

BOOST_AUTO_TEST_CASE(a_first_release_is_the_version_as_written) {
  VersionRequest first = request("", {reason("feat: a")});
  first.first = true;
  first.after.version = "0.4.0";
  const PlannedVersion plan = chart::plan_version(first);
  BOOST_TEST(plan.version.text() == "0.4.0");
  BOOST_TEST(!plan.previous);
  first.taken = {Version::parse("0.4.0")};
  BOOST_TEST(planned(first) == "0.5.0");
}

BOOST_AUTO_TEST_CASE(a_higher_version_written_by_hand_is_a_floor) {
  VersionRequest floor = request("1.2.3", {reason("fix: a")});
  floor.after.version = "1.3.0";
  BOOST_TEST(planned(floor) == "1.3.0");
  BOOST_TEST((chart::plan_version(floor).level == Level::kMinor));
  floor.reasons = {reason("feat!: a")};
  BOOST_TEST(planned(floor) == "2.0.0");
  floor.after.version = "1.0.0";
  BOOST_TEST(planned(floor) == "2.0.0");
}

BOOST_AUTO_TEST_CASE(a_taken_version_is_never_planned_again) {
  VersionRequest waiting = request("1.2.3", {reason("fix: a")});
  waiting.taken = {Version::parse("1.2.4"), Version::parse("1.3.0")};
  BOOST_TEST(planned(waiting) == "1.3.1");
  waiting.after.version = "1.3.0";
  BOOST_TEST(planned(waiting) == "1.3.1");
}

BOOST_AUTO_TEST_CASE(release_as_needs_a_new_strict_version) {
  for (const char* version : {"1.2.3", "1.0.0"})
    BOOST_CHECK_EXCEPTION(planned("1.2.3", {reason("fix: a", std::string("Release-As: ") + version, "abc1234")}), Error,
                          [](const Error& e) { return says(e, "of abc1234 for nginx: 1.2.3 exists"); });
  BOOST_CHECK_EXCEPTION(planned("1.2.3", {reason("fix: a", "Release-As: 2.0")}), Error, [](const Error& e) {
    return says(e, "Release-As of `fix: a` for nginx: `2.0` is not a version");
  });
  BOOST_TEST(planned("1.2.3", {reason("fix: b", "Release-As: 4.0.0"), reason("fix: a", "Release-As: 3.0.0")}) ==
             "4.0.0");
}

BOOST_AUTO_TEST_CASE(a_wish_reaches_one_step_above_what_is_known_or_planned) {
  const std::vector<std::pair<std::string, bool>> wishes{
      {"1.2.4", true},  {"1.2.5", true},     {"1.3.0", true},          {"2.0.0", true},    {"2.0.0-rc.1", true},
      {"1.2.6", false}, {"1.3.1", false},    {"1.4.0", false},         {"2.0.1", false},   {"2.1.0", false},
      {"3.0.0", false}, {"9999.0.0", false}, {"9999.0.0-rc.1", false}, {"1.2.9999", false}};
  for (const auto& [wish, near] : wishes) {
    VersionRequest trailer = request("1.2.3", {reason("fix: a", "Release-As: " + wish, "abc1234")});
    VersionRequest written = request("1.2.3", {reason("fix: a")});
    written.after.version = wish;
    for (VersionRequest* asked : {&trailer, &written}) {
      asked->any_wish = true;
      BOOST_TEST(planned(*asked) == wish);
      asked->any_wish = false;
      if (near)
        BOOST_TEST(planned(*asked) == wish);
      else
        BOOST_CHECK_EXCEPTION(planned(*asked), Error, [](const Error& e) {
          return says(e, "that is more than one step above 1.2.4, which the changes give");
        });
    }
  }
  VersionRequest planned_higher = request("1.2.3", {reason("feat!: a")});
  planned_higher.after.version = "3.0.0";
  BOOST_TEST(planned(planned_higher) == "3.0.0");
}

BOOST_AUTO_TEST_CASE(app_version_mirrors_and_dependencies_are_capped) {
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> apps{
      {"1.0.0", "1.0.1", "1.2.4", "0.2.4"}, {"1.0.0", "1.1.0", "1.3.0", "0.3.0"},  {"1.0.0", "2.0.0", "2.0.0", "0.3.0"},
      {"v1.9", "v1.10", "1.3.0", "0.3.0"},  {"2026-01-01", "x", "1.3.0", "0.3.0"}, {"", "1.0", "1.3.0", "0.3.0"}};
  for (const auto& [before, after, stable, initial] : apps)
    for (const auto& [last, expected] : {std::pair<std::string, std::string>{"1.2.3", stable}, {"0.2.3", initial}}) {
      VersionRequest app = request(last, {reason("chore: bump")});
      app.before.app_version = before;
      app.after.app_version = after;
      BOOST_TEST(planned(app) == expected, before << " → " << after << " from " << last);
    }
  const std::vector<std::tuple<std::string, std::string, std::string>> dependencies{
      {"18.1.0", "18.1.1", "1.2.4"},   {"18.1.0", "18.2.0", "1.3.0"}, {"18.1.0", "19.0.0", "1.3.0"},
      {"^18.1.0", "^18.2.0", "1.3.0"}, {"4.32.*", "4.33.x", "1.3.0"}, {">=1.0.0 <2", ">=1.0.1 <3", "1.2.4"}};
  for (const auto& [before, after, expected] : dependencies) {
    VersionRequest dependency = request("1.2.3", {reason("chore: bump")});
    dependency.before.dependencies = {{"redis", before, "oci://r", ""}};
    dependency.after.dependencies = {{"redis", after, "oci://r", ""}};
    BOOST_TEST(planned(dependency) == expected, before << " → " << after);
  }
  VersionRequest added = request("1.2.3", {});
  added.after.dependencies = {{"redis", "1.0.0", "oci://r", ""}};
  BOOST_TEST(planned(added) == "1.3.0");
}

BOOST_AUTO_TEST_CASE(the_lowest_version_of_a_range_is_compared) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"^1.2", "1.2.0"},     {"4.32.*", "4.32.0"},        {"1.x", "1.0.0"},       {">= 1.0 < 2", "1.0.0"},
      {"<2 >=1.5", "1.5.0"}, {"2.0.0 || 1.0.0", "1.0.0"}, {"1.0 - 2.0", "1.0.0"}, {"~1.2.3-0", "1.2.3-0"}};
  for (const auto& [range, lowest] : table) BOOST_TEST(chart::lowest_version(range)->text() == lowest, range);
  BOOST_TEST(!chart::lowest_version("*"));
  BOOST_TEST(!chart::lowest_version("<2"));
}

BOOST_AUTO_TEST_CASE(a_revert_cancels_what_it_names_in_the_window) {
  const std::string feat = "1234567890123456789012345678901234567890";
  const std::string revert = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";
  BOOST_TEST(planned("1.2.3", {reason("Revert \"feat: a\"", "This reverts commit " + feat + ".", revert),
                               reason("feat: a", "", feat)}) == "1.2.4");
  BOOST_TEST(planned("1.2.3", {reason("Revert \"feat: a (#12)\" (#13)", "Reverts o/r#12"), reason("feat: a (#12)")}) ==
             "1.2.4");
  BOOST_TEST(planned("1.2.3", {reason("revert: feat: a", "Refs: 1234567"), reason("feat: a", "", feat)}) == "1.2.4");
  BOOST_TEST(planned("1.2.3", {reason("Revert \"feat: a\""), reason("feat: a (#12)")}) == "1.2.4");
  BOOST_TEST(planned("1.2.3", {reason("Revert \"feat: a\"", "This reverts commit " + feat + "."), reason("feat: b")}) ==
             "1.3.0");
}

BOOST_AUTO_TEST_CASE(a_reverted_revert_restores_its_target) {
  const std::string feat = "1234567890123456789012345678901234567890";
  const std::string revert = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";
  BOOST_TEST(planned("1.2.3", {reason("Reapply \"feat: a\"", "This reverts commit " + revert + "."),
                               reason("Revert \"feat: a\"", "This reverts commit " + feat + ".", revert),
                               reason("feat: a", "", feat)}) == "1.3.0");
  BOOST_TEST(planned("1.2.3", {reason("Revert \"Revert \"feat: a\"\""), reason("Revert \"feat: a\""),
                               reason("feat: a")}) == "1.3.0");
}

BOOST_AUTO_TEST_CASE(a_revert_of_something_released_is_a_patch_that_removes) {
  const PlannedVersion plan = chart::plan_version(request(
      "1.2.3", {reason("Revert \"feat: old\"", "This reverts commit 1234567890123456789012345678901234567890.")}));
  BOOST_TEST(plan.version.text() == "1.2.4");
  BOOST_TEST(plan.reasons.at(0).why == "revert of a released change");
}

BOOST_AUTO_TEST_CASE(two_reverts_in_one_commit_count_both) {
  const std::vector<Reason> reasons{reason("Revert two", "This reverts commit 1111111.\nThis reverts commit 2222222."),
                                    reason("feat: a", "", "1111111" + std::string(33, 'a')),
                                    reason("feat: b", "", "2222222" + std::string(33, 'a'))};
  BOOST_TEST(planned("1.2.3", reasons) == "1.2.4");
}

BOOST_AUTO_TEST_CASE(tags_of_all_three_forms_are_read_and_names_do_not_mix) {
  const Oid commit = Oid::parse(std::string(40, 'a'));
  std::vector<git::Tag> tags;
  for (const char* name :
       {"grafana-1.0.0", "grafana-v1.2.0", "grafana/1.10.0", "grafana-agent-9.0.0", "grafana-1.0.1-rc.1",
        "grafana-latest", "grafana-1-2.3.4", "mimir-grafana-3.0.0", "v1.0.0", "grafana-0.46.00"})
    tags.push_back({name, commit, commit, std::nullopt});
  std::vector<std::string> names;
  for (const chart::ReleaseTag& tag : chart::release_tags(tags, "grafana")) names.push_back(tag.tag.name);
  const std::vector<std::string> expected{"grafana/1.10.0", "grafana-v1.2.0", "grafana-1.0.1-rc.1", "grafana-1.0.0",
                                          "grafana-0.46.00"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST(chart::release_tags(tags, "grafana-agent").size() == 1);
  BOOST_TEST(chart::release_tags(tags, "grafana-1").at(0).version.text() == "2.3.4");
  BOOST_TEST(chart::release_tag_name("grafana", "1.2.3") == "grafana-v1.2.3");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
