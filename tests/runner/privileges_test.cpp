#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runner/runner.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(runner)
BOOST_AUTO_TEST_SUITE(privileges)

// Giving up root cannot be undone, so a child does it.
template <class Check>
bool holds_in_a_child(const Check& check) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    bool holds = false;
    try {
      holds = check();
    } catch (const std::exception&) {
    }
    ::_exit(holds ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

BOOST_AUTO_TEST_CASE(root_becomes_the_owner_of_the_workspace) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("not root, not checked");
    return;
  }
  const TemporaryFolder folder;
  BOOST_REQUIRE(::chown(folder.path().c_str(), 4711, 4712) == 0);
  BOOST_TEST(holds_in_a_child([&] {
    drop_privileges(folder.path());
    return ::getuid() == 4711 && ::geteuid() == 4711 && ::getgid() == 4712 && ::getgroups(0, nullptr) == 0 &&
           ::setuid(0) != 0 && ::access("/etc/shadow", R_OK) != 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
  }));
}

BOOST_AUTO_TEST_CASE(a_workspace_of_the_same_user_changes_nobody) {
  const TemporaryFolder folder;
  const ::uid_t before = ::geteuid();
  BOOST_TEST(holds_in_a_child([&] {
    drop_privileges(folder.path());
    return ::geteuid() == before && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
  }));
}

BOOST_AUTO_TEST_CASE(root_without_a_workspace_stops) {
  if (::geteuid() != 0) return;
  BOOST_CHECK_EXCEPTION(drop_privileges("/nonexistent"), Error, [](const Error& error) {
    return error.fault() == Fault::kInput && error.hint().find("actions/checkout") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
