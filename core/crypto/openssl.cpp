#include "core/crypto/openssl.h"

#include <algorithm>
#include <cctype>
#include <ctime>

namespace waybill::crypto {

std::string drain_errors() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ::ERR_peek_last_error_data(&data, &flags);
  std::string text;
  if (code != 0) {
    const char* reason = ::ERR_reason_error_string(code);
    text = reason != nullptr ? reason : "an error without a name";
    if (data != nullptr && *data != '\0' && (flags & ERR_TXT_STRING) != 0) text += fmt::format(" ({})", data);
  }
  ::ERR_clear_error();
  return text;
}

void check(bool succeeded, std::string_view what, Fault fault) {
  if (succeeded) return;
  const std::string reason = drain_errors();
  throw Error(fault, "{}: {}", what, reason.empty() ? "not readable" : reason);
}

const EVP_MD* message_digest(std::string_view algorithm) {
  if (algorithm == "sha256") return ::EVP_sha256();
  if (algorithm == "sha384") return ::EVP_sha384();
  if (algorithm == "sha512") return ::EVP_sha512();
  throw Error(Fault::kInput, "hash algorithm `{}` is not sha256, sha384 or sha512", algorithm);
}

BioHandle reading(std::string_view bytes) {
  if (bytes.size() > kLargestInput)
    throw Error(Fault::kInput, "{} bytes of key or certificate, at most {} are read", bytes.size(), kLargestInput);
  BioHandle memory(::BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  check(memory != nullptr, "memory to read from", Fault::kInternal);
  return memory;
}

std::string content(BIO* memory) {
  std::string text(::BIO_ctrl_pending(memory), '\0');
  std::size_t read = 0;
  if (!text.empty()) check(::BIO_read_ex(memory, text.data(), text.size(), &read) == 1, "memory", Fault::kInternal);
  text.resize(read);
  return text;
}

ObjectHandle object_identifier(std::string_view dotted) {
  ObjectHandle object(::OBJ_txt2obj(std::string(dotted).c_str(), 1));
  check(object != nullptr, fmt::format("object identifier `{}`", dotted));
  return object;
}

Time to_time(const ASN1_TIME* time, std::string_view what) {
  std::tm parts{};
  check(time != nullptr && ::ASN1_TIME_to_tm(time, &parts) == 1, what);
  using std::chrono::year_month_day;
  const year_month_day day(std::chrono::year(parts.tm_year + 1900),
                           std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

void require_nothing_left(BIO* left, std::string_view what) {
  const std::string rest = content(left);
  if (!std::ranges::all_of(rest, [](unsigned char c) { return std::isspace(c) != 0; }))
    throw Error(Fault::kInput, "{}: {} bytes follow the one PEM block that is wanted", what, rest.size());
}

}  // namespace waybill::crypto
