#include "core/base/confinement.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace waybill {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
#error "the system calls of this machine are not known here"
#endif
constexpr std::uint32_t kOtherTable = 0x40000000;  // x32, whose numbers begin there

constexpr std::array<std::uint32_t, 30> kDenied{
    SYS_socket,
    SYS_socketpair,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_pidfd_getfd,
    SYS_io_uring_setup,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_unshare,
    SYS_setns,
    SYS_chroot,
    SYS_open_by_handle_at,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_swapon,
    SYS_reboot,
};

constexpr sock_filter load(std::size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}

constexpr sock_filter jump(std::uint16_t condition, std::uint32_t value, std::size_t when_true, std::size_t otherwise) {
  return {static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), static_cast<std::uint8_t>(when_true),
          static_cast<std::uint8_t>(otherwise), value};
}

constexpr sock_filter answer(std::uint32_t value) {
  return {BPF_RET | BPF_K, 0, 0, value};
}

// Jumps count the instructions between.
constexpr auto filter() {
  constexpr std::size_t kHead = 5;
  std::array<sock_filter, kHead + kDenied.size() + 2> program{
      load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, kMachine, 1, 0), answer(SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)), jump(BPF_JGE, kOtherTable, kDenied.size() + 1, 0)};
  for (std::size_t i = 0; i < kDenied.size(); ++i)
    program[kHead + i] = jump(BPF_JEQ, kDenied[i], kDenied.size() - i, 0);
  program[kHead + kDenied.size()] = answer(SECCOMP_RET_ALLOW);
  program[kHead + kDenied.size() + 1] = answer(SECCOMP_RET_ERRNO | EPERM);
  return program;
}

}  // namespace

bool confine() {
  auto program = filter();
  const sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0) == 0;
}

}  // namespace waybill
