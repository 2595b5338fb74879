// The entry point of every action: static, so that no variable of an earlier step reaches a loader, and nothing but a
// filter in front of the binary. The name it was started by goes on as it is: /bin/waybill-tag-charts is the stage.

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/launcher/clean_start.h"

namespace {

constexpr char kProgram[] = "/usr/lib/waybill/waybill";
constexpr int kCannotStart = 126;

void complain(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) < 0);
}

}  // namespace

int main(int, char** arguments, char** environment) {
  waybill::launcher::clean(environment);
  ::execve(kProgram, arguments, environment);
  complain("error: ");
  complain(kProgram);
  complain(" cannot be started: ");
  complain(std::strerror(errno));
  complain("\n");
  return kCannotStart;
}
