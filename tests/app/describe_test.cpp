#include "core/app/describe.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "core/app/command_line.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/process.h"
#include "core/lineage/policy_keys.h"
#include "core/yaml/document.h"
#include "testing/captured_output.h"
#include "testing/data.h"
#include "testing/refusal.h"
#include "testing/tool.h"

// The generated files are what the table of stages says; `waybill describe .` writes them anew.
namespace waybill {

BOOST_AUTO_TEST_SUITE(app_describe)

namespace {

const std::filesystem::path kRoot = testing::source_folder();

std::string text_of(const std::filesystem::path& path) {
  return read_file(kRoot / path, 1024 * 1024);
}

app::Described project(const std::string& readme) {
  app::Described project{readme, {}};
  for (const std::string_view example : app::kExamples)
    project.policies.emplace(example, text_of(std::filesystem::path(example) / ".waybill.yml"));
  return project;
}

std::map<std::filesystem::path, std::string> described(const app::Pins& pins = {}) {
  return app::described(project(text_of("README.md")), pins);
}

// The example of an action's README.
std::string example_in(const std::string& readme) {
  const std::size_t begin = readme.find("```yaml\n") + 8;
  return readme.substr(begin, readme.find("```\n", begin) - begin);
}

std::vector<std::string> names(const yaml::Node& mapping) {
  std::vector<std::string> all;
  for (const auto& [name, value] : mapping.members()) all.push_back(name);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_generated_file_is_as_the_table_of_stages_has_it) {
  for (const auto& [path, text] : described()) {
    BOOST_REQUIRE_MESSAGE(std::filesystem::exists(kRoot / path), path.string()
                                                                     << " is missing; type: waybill describe .");
    BOOST_TEST((text_of(path) == text), path.string() << " differs; type: waybill describe .");
  }
}

BOOST_AUTO_TEST_CASE(every_action_has_a_stage_or_is_a_composite) {
  std::set<std::string> stages{"build-image", "setup"};
  for (const stages::Stage* stage : stages::table()) stages.insert(std::string(stage->name));
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "actions"))
    BOOST_TEST(stages.contains(entry.path().filename().string()), entry.path().string());
}

