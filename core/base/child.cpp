#include "core/base/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/base/confinement.h"
#include "core/base/error.h"

namespace waybill {
namespace {

// What the child needs, made before it: until it is another program it shares this one's memory (vfork), and only
// async-signal-safe calls are allowed.
struct Launch {
  const char* program = nullptr;
  const char* folder = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  int streams[3] = {-1, -1, -1};
  int report = -1;
  rlim_t seconds = 0;
  rlim_t memory = 0;
  rlim_t file = 0;
  bool confined = false;
  ::pid_t parent = 0;
};

enum class Step : int { kStreams, kFolder, kLimits, kConfinement, kProgram };

struct Failure {
  Step step;
  int number;
};

bool limit(__rlimit_resource_t resource, rlim_t value) {
  struct rlimit current {};
  if (::getrlimit(resource, &current) != 0) return false;
  const rlim_t lower = std::min(value, current.rlim_max);
  const struct rlimit both {
    lower, lower
  };
  return ::setrlimit(resource, &both) == 0;
}

bool limited(const Launch& launch) {
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, launch.seconds) && limit(RLIMIT_FSIZE, launch.file) &&
         (launch.memory == 0 || limit(RLIMIT_AS, launch.memory)) && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && ::getppid() == launch.parent;
}

// Copied above 2 first, so that no stream is overwritten before it is in its place.
bool place_streams(const Launch& launch) {
  int copies[3];
  for (int i = 0; i < 3; ++i)
    if ((copies[i] = ::fcntl(launch.streams[i], F_DUPFD_CLOEXEC, 3)) < 0) return false;
  for (int i = 0; i < 3; ++i)
    if (::dup2(copies[i], i) < 0) return false;
  return true;
}

// Closing at exec, not now: the report must outlive everything but a successful exec.
void close_others() {
  if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  struct rlimit files {};
  const bool known = ::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY;
  const int end = known ? static_cast<int>(std::min<rlim_t>(files.rlim_cur, 1U << 20U)) : 1 << 20;
  for (int i = 3; i < end; ++i) ::fcntl(i, F_SETFD, FD_CLOEXEC);
}

void plain_signals() {
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &plain, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Launch& launch) {
  ::setsid();
  plain_signals();
  Failure failure{Step::kProgram, 0};
  if (!place_streams(launch)) {
    failure.step = Step::kStreams;
  } else if (::chdir(launch.folder) != 0) {
    failure.step = Step::kFolder;
  } else if (!limited(launch)) {
    failure.step = Step::kLimits;
  } else if (launch.confined && !confine()) {
    failure.step = Step::kConfinement;
  } else {
    close_others();
    ::execve(launch.program, launch.arguments, launch.environment);
  }
  failure.number = errno;
  const ::ssize_t written = ::write(launch.report, &failure, sizeof failure);
  ::_exit(written == sizeof failure ? 127 : 126);
}

// No page table is copied, which takes longer than all the rest where a process is large. No handler of this process
// may run in the child, where it would find this one's memory: signals wait.
::pid_t start(const Launch& launch) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const ::pid_t pid = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (pid == 0) become(launch);   // NOLINT(clang-analyzer-unix.Vfork)
  const int number = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return pid;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void explain(const Failure& failure, const std::string& program, const Command& command) {
  const char* reason = std::strerror(failure.number);
  if (failure.step == Step::kFolder)
    throw Error(Fault::kInput, "`{}` cannot be started in `{}`: {}", program, command.folder.string(), reason);
  if (failure.step == Step::kProgram)
    throw Error(Fault::kInput, "the program `{}` cannot be started: {}", program, reason);
  if (failure.step == Step::kConfinement)
    throw Error(Fault::kInput, "this kernel takes no seccomp filter, without which `{}` is not started: {}", program,
                reason)
        .hint("run it where CONFIG_SECCOMP_FILTER is set, as on GitHub's runners");
  throw Error(Fault::kInternal, "the {} of `{}` cannot be set: {}",
              failure.step == Step::kLimits ? "limits" : "streams", program, reason);
}

rlim_t seconds_of(const struct timeval& time) {
  return static_cast<rlim_t>(time.tv_sec);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Pipe::Pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(Fault::kInternal, "no pipe can be made: {}", std::strerror(errno));
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

Child::Child(const std::string& program, const Command& command, const Descriptor& input, const Descriptor& output,
             const Descriptor& errors)
    : command_(command) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  const std::vector<char*> argument_list = pointers(arguments);
  const std::vector<char*> variable_list = pointers(variables);
  Pipe report;
  ::fcntl(report.read.get(), F_SETFL, 0);

  Launch launch;
  launch.program = program.c_str();
  launch.folder = command.folder.empty() ? "/" : command.folder.c_str();
  launch.arguments = argument_list.data();
  launch.environment = variable_list.data();
  launch.streams[0] = input.get();
  launch.streams[1] = output.get();
  launch.streams[2] = errors.get();
  launch.report = report.write.get();
  launch.seconds = static_cast<rlim_t>(std::max<std::int64_t>(command.timeout.count(), 0)) + 1;
  launch.memory = command.memory_limit;
  launch.file = command.file_limit;
  launch.confined = command.confined;
  launch.parent = ::getpid();

  pid_ = start(launch);
  if (pid_ < 0) throw Error(Fault::kInternal, "`{}` cannot be started: {}", program, std::strerror(errno));
  report.write = Descriptor();
  Failure failure{};
  ::ssize_t count = 0;
  while ((count = ::read(report.read.get(), &failure, sizeof failure)) < 0 && errno == EINTR) continue;
  if (count == sizeof failure) {
    ::waitpid(pid_, nullptr, 0);
    explain(failure, program, command);
  }
}

Child::~Child() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Child::ended() const {
  // Left as a zombie: its id, and so the group's, stays taken until the group is killed.
  ::siginfo_t info{};
  return ::waitid(P_PID, static_cast<::id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
}

int Child::finish() {
  ::siginfo_t info{};
  int waited = 0;
  while ((waited = ::waitid(P_PID, static_cast<::id_t>(pid_), &info, WEXITED | WNOWAIT)) != 0 && errno == EINTR)
    continue;
  const ::pid_t pid = std::exchange(pid_, -1);
  int status = 0;
  struct rusage used {};
  if (waited == 0) ::kill(-pid, SIGKILL);
  // Without SIGCHLD's default action the kernel throws the exit code away: no code is not success.
  if (waited != 0 || ::wait4(pid, &status, 0, &used) != pid)
    throw Error(Fault::kInternal, "how `{}` ended is not known: {}", command_.arguments.front(), std::strerror(errno));
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  const auto seconds = static_cast<rlim_t>(std::max<std::int64_t>(command_.timeout.count(), 0));
  if (seconds_of(used.ru_utime) + seconds_of(used.ru_stime) >= seconds &&
      (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU))
    throw Error(Fault::kRemote, "`{}` used more than the {} s of processor time it may take",
                command_.arguments.front(), seconds);
  return 128 + WTERMSIG(status);
}

}  // namespace waybill
