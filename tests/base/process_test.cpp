#include "core/base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/base/file.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_process)

const std::string kPath = "/usr/local/bin:/usr/bin:/bin";

Command shell(const std::string& script) {
  return {{"sh", "-c", script}, {{"PATH", kPath}}, "/", ""};
}

bool alive(const std::filesystem::path& pid_file) {
  const std::string pid = read_file(pid_file, 20);
  for (int i = 0; i < 100 && ::kill(std::stoi(pid), 0) == 0; ++i) {
    const std::string state = run(shell("cut -d' ' -f3 /proc/" + pid + "/stat || true")).output;
    if (state.empty() || state.starts_with('Z')) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return ::kill(std::stoi(pid), 0) == 0;
}

BOOST_AUTO_TEST_CASE(streams_and_exit_code_come_back) {
  const Exit exit = run(shell("echo out; echo err >&2; exit 7"));
  BOOST_TEST(exit.code == 7);
  BOOST_TEST(exit.output == "out\n");
  BOOST_TEST(exit.errors == "err\n");
}

BOOST_AUTO_TEST_CASE(the_environment_is_only_what_was_given) {
  Command command{{"env"}, {{"PATH", kPath}, {"A", "1"}}, "/", ""};
  BOOST_TEST(run(command).output == "A=1\nPATH=" + kPath + "\n");
}

BOOST_AUTO_TEST_CASE(the_folder_is_where_it_starts) {
  const TemporaryFolder folder;
  Command command = shell("pwd -P");
  command.folder = folder.path();
  BOOST_TEST(run(command).output == std::filesystem::canonical(folder.path()).string() + "\n");
  command.folder = folder.path() / "absent";
  testing::refuses(Fault::kInput, "absent`: No such file or directory", [&] { run(command); });
  command.folder = "";
  BOOST_TEST(run(command).output == "/\n");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_named) {
  testing::refuses(Fault::kInput, "the program `no-such-program` is in no folder of the PATH `/usr/bin`", [] {
    run({{"no-such-program"}, {{"PATH", "/usr/bin"}}, "/", ""});
  });
  testing::refuses(Fault::kInput, "is in no folder of the PATH ``", [] { run({{"sh"}, {}, "/", ""}); });
  testing::refuses(Fault::kInput, "`/no/such` cannot be started: No such file", [] {
    run({{"/no/such"}, {}, "/", ""});
  });
  testing::refuses(Fault::kInput, "cannot be started", [] { run({{"/etc/passwd"}, {}, "/", ""}); });
}

BOOST_AUTO_TEST_CASE(the_current_folder_is_never_searched) {
  const TemporaryFolder folder;
  write_file(folder.path() / "tool", "#!/bin/sh\n");
  std::filesystem::permissions(folder.path() / "tool", std::filesystem::perms::owner_all);
  for (const char* path : {":", "/usr/bin:", ".", ":/usr/bin"})
    testing::refuses(Fault::kInput, "is in no folder", [&] { run({{"tool"}, {{"PATH", path}}, folder.path(), ""}); });
  BOOST_TEST(run({{"tool"}, {{"PATH", "/usr/bin:" + folder.path().string()}}, "/", ""}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_nul_byte_in_an_argument_is_refused) {
  testing::refuses(Fault::kInput, "holds a NUL byte", [] {
    run({{"sh", std::string("a\0b", 3)}, {{"PATH", kPath}}, "/", ""});
  });
  testing::refuses(Fault::kInput, "no valid name", [] { run({{"sh"}, {{"PATH", kPath}, {"A=B", "c"}}, "/", ""}); });
}

BOOST_AUTO_TEST_CASE(a_signal_is_128_and_its_number) {
  BOOST_TEST(run(shell("kill -TERM $$")).code == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(both_streams_may_be_big_at_once) {
  Command command = shell("head -c 8000000 /dev/zero >&2 & head -c 8000000 /dev/zero; wait");
  const Exit exit = run(command);
  BOOST_TEST(exit.output.size() == 8'000'000U);
  BOOST_TEST(exit.errors.size() == 8'000'000U);
}

BOOST_AUTO_TEST_CASE(the_input_arrives_whole_while_output_flows) {
  Command command{{"cat"}, {{"PATH", kPath}}, "/", std::string(5'000'000, 'i')};
  BOOST_TEST(run(command).output == command.input);
}

BOOST_AUTO_TEST_CASE(input_that_nobody_reads_hurts_nobody) {
  Command command = shell("exit 3");
  command.input = std::string(5'000'000, 'i');
  BOOST_TEST(run(command).code == 3);
}

BOOST_AUTO_TEST_CASE(too_much_output_ends_it) {
  Command command = shell("yes");
  command.output_limit = 100'000;
  testing::refuses(Fault::kRemote, "`sh` wrote more than 100000 bytes to its standard output", [&] { run(command); });
  command.arguments[2] = "yes >&2";
  testing::refuses(Fault::kRemote, "to its standard error stream", [&] { run(command); });
}

BOOST_AUTO_TEST_CASE(time_over_ends_the_whole_group) {
  const TemporaryFolder folder;
  Command command = shell("sleep 100 & echo $! > pid; wait");
  command.folder = folder.path();
  command.timeout = std::chrono::seconds(1);
  const auto start = std::chrono::steady_clock::now();
  testing::refuses(Fault::kRemote, "`sh` ran longer than the 1 s it may take", [&] { run(command); });
  BOOST_CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  BOOST_TEST(!alive(folder.path() / "pid"));
}

BOOST_AUTO_TEST_CASE(what_it_left_behind_ends_with_it) {
  const TemporaryFolder folder;
  Command command = shell("sleep 100 & echo $! > pid; echo done");
  command.folder = folder.path();
  BOOST_TEST(run(command).output == "done\n");
  BOOST_TEST(!alive(folder.path() / "pid"));
}

BOOST_AUTO_TEST_CASE(a_stream_held_open_elsewhere_is_not_waited_for) {
  const TemporaryFolder folder;
  Command command = shell("setsid sh -c 'echo $$ > pid; exec sleep 100' & while [ ! -s pid ]; do sleep 0.01; done");
  command.folder = folder.path();
  command.timeout = std::chrono::seconds(50);
  BOOST_TEST(run(command).code == 0);
  ::kill(std::stoi(read_file(folder.path() / "pid", 20)), SIGKILL);
}

BOOST_AUTO_TEST_CASE(processor_time_is_limited) {
  Command command = shell("ulimit -t; ulimit -Ht; ulimit -c");
  command.timeout = std::chrono::seconds(9);
  BOOST_TEST(run(command).output == "10\n10\n0\n");
}

BOOST_AUTO_TEST_CASE(memory_is_limited) {
  Command command{{"python3", "-c", "x = bytearray(2 * 1024 ** 3)"}, {{"PATH", kPath}}, "/", ""};
  command.memory_limit = 512U * 1024 * 1024;
  const Exit exit = run(command);
  BOOST_TEST(exit.code == 1);
  BOOST_TEST(exit.errors.find("MemoryError") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_are_limited) {
  const TemporaryFolder folder;
  Command command{{"head", "-c", "100000", "/dev/zero"}, {{"PATH", kPath}}, folder.path(), ""};
  command.arguments = {"sh", "-c", "exec head -c 100000 /dev/zero > big"};
  command.file_limit = 50'000;
  BOOST_TEST(run(command).code == 128 + SIGXFSZ);
  BOOST_TEST(std::filesystem::file_size(folder.path() / "big") == 50'000U);
}

BOOST_AUTO_TEST_CASE(no_new_privileges_and_no_terminal) {
  BOOST_TEST(run(shell("grep NoNewPrivs /proc/self/status")).output == "NoNewPrivs:\t1\n");
  BOOST_TEST(run(shell(": < /dev/tty")).code != 0);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_inherited) {
  const int file = ::open("/etc/passwd", O_RDONLY);
  const int leak = ::fcntl(file, F_DUPFD, 77);
  ::close(file);
  BOOST_REQUIRE(leak >= 77);
  BOOST_TEST(run(shell("cat <&" + std::to_string(leak))).code != 0);
  BOOST_TEST(run(shell("cat <&1 >&2 </dev/null")).code == 0);
  ::close(leak);
}

BOOST_AUTO_TEST_CASE(ignored_and_blocked_signals_are_not_inherited) {
  struct sigaction old {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &old);
  const Exit exit = run(shell("grep -E 'Sig(Blk|Ign)' /proc/self/status"));
  ::sigaction(SIGPIPE, &old, nullptr);
  BOOST_TEST(exit.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

BOOST_AUTO_TEST_CASE(many_threads_may_run_children_at_once) {
  std::vector<std::thread> threads;
  std::vector<std::string> outputs(8);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    threads.emplace_back([&outputs, i] {
      for (int round = 0; round < 10; ++round) outputs[i] += run(shell("echo " + std::to_string(i))).output;
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i) BOOST_TEST(outputs[i].size() == 20U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
