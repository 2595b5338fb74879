#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <new>

#include "core/archive/layout.h"
#include "core/base/error.h"
#include "core/base/handle.h"

namespace waybill::archive {
namespace {

using Reader = Handle<::archive, ::archive_read_free>;

void check(::archive* reader, int result) {
  if (result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF) return;
  const char* why = ::archive_error_string(reader);
  throw Error(Fault::kInput, "archive is damaged: {}", why == nullptr ? "the reader does not say where" : why);
}

Reader open(std::string_view tar) {
  Reader reader(::archive_read_new());
  if (!reader) throw std::bad_alloc();
  check(reader.get(), ::archive_read_support_format_tar(reader.get()));
  check(reader.get(), ::archive_read_open_memory(reader.get(), tar.data(), tar.size()));
  return reader;
}

::archive_entry* next_entry(::archive* reader) {
  ::archive_entry* entry = nullptr;
  const int result = ::archive_read_next_header(reader, &entry);
  check(reader, result);
  return result == ARCHIVE_EOF ? nullptr : entry;
}

std::string content_of(::archive* reader, const Slot& file) {
  std::string content(file.size, '\0');
  for (std::size_t at = 0; at < content.size();) {
    const la_ssize_t count = ::archive_read_data(reader, content.data() + at, content.size() - at);
    if (count < 0) check(reader, static_cast<int>(count));
    if (count <= 0) throw Error(Fault::kInput, "archive member `{}` is cut off", file.path);
    at += static_cast<std::size_t>(count);
  }
  return content;
}

// Two readings of one header must agree. Names outside ASCII depend on the reader's locale, so those are not compared.
bool agree(::archive_entry* entry, const Slot& file) {
  const char* const name = ::archive_entry_pathname(entry);
  const bool comparable = std::ranges::all_of(file.path, [](unsigned char c) { return c < 0x80; });
  return ::archive_entry_filetype(entry) == AE_IFREG && ::archive_entry_hardlink(entry) == nullptr &&
         ::archive_entry_size(entry) == static_cast<la_int64_t>(file.size) &&
         ::archive_entry_sparse_reset(entry) == 0 && (!comparable || (name != nullptr && file.path == name));
}

}  // namespace

std::vector<Member> read_tar_gzip(std::string_view bytes, const Limits& limits) {
  const std::string tar = gunzip(bytes, limits.total_bytes);
  const std::vector<Slot> files = layout(tar, limits);
  const Reader reader = open(tar);
  std::vector<Member> members;
  members.reserve(files.size());
  while (::archive_entry* entry = next_entry(reader.get())) {
    if (::archive_entry_filetype(entry) == AE_IFDIR) continue;
    if (members.size() == files.size() || !agree(entry, files[members.size()]))
      throw Error(Fault::kInput, "archive member number {} means different files to different readers",
                  members.size() + 1);
    const Slot& file = files[members.size()];
    members.push_back({file.path, content_of(reader.get(), file)});
  }
  if (members.size() != files.size())
    throw Error(Fault::kInput, "archive member `{}` is not there for every reader", files[members.size()].path);
  return members;
}

}  // namespace waybill::archive
