#include "stages/plans.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "core/base/file.h"
#include "testing/data.h"

namespace waybill::stages {

std::vector<std::string> titles(const Plan& plan) {
  std::vector<std::string> all;
  for (const Step& step : plan.steps()) all.push_back(title(step));
  return all;
}

void check_steps(const Plan& plan, const std::vector<std::string>& beginnings) {
  const std::vector<std::string> all = titles(plan);
  const bool same = std::ranges::equal(
      all, beginnings, [](const std::string& one, const std::string& beginning) { return one.starts_with(beginning); });
  BOOST_TEST(same, fmt::format("the steps are\n  {}\nwanted are\n  {}", fmt::join(all, "\n  "),
                               fmt::join(beginnings, "\n  ")));
}

void check_idle(const Plan& plan, std::string_view note) {
  check_steps(plan, {});
  check_note(plan, note);
}

void check_note(const Plan& plan, std::string_view note) {
  const bool noted =
      std::ranges::any_of(plan.notes(), [note](const std::string& one) { return one.find(note) != std::string::npos; });
  BOOST_TEST(noted, "`" << note << "` is not in: " << fmt::format("{}", fmt::join(plan.notes(), "; ")));
}

void check_golden(const Plan& plan, const std::string& name) {
  const std::string json = to_json(plan).dump(2) + "\n";
  const std::filesystem::path golden = testing::source_folder() / "tests/data/stages" / (name + ".plan.json");
  const char* accept = std::getenv("WAYBILL_ACCEPT");
  if (accept != nullptr && std::string_view(accept) == "1") write_file(golden, json);
  BOOST_TEST(json == read_file(golden, 100'000), json << "\nif this is meant: WAYBILL_ACCEPT=1 stages_test");
}

}  // namespace waybill::stages
