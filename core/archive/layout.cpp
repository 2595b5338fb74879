#include "core/archive/layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/base/error.h"

namespace waybill::archive {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kExtensionLimit = 64 * 1024;

bool is_zero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

std::string_view field(std::string_view header, std::size_t at, std::size_t width) {
  const std::string_view bytes = header.substr(at, width);
  return bytes.substr(0, bytes.find('\0'));
}

// Octal digits, blanks around them; the binary forms are for sizes that no limit here allows.
std::size_t size_of(std::string_view header, std::string_view path) {
  std::string_view digits = field(header, 124, 12);
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  digits = digits.substr(0, digits.find_last_not_of(' ') + 1);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 8);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw Error(Fault::kInput, "archive member `{}` has no readable size", path);
  return size;
}

std::string kind_of(char type) {
  switch (type) {
    case '1':
      return "a hard link";
    case '2':
      return "a symbolic link";
    case '3':
    case '4':
      return "a device";
    case '6':
      return "a pipe";
    default:
      return fmt::format("an entry of tar type {:#04x}", static_cast<unsigned char>(type));
  }
}

// Records that say nothing about which bytes the file has.
bool is_harmless(std::string_view key) {
  constexpr std::array<std::string_view, 8> kKeys{"mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment"};
  return std::ranges::find(kKeys, key) != kKeys.end() || key.starts_with("SCHILY.xattr.") ||
         key.starts_with("LIBARCHIVE.xattr.") || key.starts_with("LIBARCHIVE.creationtime");
}

// POSIX.1-2001 pax: records "%d %s=%s\n". Gives the path, if one of them is it.
std::optional<std::string> pax_path(std::string_view records, bool may_name) {
  std::optional<std::string> path;
  while (!records.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), length);
    const std::size_t begin = static_cast<std::size_t>(end - records.data()) + 1;
    const bool whole = error == std::errc() && length > begin && length <= records.size() && *end == ' ' &&
                       records[length - 1] == '\n';
    const std::size_t equals = whole ? records.substr(0, length).find('=', begin) : std::string_view::npos;
    if (equals == std::string_view::npos) throw Error(Fault::kInput, "archive has an extended header that is damaged");
    const std::string_view key = records.substr(begin, equals - begin);
    if (key == "path" && may_name && !path) {
      path = records.substr(equals + 1, length - equals - 2);
    } else if (!is_harmless(key)) {
      throw Error(Fault::kInput, "archive has an extended header with `{}`, which is not read", key);
    }
    records.remove_prefix(length);
  }
  return path;
}

class Walk {
 public:
  Walk(std::string_view tar, const Limits& limits) : tar_(tar), limits_(limits) {}

  std::vector<Slot> files() {
    while (at_ + kBlock <= tar_.size() && !is_zero(tar_.substr(at_, kBlock))) step();
    // POSIX.1-2001: "At the end of the archive file there shall be two 512-octet logical records filled with binary
    // zeros".
    if (tar_.size() - std::min(at_, tar_.size()) < 2 * kBlock || long_name_)
      throw Error(Fault::kInput, "archive ends before its end mark: it was cut off");
    if (!is_zero(tar_.substr(at_))) throw Error(Fault::kInput, "archive has bytes behind its end mark");
    return std::move(files_);
  }

 private:
  void step() {
    const std::string_view header = tar_.substr(at_, kBlock);
    const char type = header[156];
    const std::string path = long_name_.value_or(short_name(header));
    const bool extends = type == 'x' || type == 'g' || type == 'L';
    const std::size_t size = size_of(header, path);
    const std::size_t limit = extends ? kExtensionLimit : limits_.member_bytes;
    if (size > limit) throw Error(Fault::kInput, "archive member `{}` has {} bytes, allowed are {}", path, size, limit);
    at_ += kBlock;
    if (size > tar_.size() - at_) throw Error(Fault::kInput, "archive member `{}` is cut off", path);
    if (++entries_ > limits_.members) throw Error(Fault::kInput, "archive has more than {} members", limits_.members);
    if (extends) {
      extend(type, tar_.substr(at_, size));
    } else {
      add(type, path, size);
      long_name_.reset();
    }
    at_ += (size + kBlock - 1) / kBlock * kBlock;
  }

  void extend(char type, std::string_view content) {
    if (long_name_) throw Error(Fault::kInput, "archive member `{}` has two names", *long_name_);
    if (type == 'L') {
      long_name_ = content.substr(0, content.find('\0'));
    } else if (std::optional<std::string> path = pax_path(content, type == 'x')) {
      if (path->find('\0') != std::string::npos) throw Error(Fault::kInput, "archive has a name with a zero byte");
      long_name_ = std::move(path);
    }
  }

  void add(char type, const std::string& path, std::size_t size) {
    if (type == '5') {
      if (size != 0) throw Error(Fault::kInput, "archive member `{}` is a folder with content", path);
      require_plain_path(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
      return;
    }
    if (type != '0' && type != '\0')
      throw Error(Fault::kInput, "archive member `{}` is {}, wanted a regular file", path, kind_of(type));
    require_plain_path(path);
    files_.push_back({path, at_, size});
  }

  // POSIX.1-1988: prefix and name with a slash between them. GNU's own header has times where the prefix would be.
  static std::string short_name(std::string_view header) {
    const std::string name(field(header, 0, 100));
    const std::string prefix(header.substr(257, 6) == std::string_view("ustar\0", 6) ? field(header, 345, 155) : "");
    return prefix.empty() ? name : prefix + "/" + name;
  }

  std::string_view tar_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::size_t entries_ = 0;
  std::optional<std::string> long_name_;
  std::vector<Slot> files_;
};

}  // namespace

std::vector<Slot> layout(std::string_view tar, const Limits& limits) {
  std::vector<Slot> files = Walk(tar, limits).files();
  std::vector<std::string> paths;
  for (const Slot& file : files) paths.push_back(file.path);
  require_distinct(paths);
  return files;
}

}  // namespace waybill::archive
