#pragma once

#include "core/archive/archive.h"

namespace waybill::archive {

// A path inside an archive that means the same file to every reader; anything else is Fault::kInput: empty, absolute,
// over 4096 bytes, with `.`, `..` or empty parts, backslashes or control characters.
void require_plain_path(std::string_view path);
// Fault::kInput when a path stands twice, or is a file here and a folder there.
void require_distinct(const std::vector<std::string>& paths);

struct Slot {
  std::string path;
  std::size_t offset = 0;  // of the content in the tar
  std::size_t size = 0;
};

// The regular files of a tar, in its order. Fault::kInput naming the path for every other kind of entry but empty
// folders, for extensions that change what an entry is, for anything over the limits, and for bytes behind the end.
std::vector<Slot> layout(std::string_view tar, const Limits& limits);

// The content of a gzip stream of exactly one member (RFC 1952 section 2.2).
std::string gunzip(std::string_view bytes, std::size_t limit);

}  // namespace waybill::archive
