#include "core/chart/helm.h"

#include <boost/test/unit_test.hpp>

#include "chart/charts.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace waybill {
namespace {

using chart::CheckResult;
using chart::Helm;
using chart::Subtree;
using testing::says;

constexpr const char* kKubernetes = "1.33.7";

bool has(const std::string& text, std::string_view words) {
  if (text.find(words) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("said: " << text << "\nwanted: " << words);
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chart_helm)

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_said) {
  BOOST_CHECK_EXCEPTION(Helm("/nonexistent/helm"), Error, [](const Error& e) {
    return e.hint().starts_with("install helm 3") && says(e, "no program `/nonexistent/helm`");
  });
}

BOOST_AUTO_TEST_CASE(the_real_helm_lints_and_renders_a_chart) {
  const Helm helm(testing::helm());
  BOOST_TEST(helm.version().starts_with("v3."));
  const Subtree chart = testing::small_chart("nginx");
  const CheckResult lint = helm.lint(chart, "charts/nginx");
  BOOST_TEST(lint.passed, lint.output);
  BOOST_TEST(lint.command == "helm lint --strict charts/nginx");
  BOOST_TEST(has(lint.output, "Linting charts/nginx"));
  const CheckResult render = helm.render(chart, "charts/nginx", kKubernetes);
  BOOST_TEST(render.passed, render.output);
  BOOST_TEST(render.command == "helm template release-name charts/nginx --kube-version 1.33.7");
  BOOST_TEST(has(render.output, "image: registry.example/app:1.0"));
}

BOOST_AUTO_TEST_CASE(the_real_helm_lints_and_renders_our_package) {
  const Helm helm(testing::helm());
  Subtree chart = testing::small_chart("nginx");
  chart["Chart.yaml"].content +=
      "dependencies:\n  - name: redis\n    version: 1.x\n    repository: oci://example.com/charts\n";
  chart["charts/redis-1.2.3.tgz"].content = testing::packed(testing::small_chart("redis"));
  const chart::Package package = chart::package(chart, "charts/nginx");
  const CheckResult lint = helm.lint(package);
  BOOST_TEST(lint.passed, lint.output);
  const CheckResult render = helm.render(package, kKubernetes);
  BOOST_TEST(render.passed, render.output);
  BOOST_TEST(has(render.output, "# Source: nginx/charts/redis/templates/deployment.yaml"));
  BOOST_TEST(helm.manifests(package, kKubernetes) == render.output);
}

BOOST_AUTO_TEST_CASE(a_failing_check_shows_what_helm_said_in_the_charts_own_paths) {
  const Helm helm(testing::helm());
  Subtree chart = testing::small_chart("nginx");
  chart["templates/bad.yaml"].content = "{{ fail \"no luck\" }}\n";
  const CheckResult render = helm.render(chart, "charts/nginx", kKubernetes);
  BOOST_TEST(!render.passed);
  BOOST_TEST(has(render.output, "no luck"));
  BOOST_TEST(render.output.find("/tmp/") == std::string::npos);
  chart["templates/bad.yaml"].content = "{{ nothing }}\n";
  BOOST_TEST(!helm.lint(chart, "charts/nginx").passed);

  Subtree missing = testing::small_chart("nginx");
  missing["Chart.yaml"].content +=
      "dependencies:\n  - name: redis\n    version: 1.x\n    repository: oci://example.com/charts\n";
  const CheckResult lint = helm.lint(missing, "charts/nginx");
  BOOST_TEST(!lint.passed);
  BOOST_TEST(has(lint.output, "missing these dependencies: redis"));
}

BOOST_AUTO_TEST_CASE(a_library_chart_is_linted_and_not_rendered) {
  const Helm helm(testing::helm());
  Subtree chart = testing::small_chart("common");
  chart["Chart.yaml"].content += "type: library\n";
  chart.erase("templates/deployment.yaml");
  BOOST_TEST(helm.lint(chart, "charts/common").passed);
  const CheckResult render = helm.render(chart, "charts/common", kKubernetes);
  BOOST_TEST(render.passed);
  BOOST_TEST(render.output == "common is a library chart: nothing to render\n");
}

BOOST_AUTO_TEST_CASE(a_chart_at_the_root_is_checked_under_its_name) {
  const CheckResult lint = Helm(testing::helm()).lint(testing::small_chart("nginx"), ".");
  BOOST_TEST(lint.passed, lint.output);
  BOOST_TEST(lint.command == "helm lint --strict .");
}

BOOST_AUTO_TEST_CASE(a_hostile_chart_gets_nothing) {
  const Helm helm(testing::helm());
  Subtree chart = testing::small_chart("nginx");
  chart["templates/probe.yaml"].content =
      "{{ getHostByName \"localhost\" | quote }} {{ (lookup \"v1\" \"Secret\" \"\" \"\") | toJson }} {{ env \"HOME\" "
      "}}\n";
  BOOST_TEST(has(helm.render(chart, "charts/nginx", kKubernetes).output, "function \"env\" not defined"));
  chart["templates/probe.yaml"].content =
      "{{ getHostByName \"localhost\" | quote }}: {{ (lookup \"v1\" \"Secret\" \"\" \"\") | toJson }}\n";
  BOOST_TEST(has(helm.render(chart, "charts/nginx", kKubernetes).output, "\"\": {}"));

  chart = testing::small_chart("nginx");
  for (const char* target : {"file:///etc/passwd", "https://example.com/x.json", "other.json#/x"}) {
    chart["values.schema.json"].content = std::string(R"({"properties":{"a":{"$ref":")") + target + "\"}}}";
    BOOST_CHECK_EXCEPTION(helm.lint(chart, "charts/nginx"), Error, [](const Error& e) {
      return e.fault() == Fault::kInput && says(e, "charts/nginx/values.schema.json: $ref");
    });
  }
  Subtree outer = testing::small_chart("outer");
  outer["charts/nginx-1.2.3.tgz"].content = testing::packed(chart);
  BOOST_CHECK_EXCEPTION(helm.lint(outer, "charts/outer"), Error, [](const Error& e) {
    return says(e, "charts/outer/charts/nginx-1.2.3.tgz/nginx/values.schema.json");
  });
}

BOOST_AUTO_TEST_CASE(helm_reaches_nobody) {
  const TemporaryFolder folder;
  const auto program = folder.path() / "helm";
  write_file(program, "#!/bin/bash\n(exec 3<>/dev/tcp/127.0.0.1/1) 2>&1 | tail -1\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const CheckResult lint = Helm(program).lint(testing::small_chart("nginx"), "charts/nginx");
  BOOST_TEST(has(lint.output, "Operation not permitted"), lint.output);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
