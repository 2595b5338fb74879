// The two bare DER values that certificates of workflow runs carry.

#include "core/crypto/openssl.h"

namespace waybill::crypto {
namespace {

using StringHandle = Handle<ASN1_STRING, ASN1_STRING_free>;

template <auto D2i, auto I2d>
std::string string_value(std::string_view der, std::string_view what) {
  const auto value = decoded<StringHandle, D2i>(der, what);
  if (encoded<I2d>(value.get(), what) != der) throw Error(Fault::kInput, "{}: its encoding is not DER", what);
  return std::string(text_of(value.get()));
}

void require_utf8(std::string_view text) {
  while (!text.empty()) {
    unsigned long character = 0;
    const int size = ::UTF8_getc(octets(text), static_cast<int>(text.size()), &character);
    if (size <= 0) throw Error(Fault::kInput, "UTF8String: a byte is not UTF-8");
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string der_utf8_string(std::string_view der) {
  std::string text = string_value<::d2i_ASN1_UTF8STRING, ::i2d_ASN1_UTF8STRING>(der, "UTF8String");
  require_utf8(text);
  return text;
}

std::string der_octet_string(std::string_view der) {
  return string_value<::d2i_ASN1_OCTET_STRING, ::i2d_ASN1_OCTET_STRING>(der, "OCTET STRING");
}

}  // namespace waybill::crypto