BOOST_AUTO_TEST_CASE(an_action_lists_its_inputs_outputs_entry_point_and_branding) {
  const auto files = described();
  for (const stages::Stage* stage : stages::table()) {
    const std::filesystem::path folder = std::filesystem::path("actions") / stage->name;
    BOOST_TEST_CONTEXT(stage->name) {
      const yaml::Node action = yaml::parse(files.at(folder / "action.yml"), "action.yml");
      const yaml::Node types = yaml::parse(files.at(folder / "action-types.yml"), "action-types.yml");
      action.require_only({"name", "description", "author", "branding", "inputs", "outputs", "runs"});
      BOOST_TEST(action.at("runs").at("using").text() == "docker");
      BOOST_TEST(action.at("runs").at("entrypoint").text() == "/bin/waybill-" + std::string(stage->name));
      BOOST_TEST(action.at("branding").at("icon").text() == stage->icon);
      BOOST_TEST(names(action.at("inputs")) == names(types.at("inputs")), boost::test_tools::per_element());
      BOOST_TEST(names(action.at("outputs")) == names(types.at("outputs")), boost::test_tools::per_element());
      BOOST_TEST(action.at("inputs").find("mode").has_value());
      for (const char* output : {"attestation-id", "attestation-url", "bundle-path"})
        BOOST_TEST(action.at("outputs").find(output).has_value() == stage->attests, output);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_root_action_takes_every_stage_and_every_input) {
  const auto files = described();
  const yaml::Node action = yaml::parse(files.at("action.yml"), "action.yml");
  const yaml::Node types = yaml::parse(files.at("action-types.yml"), "action-types.yml");
  BOOST_TEST(action.at("runs").at("entrypoint").text() == "/bin/waybill-action");
  BOOST_TEST(names(action.at("inputs")) == names(types.at("inputs")), boost::test_tools::per_element());
  BOOST_TEST(types.at("inputs").at("stage").at("allowed-values").items().size() == stages::table().size());
  for (const stages::Stage* stage : stages::table())
    for (const auto& input : app::all_inputs(*stage))
      BOOST_TEST(action.at("inputs").find(std::string(input.name)).has_value(), input.name);
}

BOOST_AUTO_TEST_CASE(every_action_names_the_image_that_it_is_given) {
  const std::string image = "docker://ghcr.io/o/i:v1.2.3@sha256:" + std::string(64, 'a');
  std::size_t actions = 0;
  for (const auto& [path, text] : described({.image = image})) {
    if (path.filename() != "action.yml") continue;
    BOOST_TEST(yaml::parse(text, path.string()).at("runs").at("image").text() == image);
    ++actions;
  }
  BOOST_TEST(actions == stages::table().size() + 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_image_is_refused_before_anything_is_written) {
  const TemporaryFolder folder;
  for (const char* image : {"ghcr.io/o/i:v1", "docker://ghcr.io/o/i", "docker://ghcr.io/o/i:v1@sha256:abc",
                            "docker://ghcr.io/o/i:v1\nentrypoint: /bin/sh", "docker://ghcr.io/${{ github.actor }}:v1"})
    testing::refuses(Fault::kInput, "is not an image", [&] { app::describe(folder.path(), false, {.image = image}); });
}

BOOST_AUTO_TEST_CASE(checking_writes_nothing_and_writing_makes_the_check_pass) {
  const TemporaryFolder folder;
  write_file(folder.path() / "README.md", text_of("README.md"));
  for (const std::string_view example : app::kExamples) {
    const std::filesystem::path policy = std::filesystem::path(example) / ".waybill.yml";
    std::filesystem::create_directories(folder.path() / example);
    write_file(folder.path() / policy, text_of(policy));
  }
  const testing::CapturedOutput quiet;
  BOOST_TEST(!app::describe(folder.path(), true));
  BOOST_TEST(!std::filesystem::exists(folder.path() / "actions"));
  BOOST_TEST(app::describe(folder.path(), false));
  BOOST_TEST(app::describe(folder.path(), true));
  write_file(folder.path() / "actions/verify/action.yml", "name: drifted\n");
  BOOST_TEST(!app::describe(folder.path(), true));
  BOOST_TEST(quiet.text().ends_with("differs: actions/verify/action.yml\ntype: waybill describe .\n"));
  app::describe(folder.path(), false);
  write_file(folder.path() / "policy.schema.json", "{}\n");
  BOOST_TEST(!app::describe(folder.path(), true));
  BOOST_TEST(quiet.text().ends_with("differs: policy.schema.json\ntype: waybill describe .\n"));
  for (const std::string_view example : app::kExamples) {
    app::describe(folder.path(), false);
    write_file(folder.path() / example / ".github/workflows/tag-charts.yml", "name: drifted\n");
    BOOST_TEST(!app::describe(folder.path(), true));
  }
}

BOOST_AUTO_TEST_CASE(the_workflows_of_an_example_are_those_of_its_policy) {
  const auto files = described();
  for (const std::string_view example : app::kExamples) {
    const std::filesystem::path folder = std::filesystem::path(example) / ".github/workflows";
    std::size_t workflows = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kRoot / folder)) {
      ++workflows;
      BOOST_TEST(files.contains(folder / entry.path().filename()), entry.path().string());
    }
    const auto pipeline = example == app::kExamples.front() ? lineage::Pipeline::kFull : lineage::Pipeline::kDirect;
    BOOST_TEST(workflows == stages::workflow_stages(pipeline).size());
    auto renamed = project(text_of("README.md"));
    renamed.policies.at(std::string(example)) += "branches: {release: shipped}\n";
    BOOST_TEST(app::described(renamed).at(folder / "publish-charts.yml").find("branches: [shipped]") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_policys_keys_are_in_the_readme_and_the_schema) {
  const auto files = described();
  const std::string& readme = files.at("README.md");
  const std::string& schema = files.at("policy.schema.json");
  for (const lineage::PolicyKey& key : lineage::policy_keys()) {
    const bool has_row = readme.find(fmt::format("| `{}` | ", key.path)) != std::string::npos;
    const bool holds_others = key.form == lineage::KeyForm::kMapping || key.form == lineage::KeyForm::kNamed ||
                              key.form == lineage::KeyForm::kItems;
    BOOST_TEST(has_row != holds_others, key.path);
    if (!key.name().starts_with('<'))
      BOOST_TEST(schema.find(fmt::format("\"{}\": {{", key.name())) != std::string::npos);
  }
  const Json json = parse_json(schema, "policy.schema.json");
  BOOST_TEST(json.at("required") == Json::parse(R"(["version", "anchor", "app", "charts", "kubernetes"])"));
  BOOST_TEST(json.at("additionalProperties") == Json(false));
  const Json& merge = json.at("properties").at("merge").at("properties").at("main");
  BOOST_TEST(merge.at("default") == "people");
  BOOST_TEST(merge.at("enum") == Json::parse(R"(["auto", "people"])"));
  const Json& signers = json.at("properties").at("signers");
  BOOST_TEST(signers.at("properties").at("tag-charts").at("$ref") == "#/definitions/signers");
  BOOST_TEST(signers.at("additionalProperties").at("required") == Json::parse(R"(["workflow", "events", "keys"])"));
  BOOST_TEST(!json.at("definitions").at("signers").at("properties").contains("keys"));
  BOOST_TEST(json.at("properties").at("demanded").at("additionalProperties") == Json(false));
}

BOOST_AUTO_TEST_CASE(a_row_that_somebody_edited_is_written_anew) {
  auto stale = project(text_of("README.md"));
  const std::string row = "| `merge.main` | ";
  stale.readme.replace(stale.readme.find(row), row.size(), "| `merge.main` | never: ");
  BOOST_TEST(app::described(stale).at("README.md") == text_of("README.md"));
}

BOOST_AUTO_TEST_CASE(every_actions_page_ends_with_a_whole_workflow_that_actionlint_accepts) {
  const TemporaryFolder folder;
  std::vector<std::string> lint{testing::tool("actionlint").string(), "-no-color"};
  const auto files = described();
  for (const stages::Stage* stage : stages::table()) {
    BOOST_TEST_CONTEXT(stage->name) {
      const std::string example = example_in(files.at(std::filesystem::path("actions") / stage->name / "README.md"));
      const yaml::Node workflow = yaml::parse(example, "example");
      for (const char* key : {"name", "on", "permissions", "jobs"}) BOOST_TEST(workflow.find(key).has_value(), key);
      BOOST_TEST(workflow.at("permissions").members().empty());
      const std::string uses = "uses: waybill/waybill/actions/" + std::string(stage->name) + "@";
      BOOST_TEST(example.find(uses) != std::string::npos);
      for (const auto& permission : stage->job_permissions)
        BOOST_TEST(example.find(fmt::format("      {}: {}\n", permission.name, permission.level)) != std::string::npos,
                   permission.name);
      for (const auto& input : stage->inputs)
        if (input.required)
          BOOST_TEST(example.find(fmt::format("          {}: ", input.name)) != std::string::npos, input.name);
      lint.push_back((folder.path() / (std::string(stage->name) + ".yml")).string());
      write_file(lint.back(), example);
    }
  }
  const Exit exit =
      run({.arguments = lint, .environment = {{"PATH", "/usr/bin:/bin"}}, .folder = folder.path(), .input = {}});
  BOOST_TEST(exit.code == 0, exit.output << exit.errors);
}

BOOST_AUTO_TEST_CASE(a_release_is_pinned_everywhere_and_stays_so) {
  const auto release = adopt::ActionsRelease::parse("v0.1.0@0123456789abcdef0123456789abcdef01234567");
  const auto pinned = described({.release = release});
  for (const auto& [path, text] : pinned) {
    BOOST_TEST(text.find("@main") == std::string::npos, path.string());
    for (std::size_t at = text.find("uses: "); at != std::string::npos; at = text.find("uses: ", at + 1)) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      BOOST_TEST(line.find(" # v") != std::string::npos, path.string() << ": " << line);
    }
  }
  BOOST_TEST((app::described(project(pinned.at("README.md"))) == pinned));
}

BOOST_AUTO_TEST_CASE(a_readme_without_its_generated_part_is_refused) {
  testing::refuses(Fault::kInput, "README.md has no generated part `workflow`",
                   [] { static_cast<void>(app::described(project("# waybill\n"))); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
