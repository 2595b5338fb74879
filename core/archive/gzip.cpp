#include <libdeflate.h>

#include <algorithm>
#include <new>

#include "core/archive/layout.h"
#include "core/base/error.h"
#include "core/base/handle.h"

namespace waybill::archive {
namespace {

constexpr int kLevel = 6;
constexpr std::size_t kShortest = 18;  // RFC 1952: a header of 10 bytes, a trailer of 8
constexpr std::size_t kRatio = 1032;   // what DEFLATE reaches at most

// RFC 1952 section 2.3.1: ISIZE is the size of the original input data modulo 2^32, in the last four bytes.
std::size_t promised_size(std::string_view bytes) {
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[bytes.size() - i]);
  return size;
}

}  // namespace

std::string gzip(std::string_view bytes) {
  const Handle<libdeflate_compressor, ::libdeflate_free_compressor> compressor(::libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw std::bad_alloc();
  std::string packed(::libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  const std::size_t size =
      ::libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size());
  if (size == 0) throw Error(Fault::kInternal, "{} bytes do not fit into their own compressed form", bytes.size());
  packed.resize(size);
  return packed;
}

std::string gunzip(std::string_view bytes, std::size_t limit) {
  if (bytes.size() < kShortest || !bytes.starts_with("\x1f\x8b"))
    throw Error(Fault::kInput, "archive is not in gzip form");
  const std::size_t promised = promised_size(bytes);
  if (promised / kRatio > bytes.size())
    throw Error(Fault::kInput, "archive is damaged: {} bytes cannot unpack to {}", bytes.size(), promised);
  if (promised > limit) throw Error(Fault::kInput, "archive unpacks to {} bytes, allowed are {}", promised, limit);
  const Handle<libdeflate_decompressor, ::libdeflate_free_decompressor> decompressor(::libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  std::string content;
  for (std::size_t room = promised;; room = std::min(limit, 2 * room + 4096)) {
    content.resize(room);
    std::size_t read = 0;
    std::size_t written = 0;
    const libdeflate_result result = ::libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                                                     content.data(), content.size(), &read, &written);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE && room < limit) continue;
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
      throw Error(Fault::kInput, "archive unpacks to more than {} bytes", limit);
    if (result != LIBDEFLATE_SUCCESS) throw Error(Fault::kInput, "archive is damaged: gzip does not unpack it");
    if (read != bytes.size())
      throw Error(Fault::kInput, "archive has {} bytes behind its gzip member{}, wanted one member and nothing else",
                  bytes.size() - read, bytes.substr(read).starts_with("\x1f\x8b") ? " (a second member)" : "");
    content.resize(written);
    return content;
  }
}

}  // namespace waybill::archive
