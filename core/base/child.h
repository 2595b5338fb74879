#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "core/base/process.h"

namespace waybill {

// A file descriptor, closed at the end; -1 when it holds none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

// Neither end is inherited by a child; reading never waits.
struct Pipe {
  Pipe();

  Descriptor read;
  Descriptor write;
};

// A started program, leader of a session of its own; killed with its whole process group at the end, at the latest.
class Child {
 public:
  // Returns once the program runs. Fault::kInput when it cannot be started.
  Child(const std::string& program, const Command& command, const Descriptor& input, const Descriptor& output,
        const Descriptor& errors);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ::pid_t id() const { return pid_; }
  bool ended() const;
  // Waits for the end, kills what is left of the group and tells the exit code (128 + signal when killed by one).
  // Fault::kRemote when the processor time was used up.
  int finish();

 private:
  const Command& command_;
  ::pid_t pid_ = -1;
};

}  // namespace waybill
