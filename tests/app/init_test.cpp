#include <boost/test/unit_test.hpp>

#include "app/clone.h"
#include "core/app/init_command.h"
#include "core/base/error.h"
#include "core/lineage/policy.h"
#include "core/stages/table.h"
#include "testing/data.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// `waybill init` from the outside: a clone, its forge, what is printed and what is written.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_init)

using app::Clone;
using lineage::Policy;
namespace fs = std::filesystem;

namespace {

std::string chart_yaml(const std::string& name, const std::string& version) {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n";
}

// Two charts in a folder, one deeper, one in another.
Oid fill(testing::GitFixture& fixture) {
  return fixture.commit("main",
                        {{"charts/web/Chart.yaml", chart_yaml("web", "1.3.0")},
                         {"charts/web/charts/redis/Chart.yaml", chart_yaml("redis", "1.0.0")},
                         {"charts/api/Chart.yaml", chart_yaml("api", "0.7.0")},
                         {"deploy/team/one/Chart.yaml", chart_yaml("one", "0.1.0")}},
                        "charts");
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> everything_for(lineage::Pipeline pipeline) {
  std::vector<std::string> files{".github/waybill/README.md", ".waybill.yml"};
  for (const stages::Stage* stage : stages::workflow_stages(pipeline))
    files.push_back(lineage::standard_workflow(stage->name));
  std::ranges::sort(files);
  return files;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_names_every_file_and_writes_none) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  const auto before = clone.files();
  const std::string report = clone.init();
  for (const std::string& file : everything_for(lineage::Pipeline::kFull))
    BOOST_TEST(says(report, "  new      " + file + "\n"), file);
  BOOST_TEST(report.ends_with("Nothing is written yet: waybill init --write\n"));
  BOOST_TEST((clone.files() == before));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_a_policy_and_workflows_that_pass_actionlint) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.put(".github/waybill/trusted-root.json", "{}\n");
  clone.put(".github/waybill/signing-config.json", "{}");
  const auto before = clone.files();
  const std::string report = clone.init({"--write", "--app", "waybill-release[bot]"});
  BOOST_TEST(says(report, "11 files written, 0 were there already\n"));
  BOOST_TEST(!says(report, "To fill in"));
  auto written = clone.files();
  for (const std::string& file : everything_for(lineage::Pipeline::kFull)) BOOST_TEST(written.erase(file) == 1U, file);
  BOOST_TEST((written == before));

