#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/forge/client.h"
#include "testing/scripted_http.h"

namespace waybill::forge {

using testing::answer;
using testing::body_has;
using testing::body_is;
using testing::header_is;
using testing::json_answer;
using testing::ScriptedHttp;
using testing::without_header;

const std::string kApi = "https://api.github.com";
const std::string kRepo = kApi + "/repos/octo/charts";
const Oid kHead = Oid::parse("1111111111111111111111111111111111111111");
const Oid kBase = Oid::parse("2222222222222222222222222222222222222222");
const Oid kOther = Oid::parse("3333333333333333333333333333333333333333");

// A client whose forge is scripted and who remembers its waits instead of waiting.
struct ForgeUnderTest {
  ScriptedHttp http;
  std::vector<std::chrono::milliseconds> waits;
  Client client{
      http, {kApi, "octo/charts"}, "ghs_secret", [this](std::chrono::milliseconds wait) { waits.push_back(wait); }};
};

inline Json pull_json(std::int64_t number, const Oid& head = kHead, const std::string& body = "text") {
  return {{"number", number},
          {"title", "a title"},
          {"body", body},
          {"state", "open"},
          {"merged_at", nullptr},
          {"head", {{"ref", "split/nginx/11111111"}, {"sha", head.hex()}, {"repo", {{"full_name", "octo/charts"}}}}},
          {"base", {{"ref", "integrate/nginx"}, {"sha", kBase.hex()}}},
          {"user", {{"login", "waybill[bot]"}}},
          {"html_url", "https://github.com/octo/charts/pull/7"},
          {"a_member_of_next_year", {{"unknown", true}}}};
}

inline Json merged_json(std::int64_t number, const Oid& commit) {
  Json pull = pull_json(number);
  pull["merged"] = true;
  pull["merged_at"] = "2026-11-21T12:00:00Z";
  pull["state"] = "closed";
  pull["merge_commit_sha"] = commit.hex();
  pull["merged_by"] = {{"login", "someone"}};
  return pull;
}

inline Json message(const std::string& text) {
  return {{"message", text}, {"documentation_url", "https://docs.github.com"}};
}

// True for an error of that kind that says `text` in its message or its hint.
inline auto fails(Fault fault, std::string text) {
  return [fault, text = std::move(text)](const Error& error) {
    const std::string said = std::string(error.what()) + "\n" + error.hint();
    const bool as_wanted = error.fault() == fault && said.find(text) != std::string::npos;
    if (!as_wanted) BOOST_TEST_MESSAGE("said: " << said);
    return as_wanted && said.find("ghs_secret") == std::string::npos;
  };
}

}  // namespace waybill::forge
