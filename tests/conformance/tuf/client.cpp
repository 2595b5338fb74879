// core/tuf behind the command line that the public TUF suite drives. Dynamically linked, so that `faketime` sets its
// clock.
//
// usage: tuf-conformance-client --metadata-dir D init ROOT
//        tuf-conformance-client --metadata-dir D --metadata-url U refresh
//        tuf-conformance-client --metadata-dir D --metadata-url U --target-name T… --target-base-url B --target-dir TD
//        download

#include "core/http/client.h"

#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/tuf/updater.h"

namespace waybill::tuf {
namespace {

constexpr std::size_t kLargestTarget = 64 * 1024 * 1024;

// Flags each with a value, and words, in any order.
struct CommandLine {
  std::map<std::string, std::vector<std::string>> flags;
  std::vector<std::string> words;

  static CommandLine parse(const std::vector<std::string>& arguments) {
    CommandLine line;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      if (!arguments[at].starts_with("--")) {
        line.words.push_back(arguments[at]);
        continue;
      }
      if (at + 1 == arguments.size()) throw Error(Fault::kInput, "`{}` has no value", arguments[at]);
      line.flags[arguments[at]].push_back(arguments[at + 1]);
      ++at;
    }
    return line;
  }

  const std::string& one(const std::string& flag) const {
    const auto found = flags.find(flag);
    if (found == flags.end() || found->second.size() != 1)
      throw Error(Fault::kInput, "`{}` is wanted exactly once", flag);
    return found->second.front();
  }
};

void download(Updater& updater, const CommandLine& line) {
  const auto names = line.flags.find("--target-name");
  if (names == line.flags.end()) throw Error(Fault::kInput, "`--target-name` is wanted");
  for (const std::string& name : names->second) {
    const auto target = updater.target(name);
    if (!target) throw Error(Fault::kUntrusted, "no role speaks of the target `{}`", name);
    updater.fetch(*target, line.one("--target-base-url"), line.one("--target-dir"), kLargestTarget);
  }
}

void run(const CommandLine& line) {
  const std::string command = line.words.empty() ? "" : line.words.front();
  if (command == "init" && line.words.size() == 2)
    return Updater::init(line.one("--metadata-dir"), read_file(line.words.back(), Limits().root));
  if ((command != "refresh" && command != "download") || line.words.size() != 1)
    throw Error(Fault::kInput, "`init ROOT`, `refresh` or `download` is wanted");
  const auto client = http::open();
  Updater updater(line.one("--metadata-dir"), line.one("--metadata-url"), *client, SystemClock().now());
  updater.refresh();
  if (command == "download") download(updater, line);
}

}  // namespace
}  // namespace waybill::tuf

int main(int argc, char** argv) {
  try {
    waybill::tuf::run(waybill::tuf::CommandLine::parse({argv + 1, argv + argc}));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