  const Policy policy = clone.policy();
  BOOST_TEST(policy.anchor.repository == "octo/charts");
  BOOST_TEST(policy.anchor.repository_id == "2002");
  BOOST_TEST(policy.anchor.owner_id == "1001");
  BOOST_TEST(policy.anchor.branch == "main");
  BOOST_TEST(policy.app == "waybill-release[bot]");
  BOOST_TEST(policy.charts == (std::vector<std::string>{"charts/*", "deploy/team/*"}),
             boost::test_tools::per_element());
  BOOST_TEST(policy.destinations.front().repository == "ghcr.io/octo/charts");
  BOOST_TEST(policy.trusted_root->digest.hex() == "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
  BOOST_TEST(policy.signing_config->digest.hex() == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  BOOST_TEST(policy.adopted.empty());
  for (const lineage::Signer& signer : policy.signers) {
    BOOST_TEST(signer.environment == "waybill-" + signer.stage);
    BOOST_TEST(!says(clone.text(signer.workflow), "mode:"), signer.stage);
  }
  clone.lint();
}

BOOST_AUTO_TEST_CASE(a_policy_for_a_release_says_where_editors_find_its_schema) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  const std::string commit = "0123456789abcdef0123456789abcdef01234567";
  clone.init({"--write", "--app", "a[bot]", "--release", "v1.2.3@" + commit});
  BOOST_TEST(clone.text(".waybill.yml").starts_with("# yaml-language-server: $schema=https://"));
  BOOST_TEST(says(clone.text(".waybill.yml"), "/" + commit + "/policy.schema.json\n"));
  BOOST_TEST(clone.policy().app == "a[bot]");
  Clone unreleased(fixture.path());
  unreleased.init({"--write"});
  BOOST_TEST(!says(unreleased.text(".waybill.yml"), "$schema"));
}

BOOST_AUTO_TEST_CASE(a_second_run_changes_nothing) {
  testing::GitFixture fixture;
  fixture.tag("web-1.3.0", fill(fixture));
  Clone clone(fixture.path());
  clone.init({"--write"});
  const auto before = clone.files();
  BOOST_TEST(says(clone.init({"--write"}), "0 files written, 9 were there already\n"));
  BOOST_TEST(!says(clone.report, "  new "));
  BOOST_TEST(!says(clone.report, "  differs "));
  BOOST_TEST((clone.files() == before));
}

BOOST_AUTO_TEST_CASE(a_repository_with_releases_starts_directly_and_with_plans_only) {
  testing::GitFixture fixture;
  const Oid tip = fill(fixture);
  fixture.tag("web-1.2.0", tip);
  fixture.tag("web/1.1.0", tip, "annotated");
  fixture.tag("web-v1.3.0", tip);
  fixture.tag("api-0.7.0", tip);
  fixture.tag("v2.0.0", tip);
  Clone clone(fixture.path());
  clone.put(".github/waybill/trusted-root.json", "{}");
  clone.put(".github/waybill/signing-config.json", "{}");
  clone.init({"--write", "--app", "a[bot]"});
  BOOST_TEST(says(clone.report, "  charts/web: web 1.3.0, 3 tags, newest web-v1.3.0\n"));
  BOOST_TEST(says(clone.report, "  deploy/team/one: one 0.1.0, no tags\n"));
  BOOST_TEST(says(clone.report, "5 tags: 0 by waybill, 4 read as releases of these charts, 4 adopted\n"));
  const Policy policy = clone.policy();
  BOOST_TEST((policy.pipeline == lineage::Pipeline::kDirect));
  BOOST_TEST(policy.adopted.size() == 4U);
  for (const auto& [tag, commit] : policy.adopted) BOOST_TEST(commit.hex() == tip.hex(), tag);
  for (const char* tag : {"web-1.2.0", "web/1.1.0", "web-v1.3.0", "api-0.7.0"})
    BOOST_TEST(policy.adopted.contains(tag), tag);
  for (const lineage::Signer& signer : policy.signers)
    BOOST_TEST(says(clone.text(signer.workflow), "          mode: plan\n"), signer.stage);
  BOOST_TEST(!fs::exists(clone.path() / ".github/workflows/filter-charts.yml"));
  clone.lint();

  Clone asked(fixture.path());
  asked.init({"--write", "--pipeline", "full"});
  BOOST_TEST(says(asked.text(".waybill.yml"), "pipeline: full\n"));
  BOOST_TEST(says(asked.text(".github/workflows/filter-charts.yml"), "mode: plan"));
}

BOOST_AUTO_TEST_CASE(a_repository_without_charts_gets_the_usual_place_for_them) {
  testing::GitFixture fixture;
  fixture.commit("main", {{"README.md", "# charts\n"}}, "one");
  Clone clone(fixture.path());
  clone.init({"--write"});
  BOOST_TEST(says(clone.report, "No charts on main\n"));
  BOOST_TEST(says(clone.text(".waybill.yml"), "charts: ['charts/*']\n"));
}

BOOST_AUTO_TEST_CASE(a_shallow_clone_is_refused_with_the_command_that_mends_it) {
  testing::GitFixture fixture;
  fill(fixture);
  fixture.change("main", {{"README.md", "# charts\n"}}, "two");
  Clone clone("file://" + fixture.path().string(), {"--depth=1"});
  clone.asks = false;
  testing::refuses(Fault::kInput, "holds only a part of its history", [&] { clone.init({"--write"}); });
  testing::refuses(Fault::kInput, "git fetch --unshallow --tags", [&] { clone.init(); });
  BOOST_TEST(!fs::exists(clone.path() / ".waybill.yml"));
}

BOOST_AUTO_TEST_CASE(files_that_differ_are_named_and_never_touched) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.put(".github/workflows/tag-charts.yml", "name: ours\n");
  clone.put(".github/waybill/README.md", "ours\n");
  testing::refuses(Fault::kConflict,
                   "were left alone:\n  .github/waybill/README.md\n  .github/workflows/tag-charts.yml",
                   [&] { clone.init({"--write"}); });
  BOOST_TEST(says(clone.report, "  differs  .github/workflows/tag-charts.yml\n"));
  BOOST_TEST(says(clone.report, "9 files written, 0 were there already\n"));
  BOOST_TEST(clone.text(".github/workflows/tag-charts.yml") == "name: ours\n");
  BOOST_TEST(clone.text(".github/waybill/README.md") == "ours\n");
  BOOST_TEST(fs::exists(clone.path() / ".github/workflows/publish-charts.yml"));
  clone.init();  // a plan of the same is no error
}

