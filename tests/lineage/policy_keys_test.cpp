#include "core/lineage/policy_keys.h"

#include <boost/test/unit_test.hpp>
#include <regex>

#include "core/base/error.h"
#include "core/lineage/policy_json.h"
#include "lineage/policy_texts.h"

// The table of keys and the parser say the same.
namespace waybill {

BOOST_AUTO_TEST_SUITE(lineage_policy_keys)

using lineage::KeyForm;
using lineage::Policy;
using lineage::policy_keys;
using lineage::PolicyKey;
using lineage::refuses_policy;
using Pointer = OrderedJson::json_pointer;

namespace {

// Two policies that hold every key, none with the value that it has by itself.
OrderedJson full() {
  const std::string digest(64, 'a');
  return OrderedJson::parse(R"({
    "version": 1,
    "anchor": {"repository": "octo/charts", "repository-id": 2002, "owner-id": 1001,
      "server": "https://forge.example", "issuer": "https://forge.example/oidc", "branch": "trunk"},
    "app": "waybill[bot]",
    "charts": ["charts/*"], "other-files": "carry", "protected-paths": ["charts/*/SECURITY.md"],
    "kubernetes": ["1.33.7"],
    "branches": {"integration": "next", "chart": "c/<chart>", "split": "s/<chart>/<sha8>", "bump": "b/<chart>/<sha8>",
      "train": "t/<sha8>", "sync": "y/<sha8>", "carry": "f/<sha8>", "release": "shipped", "index": "gh-pages"},
    "signers": {
      "tag-charts": {"workflow": ".github/workflows/t.yml", "events": ["push"], "environment": "e"},
      "scan": {"workflow": ".github/workflows/s.yml", "events": ["push"], "environment": "e", "keys": ["scan"]}},
    "demanded": {"filter-charts": ["validate"]},
    "sigstore": {"trusted-root": {"file": "r.json", "sha256": ")" +
                            digest + R"("}, "signing-config": {"file": "c.json", "sha256": ")" + digest +
                            R"("}, "attestation-store": ["git"]},
    "bill-of-materials": ["spdx"],
    "destinations": [{"registry": "r.example/charts", "need": "optional"}],
    "adopted": {"web-1": ")" +
                            std::string(40, 'a') +
                            R"("},
    "merge": {"integrate": "people", "sync": "people", "main": "auto", "release": "auto"},
    "versions": {"types": {"docs": "none"}, "scopes": "ignore", "initial": "patch", "app-version": "minor",
      "dependencies": "patch", "dependents": "none", "values-break": "error", "reverts": "keep", "bump": "written",
      "pre-release": "rc", "commits": "first-parent", "squashed": "ignore"},
    "version-wishes": "any"})");
}

OrderedJson direct() {
  OrderedJson policy = full();
  for (const char* key : {"branches", "demanded"}) policy.erase(key);
  policy["pipeline"] = "direct";
  policy["sigstore"] = {{"instance", "public-good"}};
  policy["merge"]["main"] = "people";
  policy["reviews"] = 2;
  return policy;
}

// Where a key of the table is in them.
Pointer place(std::string_view path) {
  std::string text = "/" + std::string(path);
  const bool demanded = path.starts_with("demanded");
  for (const auto& [from, to] :
       {std::pair<std::string, std::string>{"<stage>", demanded ? "filter-charts" : "tag-charts"},
        {"<name>", "scan"},
        {"<tag>", "web-1"},
        {"<type>", "docs"},
        {"[]", "/0"},
        {".", "/"}})
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  return Pointer(text);
}

OrderedJson policy_with(const PolicyKey& key) {
  return full().contains(place(key.path)) ? full() : direct();
}

OrderedJson without(OrderedJson policy, const PolicyKey& key) {
  const Pointer pointer = place(key.path);
  policy.at(pointer.parent_pointer()).erase(pointer.back());
  return policy;
}

OrderedJson changed(OrderedJson policy, const PolicyKey& key, const OrderedJson& value) {
  policy.at(place(key.path)) = value;
  return policy;
}

// JSON is YAML.
std::string yaml(const OrderedJson& policy) {
  return policy.dump(1) + "\n";
}

OrderedJson meaning(const OrderedJson& policy) {
  OrderedJson json = lineage::policy_json(Policy::parse(yaml(policy), ".waybill.yml"));
  json.erase("digest");
  return json;
}

bool is_list(const PolicyKey& key) {
  return key.form == KeyForm::kTexts || key.form == KeyForm::kSomeTexts;
}

bool holds_others(const PolicyKey& key) {
  return key.form == KeyForm::kMapping || key.form == KeyForm::kNamed || key.form == KeyForm::kItems;
}

OrderedJson value_of(const PolicyKey& key, std::string_view text) {
  if (key.form == KeyForm::kInteger) return OrderedJson::parse(text);
  return is_list(key) ? OrderedJson::array({text}) : OrderedJson(text);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_parser_reads_every_key_of_the_table) {
  for (const PolicyKey& key : policy_keys()) {
    if (holds_others(key)) continue;
    BOOST_TEST_CONTEXT(key.path) {
      const OrderedJson policy = policy_with(key);
      BOOST_REQUIRE(policy.contains(place(key.path)));
      if (key.required)
        refuses_policy(yaml(without(policy, key)), fmt::format("`{}`", key.name()));
      else
        BOOST_TEST((meaning(without(policy, key)) != meaning(policy)), "it makes no difference");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_table_says_holds_without_a_key_does) {
  for (const PolicyKey& key : policy_keys()) {
    if (key.initial.empty()) continue;
    BOOST_TEST_CONTEXT(key.path) {
      const OrderedJson policy = policy_with(key);
      BOOST_TEST((meaning(without(policy, key)) == meaning(changed(policy, key, value_of(key, key.initial)))));
    }
  }
  for (const std::string_view stage : lineage::stages_of(lineage::Pipeline::kFull))
    BOOST_TEST(lineage::Signer::standard(std::string(stage), {}, lineage::Pipeline::kFull).workflow ==
               fmt::format(".github/workflows/{}.yml", stage));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_in_the_table_is_refused_in_every_mapping) {
  std::vector<std::string> mappings{"", "destinations[]"};
  for (const PolicyKey& key : policy_keys())
    if (key.form == KeyForm::kMapping) mappings.emplace_back(key.path);
  for (const std::string& path : mappings) {
    OrderedJson policy = full();
    (path.empty() ? policy : policy.at(place(path)))["nobodys"] = 1;
    BOOST_TEST_CONTEXT(path) refuses_policy(yaml(policy), "has keys nobody knows: `nobodys`");
  }
}

BOOST_AUTO_TEST_CASE(exactly_the_allowed_values_are_taken) {
  for (const PolicyKey& key : policy_keys()) {
    if (key.allowed.begin() == key.allowed.end()) continue;
    BOOST_TEST_CONTEXT(key.path) {
      for (const std::string_view value : key.allowed)
        BOOST_CHECK_NO_THROW(meaning(changed(policy_with(key), key, value_of(key, value))));
      const std::string_view other = key.form == KeyForm::kInteger ? "99" : "otherwise";
      refuses_policy(yaml(changed(policy_with(key), key, value_of(key, other))), other);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_pattern_does_not_match_the_parser_does_not_take) {
  for (const PolicyKey& key : policy_keys()) {
    if (key.pattern.empty()) continue;
    BOOST_TEST_CONTEXT(key.path) {
      const std::regex pattern(key.pattern.begin(), key.pattern.end());
      const OrderedJson value = policy_with(key).at(place(key.path));
      for (const OrderedJson& text : value.is_array() ? value : OrderedJson::array({value}))
        BOOST_TEST(std::regex_search(text.get<std::string>(), pattern));
      if (!key.initial.empty()) BOOST_TEST(std::regex_search(key.initial.begin(), key.initial.end(), pattern));
      BOOST_TEST(!std::regex_search("<", pattern));
      const OrderedJson wrong = value.is_array() ? OrderedJson::array({"<"}) : OrderedJson("<");
      refuses_policy(yaml(changed(policy_with(key), key, wrong)), "<");
    }
  }
}

BOOST_AUTO_TEST_CASE(lists_that_must_hold_something_are_refused_empty_and_others_are_not) {
  for (const PolicyKey& key : policy_keys()) {
    const OrderedJson policy = policy_with(key);
    if (key.form == KeyForm::kTexts)
      BOOST_CHECK_NO_THROW(meaning(changed(policy, key, OrderedJson::array())));
    else if (key.form == KeyForm::kSomeTexts || key.form == KeyForm::kTextOrTexts)
      refuses_policy(yaml(changed(policy, key, OrderedJson::array())), "wanted");
  }
}

BOOST_AUTO_TEST_CASE(every_key_says_what_it_means_and_what_holds_without_it) {
  for (const PolicyKey& key : policy_keys()) BOOST_TEST_CONTEXT(key.path) {
      BOOST_TEST(!key.meaning.empty());
      BOOST_TEST(!key.meaning.ends_with('.'));
      BOOST_TEST((key.initial.empty() || key.otherwise.empty()));
      BOOST_TEST((key.initial.empty() || !key.required));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
