#include "core/base/confinement.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <functional>

#include "core/base/process.h"

namespace waybill {

BOOST_AUTO_TEST_SUITE(base_confinement)

namespace {

// What a child ends with that did this, confined or free.
int ends_with(bool confined, const std::function<int()>& act) {
  const ::pid_t pid = ::fork();
  if (pid == 0) {
    if (confined && (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !confine())) ::_exit(99);
    ::_exit(act());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int denied(long result) {
  if (result >= 0) return 0;
  return errno == EPERM ? 1 : 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_socket_of_any_kind_is_opened) {
  for (const int domain : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET})
    BOOST_TEST(ends_with(true, [domain] { return denied(::socket(domain, SOCK_DGRAM, 0)); }) == 1, domain);
  BOOST_TEST(ends_with(false, [] { return denied(::socket(AF_INET, SOCK_DGRAM, 0)); }) == 0);
  BOOST_TEST(ends_with(true, [] {
               int ends[2];
               return denied(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
             }) == 1);
  BOOST_TEST(ends_with(true, [] { return denied(::syscall(SYS_io_uring_setup, 1, nullptr)); }) == 1);
}

BOOST_AUTO_TEST_CASE(no_other_process_is_looked_into) {
  BOOST_TEST(ends_with(true, [] { return denied(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }) == 1);
  BOOST_TEST(ends_with(false, [] { return denied(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }) == 0);
  BOOST_TEST(ends_with(true, [] {
               return denied(::syscall(SYS_process_vm_readv, ::getppid(), nullptr, 0, nullptr, 0, 0));
             }) == 1);
}

BOOST_AUTO_TEST_CASE(neither_namespaces_nor_keys_are_to_be_had) {
  BOOST_TEST(ends_with(true, [] { return denied(::unshare(CLONE_NEWUSER)); }) == 1);
  BOOST_TEST(ends_with(true, [] { return denied(::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, 0, 0)); }) == 1);
}

#if defined(__x86_64__)
BOOST_AUTO_TEST_CASE(the_same_calls_under_other_numbers_are_denied_too) {
  constexpr long kX32 = 0x40000000;
  BOOST_TEST(ends_with(true, [] { return denied(::syscall(kX32 + SYS_socket, AF_INET, SOCK_DGRAM, 0)); }) == 1);
}
#endif

BOOST_AUTO_TEST_CASE(what_a_program_needs_to_work_is_left) {
  BOOST_TEST(ends_with(true, [] {
               int ends[2];
               if (::pipe(ends) != 0 || ::open("/dev/null", O_RDWR) < 0) return 1;
               const ::pid_t pid = ::fork();
               if (pid == 0) ::_exit(7);
               int status = 0;
               return ::waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7 ? 0 : 2;
             }) == 0);
}

BOOST_AUTO_TEST_CASE(a_confined_command_and_what_it_starts_reach_nobody) {
  const std::string connect = "(exec 3<>/dev/tcp/127.0.0.1/1) 2>&1 | tail -1; exit 0";
  Command command{.arguments = {"/bin/bash", "-c", connect},
                  .environment = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}}};
  BOOST_TEST(run(command).output.find("Connection refused") != std::string::npos);
  command.confined = true;
  const Exit exit = run(command);
  BOOST_TEST(exit.output.find("not permitted") != std::string::npos, exit.output);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waybill
