#include "core/stages/table.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "core/base/error.h"
#include "core/lineage/keys.h"
#include "core/lineage/policy.h"
#include "core/stages/text_list.h"
#include "testing/refusal.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(stages_table)

using stages::Stage;

namespace {

bool is_name(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool in_pipeline(const Stage& stage) {
  return stage.triggers.any();
}

std::string policy_text(lineage::Pipeline pipeline) {
  return fmt::format(
      "version: 1\npipeline: {}\nanchor: {{repository: o/r, repository-id: 1, owner-id: 1}}\napp: a\ncharts: []\n"
      "kubernetes: [1.33.7]\n",
      lineage::name_of(pipeline));
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_stage_has_a_name_of_its_own_and_says_what_it_is) {
  std::set<std::string_view> names;
  for (const Stage* stage : stages::table()) {
    BOOST_TEST_CONTEXT(stage->name) {
      BOOST_TEST(is_name(stage->name));
      BOOST_TEST(names.insert(stage->name).second);
      BOOST_TEST(!stage->title.empty());
      BOOST_TEST(!stage->description.empty());
      BOOST_TEST(stage->description.size() < 125U);  // what the Marketplace shows
      BOOST_TEST(!stage->description.ends_with('.'));
      BOOST_TEST(!stage->icon.empty());
      BOOST_TEST((stage->plan != nullptr));
      BOOST_TEST(stage->example.empty() == stage->triggers.any());
      BOOST_TEST(&stages::stage_named(stage->name) == stage);
    }
  }
  BOOST_TEST(names.size() == 16U);
}

BOOST_AUTO_TEST_CASE(inputs_and_outputs_are_named_as_actions_name_them) {
  for (const Stage* stage : stages::table()) {
    BOOST_TEST_CONTEXT(stage->name) {
      std::set<std::string_view> names;
      for (const auto& input : stage->inputs) {
        BOOST_TEST(is_name(input.name), input.name);
        BOOST_TEST(names.insert(input.name).second, input.name);
        BOOST_TEST(!input.help.empty(), input.name);
        BOOST_TEST((input.type == stages::Type::kEnum) == (input.allowed.begin() != input.allowed.end()), input.name);
        BOOST_TEST((!input.required || input.initial.empty()), input.name);
      }
      std::set<std::string_view> outputs;
      BOOST_TEST((stage->outputs.begin() != stage->outputs.end()));
      for (const auto& output : stage->outputs) {
        BOOST_TEST(is_name(output.name), output.name);
        BOOST_TEST(outputs.insert(output.name).second, output.name);
        BOOST_TEST(!output.help.empty(), output.name);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_stages_of_the_pipeline_sign_on_events_of_the_default_branch_alone) {
  std::size_t stages_of_pipeline = 0;
  for (const Stage* stage : stages::table()) {
    if (!in_pipeline(*stage)) continue;
    ++stages_of_pipeline;
    BOOST_TEST_CONTEXT(stage->name) {
      BOOST_TEST(stage->attests);
      BOOST_TEST((stage->survey != nullptr));
      BOOST_TEST(!lineage::keys::of_stage(stage->name, {"1.33.7"}).empty());
    }
  }
  BOOST_TEST(stages_of_pipeline == 8U);
}

BOOST_AUTO_TEST_CASE(in_each_pipeline_the_policy_accepts_what_starts_a_stage_and_no_other_event) {
  for (const lineage::Pipeline pipeline : {lineage::Pipeline::kFull, lineage::Pipeline::kDirect}) {
    const auto policy = lineage::Policy::parse(policy_text(pipeline), ".waybill.yml");
    std::vector<std::string_view> triggered;
    for (const Stage* stage : stages::table()) {
      const auto& trigger = stage->triggers.of(pipeline);
      if (!trigger) continue;
      triggered.push_back(stage->name);
      BOOST_TEST_CONTEXT(stage->name << " in " << lineage::name_of(pipeline)) {
        const auto signer = std::ranges::find(policy.signers, stage->name, &lineage::Signer::stage);
        BOOST_REQUIRE((signer != policy.signers.end()));
        BOOST_TEST(signer->workflow == lineage::standard_workflow(stage->name));
        BOOST_TEST(signer->events == (std::vector<std::string>{std::string(trigger->event), "workflow_dispatch"}),
                   boost::test_tools::per_element());
        BOOST_TEST((trigger->types.begin() == trigger->types.end()) == (trigger->event == "push"));
        BOOST_TEST((pipeline == lineage::Pipeline::kFull || trigger->branch != stages::PolicyBranch::kChart));
      }
    }
    const auto named = lineage::stages_of(pipeline);
    BOOST_TEST(triggered == std::vector(named.begin(), named.end()), boost::test_tools::per_element());
    BOOST_TEST(policy.signers.size() == triggered.size());
  }
}

BOOST_AUTO_TEST_CASE(what_attests_asks_for_an_identity_and_the_rest_does_not) {
  for (const Stage* stage : stages::table()) {
    const auto asks = [stage](std::string_view name) {
      return std::ranges::any_of(stage->job_permissions, [name](const auto& permission) {
        return permission.name == name && permission.level == "write";
      });
    };
    BOOST_TEST(asks("id-token") == stage->attests, stage->name);
    BOOST_TEST(asks("attestations") == stage->attests, stage->name);
    BOOST_TEST(!asks("contents"), stage->name);
  }
}

BOOST_AUTO_TEST_CASE(a_stage_that_is_not_there_is_answered_with_those_that_are) {
  testing::refuses(Fault::kInput, "there is no stage `tag-chart`",
                   [] { static_cast<void>(stages::stage_named("tag-chart")); });
  testing::refuses(Fault::kInput, "tag-charts", [] { static_cast<void>(stages::stage_named("")); });
}

BOOST_AUTO_TEST_CASE(a_stage_that_the_pipeline_leaves_out_does_not_run) {
  auto policy = lineage::Policy::standard("https://github.com", "o/r", "main");
  for (const Stage* stage : stages::table()) BOOST_CHECK_NO_THROW(stages::require_in_pipeline(*stage, policy));
  policy.pipeline = lineage::Pipeline::kDirect;
  for (const Stage* stage : {&stages::kFilterCharts, &stages::kEnforceAtomic})
    testing::refuses_saying(Fault::kInput,
                            {"` is no stage of `pipeline: direct`", lineage::standard_workflow(stage->name)},
                            [&] { stages::require_in_pipeline(*stage, policy); });
  for (const Stage* stage : {&stages::kValidateContribution, &stages::kFormatChartPr, &stages::kAttest})
    BOOST_CHECK_NO_THROW(stages::require_in_pipeline(*stage, policy));
}

BOOST_AUTO_TEST_CASE(lists_are_split_at_lines_and_commas) {
  const std::vector<std::string> wanted{"charts/*", "other", "last one"};
  BOOST_TEST(stages::text_list(" charts/* , other\r\n\n,last one\t") == wanted, boost::test_tools::per_element());
  BOOST_TEST(stages::text_list("").empty());
  BOOST_TEST(stages::text_list(" ,\n ,").empty());
}

BOOST_AUTO_TEST_CASE(the_output_of_an_action_is_the_input_of_another) {
  const std::vector<std::string> wanted{"charts/web", "charts/a, b"};
  BOOST_TEST(stages::text_list(R"(["charts/web","charts/a, b"])") == wanted, boost::test_tools::per_element());
  BOOST_TEST(stages::text_list("[]").empty());
  testing::refuses(Fault::kInput, "the list", [] { static_cast<void>(stages::text_list("[charts/web")); });
  testing::refuses(Fault::kInput, "texts are wanted", [] { static_cast<void>(stages::text_list("[1]")); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
