#include "core/base/encoding.h"

#include <array>
#include <cstdint>

#include "core/base/error.h"

namespace waybill {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

unsigned octet(char c) {
  return static_cast<unsigned char>(c);
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  unsigned bits = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    bits = ((bits & 0xffU) << 8U) | octet(byte);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += alphabet[(bits >> count) & 63U];
    }
  }
  if (count > 0) text += alphabet[(bits << (6 - count)) & 63U];
  return text;
}

std::string decode(std::string_view text, std::string_view alphabet) {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) values[octet(alphabet[i])] = static_cast<std::int8_t>(i);

  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int value = values[octet(c)];
    if (value < 0) throw Error(Fault::kInput, "base64 text holds the foreign byte 0x{:02x}", octet(c));
    bits = ((bits & 0xffU) << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> count) & 0xffU);
    }
  }
  if (count >= 6 || (bits & ((1U << count) - 1U)) != 0)
    throw Error(Fault::kInput, "base64 text of {} characters ends inside a byte", text.size());
  return bytes;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text = encode(bytes, kStandard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    throw Error(Fault::kInput, "base64 text of {} characters is not padded to a multiple of 4", text.size());
  if (text.ends_with('=')) text.remove_suffix(1);
  if (text.ends_with('=')) text.remove_suffix(1);
  return decode(text, kStandard);
}

std::string to_base64url(std::string_view bytes) {
  return encode(bytes, kUrlSafe);
}

std::string from_base64url(std::string_view text) {
  return decode(text, kUrlSafe);
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += kHex[octet(byte) >> 4U];
    text += kHex[octet(byte) & 15U];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  if (text.size() % 2 != 0) throw Error(Fault::kInput, "hexadecimal text of {} digits is not whole bytes", text.size());
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = kHex.find(text[i]);
    const std::size_t low = kHex.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos)
      throw Error(Fault::kInput, "`{}` is not lower-case hexadecimal", text.substr(i, 2));
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved = "-._~";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kUnreserved.find(c) != std::string_view::npos;
    if (plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", octet(c));
  }
  return encoded;
}

}  // namespace waybill
