#pragma once

namespace waybill {

// From here on this process, and whatever it becomes or starts, opens no socket, looks into no other process, takes no
// new namespace or mount, and has none of the kernel's doors around these (io_uring, bpf, userfaultfd, keys): EPERM
// (seccomp(2), SECCOMP_RET_ERRNO). System calls of another machine's convention end it. Needs no_new_privs. False, with
// errno, where the kernel does not know such filters. Safe to call between fork and exec.
bool confine();

}  // namespace waybill
