#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/runner/runner.h"

namespace waybill::runner {
namespace {

void check(int result, const char* step) {
  if (result != 0) throw Error(Fault::kInternal, "root cannot be given up: {}: {}", step, std::strerror(errno));
}

}  // namespace

void drop_privileges(const std::filesystem::path& workspace) {
  struct ::stat owner {};
  if (::geteuid() == 0 && ::stat(workspace.c_str(), &owner) != 0)
    throw Error(Fault::kInput, "the workspace {} cannot be looked at: {}", workspace.string(), std::strerror(errno))
        .hint("check out the repository first: uses: actions/checkout");
  if (::geteuid() == 0 && owner.st_uid != 0) {
    check(::setgroups(0, nullptr), "groups");
    check(::setgid(owner.st_gid), "group");
    check(::setuid(owner.st_uid), "user");
    if (::setuid(0) == 0 || ::geteuid() != owner.st_uid)
      throw Error(Fault::kInternal, "root was given up and came back");
  }
  check(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable");
}

}  // namespace waybill::runner