BOOST_AUTO_TEST_CASE(a_policy_that_lies_there_is_kept_and_the_workflows_follow_it) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  const std::string ours =
      "version: 1\npipeline: direct\nanchor: {repository: octo/charts, repository-id: 2002, owner-id: 1001}\n"
      "app: ours[bot]\ncharts: ['charts/*']\nkubernetes: ['1.33.7']\nbranches: {release: production}\n"
      "signers: {tag-charts: {workflow: .github/workflows/tags.yml, environment: tags}}\n";
  clone.put(".waybill.yml", ours);
  clone.init({"--write"});
  BOOST_TEST(says(clone.report, "  yours    .waybill.yml\n"));
  BOOST_TEST(clone.text(".waybill.yml") == ours);
  BOOST_TEST(says(clone.text(".github/workflows/publish-charts.yml"), "    branches: [production]\n"));
  BOOST_TEST(says(clone.text(".github/workflows/tags.yml"), "    environment: tags\n"));
  BOOST_TEST(!fs::exists(clone.path() / ".github/workflows/tag-charts.yml"));
  testing::refuses(Fault::kConflict, "`.waybill.yml` says `pipeline: direct`, `full` is asked for", [&] {
    clone.init({"--pipeline", "full"});
  });
  clone.put(".waybill.yml", ours + "soft: true\n");
  testing::refuses(Fault::kInput, "`soft`", [&] { clone.init(); });
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_is_left_to_fill_in_and_refused_until_then) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.is_known = false;
  clone.init({"--write"});
  BOOST_TEST(says(clone.report, "its ids are not known: repository octo/charts: not there, or not for this token"));
  for (const char* line : {"  repository-id: $(gh api repos/octo/charts --jq .id)\n",
                           "  owner-id: $(gh api repos/octo/charts --jq", "  app: "}) {
    BOOST_TEST(says(clone.report, line), line);
    testing::refuses(Fault::kInput, std::string_view(line).substr(2, 20), [&] { static_cast<void>(clone.policy()); });
  }
  clone.lint();
  // Half filled in, it is people's own, and says what is still open.
  std::string half = clone.text(".waybill.yml");
  half.replace(half.find("REPOSITORY_ID"), 13, "2002");
  clone.put(".waybill.yml", half);
  testing::refuses(Fault::kInput, "`OWNER_ID` is to be filled in", [&] { clone.init({"--write"}); });
}

BOOST_AUTO_TEST_CASE(on_github_the_sigstore_is_known_and_elsewhere_its_files_are_asked_for) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.init({"--write", "--app", "a[bot]"});
  BOOST_TEST(!says(clone.text(".waybill.yml"), "sigstore:"));
  BOOST_TEST(!clone.policy().trusted_root.has_value());
  fs::remove(clone.path() / ".waybill.yml");
  clone.init({"--write", "--app", "a[bot]", "--repository", "octo/charts", "--server-url", "https://ghe.example",
              "--api-url", "https://api.github.com"});
  for (const char* line :
       {"sha256sum .github/waybill/trusted-root.json", "sha256sum .github/waybill/signing-config.json"})
    BOOST_TEST(says(clone.report, line), line);
  testing::refuses(Fault::kInput, "sha256sum", [&] { static_cast<void>(clone.policy()); });
}

BOOST_AUTO_TEST_CASE(a_token_is_used_for_the_forge_and_never_printed) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.matches = testing::without_header("authorization");
  clone.init();
  clone.matches = testing::header_is("authorization", "Bearer github_pat_secret");
  clone.init({"--token", "github_pat_secret"});
  BOOST_TEST(says(clone.report, "read with a fine-grained personal access token\n"));
  BOOST_TEST(!says(clone.report, "github_pat_secret"));
  clone.environment = {{"GITHUB_TOKEN", "ghp_secret"}};
  clone.matches = testing::header_is("authorization", "Bearer ghp_secret");
  BOOST_TEST(says(clone.init(), "read with a classic personal access token\n"));
}

BOOST_AUTO_TEST_CASE(workflows_that_release_by_other_means_are_named) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.put(".github/workflows/release.yml",
            "on: push\njobs:\n  x:\n    steps:\n      - uses: helm/chart-releaser-action@v1\n");
  clone.put(".github/workflows/test.yaml", "on: push\n");
  clone.init();
  BOOST_TEST(says(clone.report, "  .github/workflows/release.yml, line 5: `helm/chart-releaser-action`\n"));
  BOOST_TEST(!says(clone.report, "test.yaml"));
}

