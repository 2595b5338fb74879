#include "core/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace waybill {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Looked up here, not by execvp: the PATH that counts is the child's, and an empty part of it never means "here".
std::string find_program(const Command& command) {
  const std::string& name = command.arguments.front();
  if (name.find('/') != std::string::npos) return name;
  const auto path = command.environment.find("PATH");
  std::string_view rest = path == command.environment.end() ? std::string_view() : std::string_view(path->second);
  while (!name.empty() && !rest.empty()) {
    const std::string_view folder = take_until(':', rest);
    if (!folder.starts_with('/')) continue;
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(candidate, ignored) && ::access(candidate.c_str(), X_OK) == 0)
      return candidate.string();
  }
  throw Error(Fault::kInput, "the program `{}` is in no folder of the PATH `{}`", name,
              path == command.environment.end() ? "" : path->second);
}

void refuse_nul(const Command& command) {
  const auto holds_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  bool found = false;
  for (const std::string& argument : command.arguments) found = found || holds_nul(argument);
  for (const auto& [name, value] : command.environment)
    found = found || holds_nul(name) || holds_nul(value) || name.empty() || name.find('=') != std::string::npos;
  if (found)
    throw Error(Fault::kInput, "`{}` cannot be started: an argument or variable holds a NUL byte or has no valid name",
                command.arguments.front().c_str());
}

// One stream of the child, read without ever waiting.
class Stream {
 public:
  Stream(Descriptor source, std::string_view name, const Command& command)
      : source_(std::move(source)), name_(name), command_(command) {}

  bool open() const { return source_.get() >= 0; }

  pollfd waiting() const { return {source_.get(), POLLIN, 0}; }

  // Takes all that is there.
  void drain() {
    std::array<char, 64 * 1024> block;
    while (open()) {
      const ::ssize_t count = ::read(source_.get(), block.data(), block.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) {
        source_ = Descriptor();
        return;
      }
      text_.append(block.data(), static_cast<std::size_t>(count));
      if (text_.size() > command_.output_limit)
        throw Error(Fault::kRemote, "`{}` wrote more than {} bytes to its standard {}", command_.arguments.front(),
                    command_.output_limit, name_);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  Descriptor source_;
  std::string_view name_;
  const Command& command_;
  std::string text_;
};

milliseconds left_until(Steady::time_point deadline, const Command& command) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Steady::now());
  if (left.count() <= 0)
    throw Error(Fault::kRemote, "`{}` ran longer than the {} s it may take", command.arguments.front(),
                command.timeout.count());
  return left;
}

// Reads both streams until the child has ended. A grandchild that keeps a stream open is not waited for.
void follow(const Child& child, Stream& output, Stream& errors, const Command& command) {
  const auto deadline = Steady::now() + command.timeout;
  while (!child.ended()) {
    const milliseconds tick = output.open() || errors.open() ? milliseconds(20) : milliseconds(1);
    std::array<pollfd, 2> streams{output.waiting(), errors.waiting()};
    if (::poll(streams.data(), streams.size(),
               static_cast<int>(std::min(tick, left_until(deadline, command)).count())) < 0 &&
        errno != EINTR)
      throw Error(Fault::kInternal, "waiting for `{}` failed: {}", command.arguments.front(), std::strerror(errno));
    output.drain();
    errors.drain();
  }
}

Descriptor input_of(const Command& command) {
  // A file in memory, not a pipe: the child reads as much as it likes and nobody waits, no SIGPIPE.
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  std::string_view rest = command.input;
  while (file.get() >= 0 && !rest.empty()) {
    const ::ssize_t count = ::write(file.get(), rest.data(), rest.size());
    if (count < 0 && errno != EINTR) break;
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (file.get() < 0 || !rest.empty() || ::lseek(file.get(), 0, SEEK_SET) != 0)
    throw Error(Fault::kInternal, "no input can be kept for `{}`: {}", command.arguments.front(), std::strerror(errno));
  return file;
}

}  // namespace

Exit run(const Command& command) {
  if (command.arguments.empty()) throw Error(Fault::kInternal, "a command without a program");
  refuse_nul(command);
  const std::string program = find_program(command);
  Pipe output;
  Pipe errors;
  const Descriptor input = input_of(command);
  Child child(program, command, input, output.write, errors.write);
  if (command.started) command.started(child.id());
  output.write = Descriptor();
  errors.write = Descriptor();

  Stream out(std::move(output.read), "output", command);
  Stream err(std::move(errors.read), "error stream", command);
  follow(child, out, err, command);
  const int code = child.finish();
  out.drain();
  err.drain();
  return {code, out.take(), err.take()};
}

}  // namespace waybill
