#include "core/chart/helmignore.h"

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "chart/charts.h"
#include "core/base/error.h"

namespace waybill {
namespace {

bool ignored(const std::string& rules, const std::string& path) {
  return chart::HelmIgnore(rules, ".helmignore").ignores(path);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_helmignore)

BOOST_AUTO_TEST_CASE(rules_mean_what_helm_takes_them_for) {
  const std::vector<std::tuple<std::string, std::string, bool>> table{
      {"", "README.md", false},
      {"", "templates/.hidden", true},
      {"", "templates/sub/.hidden", false},
      {"", "templates/.dir/file", true},
      {"", "templates/.", false},
      {"*.md", "docs/README.md", true},
      {"/*.md", "docs/README.md", false},
      {"/*.md", "README.md", true},
      {"docs/*.md", "docs/README.md", true},
      {"docs/*.md", "docs/deep/README.md", false},
      {"ci/", "ci/values.yaml", true},
      {"ci/", "ci", false},
      {"ci", "ci/values.yaml", true},
      {"ci/", "deep/ci/values.yaml", true},
      {"/ci/", "deep/ci/values.yaml", false},
      {"# comment\n\n  *.txt  ", "a.txt", true},
      {"*.txt\r\n*.md\r\n", "a.md", true},
      {"\xEF\xBB\xBF*.md", "a.md", true},
      {"*.md\n!README.md", "README.md", true},
      {"*.md\n!README.md", "Chart.yaml", true},
      {"!README.md", "README.md", false},
      {"!*.yaml", "Chart.yaml", false},
      {"!*.yaml", "templates/a.yaml", true},
      {"[a-c]*", "bus", true},
      {"[^a-c]*", "bus", false},
      {"\\#x", "#x", true},
      {"\\*", "*", true},
      {"\\*", "x", false},
      {"a?c", "abc", true},
      {"a?c", "aéc", true},
      {"files/*/x", "files/a/x", true},
      {"files/*/x", "files/a/b/x", false},
      {"*a*b", "xaxb", true},
      {"*a*b", "xbxa", false},
      {"files/conf/README.md# img folder", "files/conf/README.md", false},
      {"charts/", "charts/sub/Chart.yaml", true},
  };
  for (const auto& [rules, path, expected] : table)
    BOOST_TEST(ignored(rules, path) == expected, "`" << rules << "` and " << path);
}

BOOST_AUTO_TEST_CASE(what_helm_refuses_is_refused_with_its_line) {
  BOOST_CHECK_EXCEPTION(ignored("a\n**/x", "x"), Error,
                        [](const Error& e) { return testing::says(e, ".helmignore, line 2: helm knows no `**`"); });
  for (const char* pattern : {"[", "[]", "[a", "[a-]", "[-a]", "[]a]", "x\\", "[\\"})
    BOOST_CHECK_EXCEPTION(ignored(pattern, "x"), Error,
                          [](const Error& e) { return testing::says(e, "is not a pattern"); });
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