BOOST_AUTO_TEST_CASE(a_link_on_the_way_is_refused) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  const TemporaryFolder elsewhere;
  fs::create_directory_symlink(elsewhere.path(), clone.path() / ".github");
  testing::refuses(Fault::kInput, ".github` is a link", [&] { clone.init({"--write"}); });
  BOOST_TEST(fs::is_empty(elsewhere.path()));
}

BOOST_AUTO_TEST_CASE(the_guide_says_what_a_person_sets_up) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.init();
  for (const char* line :
       {"     contents: write\n", "     pull_requests: write\n", "     checks: write\n", "     actions: write\n",
        "     deployments: write\n", "gh variable set WAYBILL_APP_ID --repo octo/charts",
        "gh secret set WAYBILL_APP_PRIVATE_KEY --repo octo/charts --env",
        "git push origin main:integration main:release\n", "waybill rulesets --waybill-app-id ID",
        "contributions come by pull requests that stage 1 validated\n", "only stage 6 makes tags of versions\n",
        "     waybill doctor --token \"$(gh auth token)\"\n"})
    BOOST_TEST(says(clone.report, line), line);
  for (const std::string_view stage : lineage::stages_of(lineage::Pipeline::kFull))
    BOOST_TEST(says(clone.report, " waybill-" + std::string(stage)), stage);
  clone.init({"--pipeline", "direct"});
  BOOST_TEST(says(clone.report, "git push origin main:release\n"));
  BOOST_TEST(!says(clone.report, "contributions come by pull requests"));
  BOOST_TEST(!says(clone.report, "waybill-filter-charts"));
}

BOOST_AUTO_TEST_CASE(without_an_app_the_guide_asks_for_none_and_people_merge) {
  testing::GitFixture fixture;
  fill(fixture);
  Clone clone(fixture.path());
  clone.init({"--app", "github-actions[bot]", "--pipeline", "full", "--write"});
  for (const char* line : {"WAYBILL_APP", "waybill rulesets", "the App's key"})
    BOOST_TEST(!says(clone.report, line), line);
  BOOST_TEST(says(clone.report, "can_approve_pull_request_reviews=true"));
  BOOST_TEST(says(clone.text(".waybill.yml"), "integrate: people, sync: people"));
  BOOST_TEST(!says(clone.text(".github/workflows/tag-charts.yml"), "app-id"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_work_tree_and_a_repository_nobody_names_are_said_so) {
  testing::GitFixture fixture;
  fill(fixture);
  testing::ScriptedHttp http;
  const auto refuses = [&](std::string_view said, const std::vector<std::string>& arguments) {
    testing::refuses(Fault::kInput, said, [&] { static_cast<void>(app::init_command(arguments, {}, http)); });
  };
  refuses("is a bare repository", {fixture.path().string()});
  const Clone clone(fixture.path());
  refuses("no remote `origin` on https://github.com says which repository this is", {clone.path().string()});
  refuses("waybill init --repository OWNER/NAME", {clone.path().string()});
  refuses("`octo` is not OWNER/NAME", {"--repository", "octo", clone.path().string()});
  refuses("`short` is neither `full` nor `direct`", {"--pipeline", "short", clone.path().string()});
  refuses("waybill init --help", {"--force"});
  const TemporaryFolder empty;
  refuses("is not a git repository", {empty.path().string()});
}

BOOST_AUTO_TEST_CASE(a_real_monorepo_is_adopted) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  Clone clone(*bundle);
  clone.put(".github/waybill/trusted-root.json", "{}");
  clone.put(".github/waybill/signing-config.json", "{}");
  clone.init({"--write", "--app", "a[bot]"});
  BOOST_TEST(says(clone.report, "\n6 charts\n"));
  BOOST_TEST(says(clone.report, "138 tags: 0 by waybill, 138 read as releases of these charts, 138 adopted\n"));
  const Policy policy = clone.policy();
  BOOST_TEST(policy.adopted.size() == 138U);
  BOOST_TEST(policy.charts == (std::vector<std::string>{"charts/*"}), boost::test_tools::per_element());
  BOOST_TEST((policy.pipeline == lineage::Pipeline::kDirect));
  clone.lint();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
