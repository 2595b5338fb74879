#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::archive {

struct Member {
  std::string path;
  std::string content;
};

// An uncompressed tar of regular files in the order given: mode 0644, uid and gid 0, no names, mtime 0, USTAR (names
// over 100 bytes split into prefix), a PAX record only for names that need it (longer or non-ASCII), two zero blocks at
// the end.
std::string tar(const std::vector<Member>& members);
// gzip with libdeflate level 6, mtime 0, no name, OS 255: the same bytes for the same input and library.
std::string gzip(std::string_view bytes);

struct Limits {
  std::size_t members = 100'000;
  std::size_t member_bytes = 5 * 1024 * 1024;
  std::size_t total_bytes = 256 * 1024 * 1024;
};

// One gzip member holding one tar of regular files; refuses (Fault::kInput, naming the path) links, devices, absolute
// or
// `..` paths, duplicates, a second gzip member, trailing bytes, and anything over the limits before allocating it.
std::vector<Member> read_tar_gzip(std::string_view bytes, const Limits& limits = {});

}  // namespace waybill::archive
