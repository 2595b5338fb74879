#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace waybill {

// A child program with nothing in its hands: only the environment given, no inherited descriptors but 0, 1, 2, no new
// privileges, limits on processor time, memory, file size and output.
struct Command {
  std::vector<std::string> arguments;  // [0] is the program, looked up in PATH of `environment`
  std::map<std::string, std::string> environment;
  std::filesystem::path folder;                    // where it starts; empty = "/"
  std::string input;                               // all that its standard input holds
  std::chrono::seconds timeout{60};                // by the clock; and of processor time
  std::size_t output_limit = 32 * 1024 * 1024;     // of each stream
  std::size_t memory_limit = 0;                    // bytes of address space; 0 = unlimited
  std::size_t file_limit = std::size_t{1} << 30U;  // bytes of any file it writes
  bool confined = false;                           // without sockets and sight of other processes (confinement.h)
  std::function<void(int)> started = {};           // told its process id, which is its group's too
};

struct Exit {
  int code = 0;  // 128 + signal when killed by one
  std::string output;
  std::string errors;
};

// Fault::kInput when the program or the folder does not exist; Fault::kRemote when it ran out of time or of output.
// Whatever it started in its process group ends with it.
Exit run(const Command& command);

}  // namespace waybill
