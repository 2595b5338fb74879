#include <algorithm>
#include <array>
#include <numeric>

#include "core/archive/archive.h"
#include "core/archive/layout.h"
#include "core/base/error.h"

namespace waybill::archive {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameLimit = 100;
constexpr std::size_t kPrefixLimit = 155;
constexpr unsigned long kMode = 0644;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

std::string ascii_part(std::string_view text) {
  std::string ascii(text);
  std::erase_if(ascii, [](unsigned char c) { return c >= 0x80; });
  return ascii;
}

struct SplitName {
  std::string prefix;
  std::string name;
  bool fits = true;
};

// POSIX.1-1988 ustar: prefix, a slash that is not stored, name. Cut at the last slash that leaves a prefix short
// enough.
SplitName split(const std::string& path) {
  if (!is_ascii(path)) return {"", path, false};
  if (path.size() <= kNameLimit) return {"", path};
  const std::size_t slash = path.rfind('/', kPrefixLimit);
  if (slash == std::string::npos || path.size() - slash - 1 > kNameLimit) return {"", path, false};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

class Header {
 public:
  Header(std::string_view name, std::size_t size, unsigned long mode, char type) {
    // What is left of a name outside ASCII may end in a slash, which old readers take for a folder.
    const std::string_view shown = name.substr(0, kNameLimit);
    put(0, shown.substr(0, shown.find_last_not_of('/') + 1));
    put_octal(100, 8, mode);
    put_octal(108, 8, 0);
    put_octal(116, 8, 0);
    put_octal(124, 12, size);
    put_octal(136, 12, 0);
    block_[156] = type;
    put(257, std::string_view("ustar\00000", 8));
  }

  void set_devices() {
    put_octal(329, 8, 0);
    put_octal(337, 8, 0);
  }

  void set_prefix(std::string_view prefix) { put(345, prefix); }

  // The sum of all bytes, its own field taken for spaces.
  std::string bytes() {
    put(148, "        ");
    const unsigned sum = std::accumulate(block_.begin(), block_.end(), 0U,
                                         [](unsigned total, char c) { return total + static_cast<unsigned char>(c); });
    put_octal(148, 7, sum);
    return {block_.begin(), block_.end()};
  }

 private:
  void put(std::size_t at, std::string_view text) {
    std::ranges::copy(text, block_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void put_octal(std::size_t at, std::size_t width, unsigned long number) {
    put(at, fmt::format("{:0{}o}", number, width - 1));
    block_[at + width - 1] = '\0';
  }

  std::array<char, kBlock> block_{};
};

void append_padded(std::string& tar, std::string_view content) {
  tar += content;
  tar.append((kBlock - content.size() % kBlock) % kBlock, '\0');
}

// POSIX.1-2001 pax: "%d %s=%s\n", the number being the length of the whole record, itself included.
std::string path_record(std::string_view path) {
  const std::string rest = fmt::format(" path={}\n", path);
  std::size_t length = rest.size();
  while (std::to_string(length).size() + rest.size() != length) length = std::to_string(length).size() + rest.size();
  return std::to_string(length) + rest;
}

void append_path_extension(std::string& tar, const std::string& path) {
  const std::size_t slash = path.rfind('/') + 1;  // 0 without one
  const std::string record = path_record(path);
  const std::string name = ascii_part(path.substr(0, slash) + "PaxHeaders.0/" + path.substr(slash));
  tar += Header(name, record.size(), 0, 'x').bytes();
  append_padded(tar, record);
}

}  // namespace

std::string tar(const std::vector<Member>& members) {
  std::vector<std::string> paths;
  std::size_t total = 2 * kBlock;
  for (const Member& member : members) {
    require_plain_path(member.path);
    paths.push_back(member.path);
    total += 4 * kBlock + member.content.size();
  }
  require_distinct(paths);
  std::string tar;
  tar.reserve(total);
  for (const Member& member : members) {
    const SplitName split_name = split(member.path);
    if (!split_name.fits) append_path_extension(tar, member.path);
    Header header(split_name.fits ? split_name.name : ascii_part(member.path), member.content.size(), kMode, '0');
    header.set_devices();
    header.set_prefix(split_name.prefix);
    tar += header.bytes();
    append_padded(tar, member.content);
  }
  return tar.append(2 * kBlock, '\0');
}

}  // namespace waybill::archive
