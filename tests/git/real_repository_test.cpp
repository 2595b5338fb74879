#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/git/repository.h"
#include "testing/data.h"
#include "testing/first_parents.h"

namespace waybill::git {
BOOST_AUTO_TEST_SUITE(git_real_repository)

const std::map<std::string, std::string> kEnvironment{
    {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"GIT_CONFIG_NOSYSTEM", "1"}, {"HOME", "/nonexistent"}};

std::string lines(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "git");
  const Exit exit = run({arguments, kEnvironment, folder, "", std::chrono::seconds(120)});
  BOOST_REQUIRE_MESSAGE(exit.code == 0, exit.errors);
  return exit.output;
}

// The charts of a project not written here: what git says of them is what is read.
BOOST_AUTO_TEST_CASE(charts_in_the_wild_read_as_git_reads_them) {
  const auto bundle = testing::data("charts/argo-charts.bundle");
  if (!bundle) return;
  const TemporaryFolder folder;
  lines("/", {"clone", "--quiet", "--bare", bundle->string(), (folder.path() / "r.git").string()});
  const Repository repository = Repository::open(folder.path() / "r.git");
  const std::optional<Oid> tip = repository.find_commit("HEAD");
  BOOST_REQUIRE(tip);

  const std::vector<Commit> history = repository.history(*tip, {});
  BOOST_TEST(fmt::format("{}\n", history.size()) == lines(repository.path(), {"rev-list", "--count", "HEAD"}));
  BOOST_TEST(fmt::format("{}\n", testing::first_parents(repository, *tip).size()) ==
             lines(repository.path(), {"rev-list", "--count", "--first-parent", "HEAD"}));

  std::string listed;
  for (const Entry& entry : repository.files(repository.commit(*tip).tree))
    listed += fmt::format("{:06o} blob {}\t{}", static_cast<unsigned>(entry.mode), entry.id.hex(), entry.path) + '\0';
  BOOST_TEST(listed == lines(repository.path(), {"ls-tree", "-r", "-z", "HEAD"}));

  for (std::size_t i = 0; i < std::min<std::size_t>(history.size(), 25); ++i) {
    if (history[i].parents.empty()) continue;
    std::string changes;
    for (const auto& [path, change] :
         repository.changes(repository.commit(history[i].parents.front()).tree, history[i].tree))
      changes += (change == Change::kAdded ? "A" : change == Change::kDeleted ? "D" : "M") + ('\0' + path) + '\0';
    BOOST_TEST(changes == lines(repository.path(), {"diff-tree", "-r", "-z", "--no-renames", "--name-status",
                                                    history[i].parents.front().hex(), history[i].id.hex()}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill::git
