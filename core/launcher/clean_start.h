#pragma once

#include <cstddef>
#include <string_view>

// What a stage may see of the environment that earlier steps of a job could write to (trust.md T21).
namespace waybill::launcher {

// Whether the variable NAME=value reaches the stage: inputs (INPUT_…) and what the runner says, by whole names. Loader,
// allocator, TLS, git and proxy settings do not: LD_*, GLIBC_TUNABLES, OPENSSL_*, SSL_*, GIT_*, *_proxy, HOME.
bool kept(std::string_view variable);

// Moves the kept variables to the front of a null-terminated environment and ends it there; the rest is not looked at
// again. Returns how many are left.
std::size_t clean(char** environment);

}  // namespace waybill::launcher
