// GSS-API without a mechanism (RFC 2744, section 3.9.1): every call says that none is available, so libgit2 gives up
// `Negotiate` with an error of its own and goes no further.

#include <cstdint>

namespace {
constexpr std::uint32_t kUnavailable = 16U << 16U;  // GSS_S_UNAVAILABLE
}

extern "C" {
extern const void* const GSS_C_NT_HOSTBASED_SERVICE;
const void* const GSS_C_NT_HOSTBASED_SERVICE = nullptr;
std::uint32_t gss_delete_sec_context() {
  return kUnavailable;
}
std::uint32_t gss_display_status() {
  return kUnavailable;
}
std::uint32_t gss_import_name() {
  return kUnavailable;
}
std::uint32_t gss_indicate_mechs() {
  return kUnavailable;
}
std::uint32_t gss_init_sec_context() {
  return kUnavailable;
}
std::uint32_t gss_release_buffer() {
  return kUnavailable;
}
std::uint32_t gss_release_name() {
  return kUnavailable;
}
std::uint32_t gss_release_oid_set() {
  return kUnavailable;
}
}
