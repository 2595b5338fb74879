#include "core/app/policy_command.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "app/clone.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/sigstore/instance.h"
#include "testing/captured_output.h"
#include "testing/git_fixture.h"
#include "testing/refusal.h"

// `waybill policy check` from the outside: a clone, what is printed, what is refused.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_policy_command)

using app::Clone;

namespace {

constexpr const char* kRoot = ".github/waybill/trusted-root.json";
constexpr const char* kConfig = ".github/waybill/signing-config.json";

class FixedClock final : public Clock {
 public:
  Time now() const override { return parse_rfc3339("2026-11-21T12:00:00Z"); }
};

Oid with_a_chart(testing::GitFixture& fixture) {
  return fixture.commit("main", {{"charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.3.0\n"}}, "charts");
}

std::string checked(const std::filesystem::path& policy, std::vector<std::string> more = {}) {
  const testing::CapturedOutput output;
  more.insert(more.begin(), {"check", policy.string()});
  BOOST_TEST(app::policy_command(more, FixedClock()) == 0);
  return output.text();
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A clone with everything that `waybill init` writes into it, and the two files of a Sigstore instance.
struct Adopted {
  testing::GitFixture fixture;
  Oid tip = with_a_chart(fixture);
  Clone clone{fixture.path()};
  std::filesystem::path policy = clone.path() / ".waybill.yml";

  Adopted() {
    clone.put(kRoot, std::string(sigstore::kPublicGood.trusted_root));
    clone.put(kConfig, std::string(sigstore::kPublicGood.signing_config));
    clone.init({"--write", "--app", "waybill-release[bot]"});
  }

  void append(const std::string& lines) { clone.put(".waybill.yml", clone.text(".waybill.yml") + lines); }

  void refuses(const std::vector<std::string_view>& parts, const std::vector<std::string>& more = {}) const {
    testing::refuses_saying(Fault::kInput, parts, [&] { checked(policy, more); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_init_writes_is_sound_and_told_with_every_default, Adopted) {
  const std::string said = checked(policy);
  BOOST_TEST(said.starts_with(".waybill.yml is sound\n"));
  for (const std::string& part :
       {"held-against: the work tree, charts of commit " + tip.shortened() + "\nreleases: charts/web\n",
        "digest: " + crypto::sha256(clone.text(".waybill.yml")).text() + "\n", std::string("pipeline: full\n"),
        std::string("  integration: integration\n"),
        std::string("  validate-contribution:\n    identity: https://github.com/octo/charts/.github/workflows/"
                    "validate-contribution.yml@refs/heads/main\n    events: pull_request_target, workflow_dispatch\n"
                    "    environment: waybill-validate-contribution\n    signs: validate, lint-test-v1.32.11, "
                    "lint-test-v1.33.7\n    demands: none\n"),
        std::string("    demands: validate, lint-test-v1.32.11, lint-test-v1.33.7\n"),
        "    file: " + std::string(kRoot) + "\n", std::string("attestation-store: github\n"),
        std::string("destinations:\n  ghcr.io/octo/charts: required\n"),
        std::string("merge:\n  integrate: auto\n  sync: auto\n  main: people\n  release: people\nreviews: 0\n"),
        std::string("signers: none\n"), std::string("adopted: none\n")})
    BOOST_TEST(says(said, part), part);
}

BOOST_FIXTURE_TEST_CASE(scripts_read_the_same_as_json, Adopted) {
  const Json json = parse_json(checked(policy, {"--json"}), "output");
  BOOST_TEST(json.at("releases") == Json::array({"charts/web"}));
  BOOST_TEST(json.at("stages").at("tag-charts").at("demands") == Json::array({"workflow-5-overall"}));
  BOOST_TEST(json.at("stages").size() == 8U);
}

BOOST_FIXTURE_TEST_CASE(signers_of_ones_own_are_told_apart_from_stages, Adopted) {
  clone.put(".waybill.yml",
            "version: 1\npipeline: direct\nanchor: {repository: octo/charts, repository-id: 2002, owner-id: 1001}\n"
            "app: a[bot]\ncharts: ['charts/*']\nkubernetes: ['1.33.7']\n"
            "signers: {scan: {workflow: .github/workflows/scan.yml, events: [push], keys: [\"scan-v<kubernetes>\"]}}\n"
            "demanded: {tag-charts: [workflow-5-overall, scan-v1.33.7]}\n");
  clone.put(".github/workflows/scan.yml", "name: scan\n");
  const std::string said = checked(policy);
  BOOST_TEST(says(said,
                  "signers:\n  scan:\n    identity: https://github.com/octo/charts/.github/workflows/scan.yml@"
                  "refs/heads/main\n    events: push\n    signs: scan-v1.33.7\nsigstore:\n"));
  BOOST_TEST(says(said, "    demands: workflow-5-overall, scan-v1.33.7\n"));
  BOOST_TEST(says(said, "sigstore:\n  instance: by visibility\n"));
  BOOST_TEST(!says(said, "split"));
  BOOST_TEST(!says(said, "sync"));
}

BOOST_FIXTURE_TEST_CASE(everything_that_is_not_there_is_named_at_once_with_its_cure, Adopted) {
  const std::string commit(40, 'a');
  std::filesystem::remove(clone.path() / ".github/workflows/tag-charts.yml");
  std::filesystem::remove(clone.path() / ".github/workflows/filter-charts.yml");
  std::filesystem::remove(clone.path() / kRoot);
  clone.put(kConfig, "{}");
  std::string text = clone.text(".waybill.yml");
  text.replace(text.find("'charts/*'"), 10, "'charts/*', 'deploy/*', 'a/../b'");
  clone.put(".waybill.yml", text);
  append("adopted: {web-1.2.0: \"" + commit + "\"}\n");
  refuses({"signers.tag-charts: `.github/workflows/tag-charts.yml` is not in the work tree",
           "signers.filter-charts: `.github/workflows/filter-charts.yml` is not in the work tree",
           "`.github/waybill/trusted-root.json`, which the policy names as trusted-root, is not in the work tree",
           "`.github/waybill/signing-config.json` is sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61ca"
           "aff8a, the policy pins sha256:",
           "charts: `deploy/*` finds no folder with a Chart.yaml in commit " + tip.shortened(),
           "`a/../b` is not a pattern", "adopts the tag `web-1.2.0` at " + commit, "waybill init --write\n",
           "git add --force .github/waybill/trusted-root.json\n", "take `deploy/*` out of `charts`",
           "git rev-parse 'web-1.2.0^{commit}'",
           "sha256: \"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}, if that file is meant"});
}

BOOST_FIXTURE_TEST_CASE(a_pinned_file_that_no_stage_could_read_is_named, Adopted) {
  std::string text = clone.text(".waybill.yml");
  const std::string old = crypto::sha256(sigstore::kPublicGood.trusted_root).hex();
  text.replace(text.find(old), old.size(), crypto::sha256("{}").hex());
  clone.put(".waybill.yml", text);
  clone.put(kRoot, "{}");
  refuses({"trusted root"});
}

BOOST_FIXTURE_TEST_CASE(a_file_counts_only_as_git_would_take_it_up, Adopted) {
  const std::filesystem::path workflow = clone.path() / ".github/workflows/tag-charts.yml";
  std::filesystem::rename(workflow, clone.path() / "elsewhere.yml");
  std::filesystem::create_symlink(clone.path() / "elsewhere.yml", workflow);
  refuses({"signers.tag-charts: `.github/workflows/tag-charts.yml` is not in the work tree"});
  std::filesystem::remove(workflow);
  for (const std::string& outside : {std::string("../clone/elsewhere.yml"), clone.path().string() + "/elsewhere.yml"}) {
    std::string text = clone.text(".waybill.yml");
    text.replace(text.find("  tag-charts: {"), 15, "  tag-charts: {workflow: " + outside + ", ");
    const TemporaryFolder kept;
    std::filesystem::copy_file(policy, kept.path() / "policy");
    clone.put(".waybill.yml", text);
    refuses({"signers.tag-charts: `" + outside + "` is not in the work tree"});
    std::filesystem::copy_file(kept.path() / "policy", policy, std::filesystem::copy_options::overwrite_existing);
  }
}

BOOST_AUTO_TEST_CASE(the_policy_that_is_in_force_is_read_from_its_commit_with_all_that_it_names) {
  testing::GitFixture fixture;
  testing::Files files{
      {"charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.3.0\n"},
      {".waybill.yml",
       "version: 1\npipeline: direct\nanchor: {repository: octo/charts, repository-id: 2002, owner-id: "
       "1001}\napp: a[bot]\ncharts: ['charts/*']\nkubernetes: ['1.33.7']\n"}};
  for (const std::string_view stage : lineage::stages_of(lineage::Pipeline::kDirect))
    files.emplace(lineage::standard_workflow(stage), "name: x\n");
  const Oid sound = fixture.commit("main", files, "release with waybill");
  files.erase(".github/workflows/tag-charts.yml");
  fixture.commit("lost", files, "a stage less");
  const Clone clone(fixture.path());
  const std::filesystem::path policy = clone.path() / ".waybill.yml";
  clone.put(".waybill.yml", "version: 2\n");
  BOOST_TEST(says(checked(policy, {"--from", "origin/main"}), "held-against: commit " + sound.shortened() + "\n"));
  const auto refuses = [&policy](std::string_view said, const std::string& from) {
    testing::refuses(Fault::kInput, said, [&] { checked(policy, {"--from", from}); });
  };
  refuses("`.github/workflows/tag-charts.yml` is not in commit ", "origin/lost");
  refuses("`nowhere` is no commit, tag or branch here", "nowhere");
  testing::refuses(Fault::kInput, "`HEAD` has no `other.yml` at " + sound.shortened(), [&] {
    checked(clone.path() / "other.yml", {"--from", "HEAD"});
  });
}

BOOST_AUTO_TEST_CASE(without_a_clone_the_file_alone_is_read) {
  const TemporaryFolder folder;
  const std::filesystem::path policy = folder.path() / "p.yml";
  testing::refuses(Fault::kInput, "there is no `" + policy.string() + "`", [&] { checked(policy); });
  write_file(policy,
             "version: 1\nanchor: {repository: o/r, repository-id: 1, owner-id: 1}\napp: a\ncharts: ['charts/*']\n"
             "kubernetes: ['1.33.7']\n");
  const std::string said = checked(policy);
  BOOST_TEST(says(said, "p.yml is sound\nheld-against: nothing: it does not lie at the root of a clone"));
  BOOST_TEST(!says(said, "releases:"));
}

BOOST_FIXTURE_TEST_CASE(what_the_stages_would_refuse_is_refused_in_the_same_words, Adopted) {
  append("soft: true\nversion-wishes: some\n");
  refuses({".waybill.yml has keys nobody knows: `soft`", "`some` is neither `any` nor `near`", "known keys: version"});
}

BOOST_AUTO_TEST_CASE(anything_but_check_is_answered_with_how_it_is_called) {
  const auto run = [](std::vector<std::string> arguments) {
    const testing::CapturedOutput output;
    return app::policy_command(arguments, FixedClock());
  };
  BOOST_TEST(run({}) == 2);
  BOOST_TEST(run({"--help"}) == 0);
  testing::refuses(Fault::kInput, "`policy` has no command `show`", [&] { run({"show"}); });
  testing::refuses(Fault::kInput, "waybill policy check [FILE]", [&] { run({"check", "--form", "x"}); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
