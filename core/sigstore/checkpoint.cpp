#include "core/sigstore/checkpoint.h"

#include <charconv>

#include "core/base/encoding.h"
#include "core/base/error.h"

namespace waybill::sigstore {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kHint = 4;

std::string_view take_line(std::string_view& rest, std::string_view what) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos || end == 0) throw Error(Fault::kInput, "the checkpoint has no {}", what);
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::uint64_t parse_size(std::string_view line) {
  std::uint64_t size = 0;
  const char* end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data(), end, size);
  if (error != std::errc() || stop != end || (line.size() > 1 && line.starts_with('0')))
    throw Error(Fault::kInput, "the checkpoint's second line is `{}`, a tree size is wanted", line.substr(0, 80));
  return size;
}

std::string parse_root_hash(std::string_view line) {
  std::string hash;
  try {
    hash = from_base64(line);
  } catch (const Error&) {
    hash.clear();
  }
  if (hash.size() != 32)
    throw Error(Fault::kInput, "the checkpoint's third line is `{}`, 32 bytes in base64 are wanted",
                line.substr(0, 80));
  return hash;
}

Checkpoint::Signature parse_signature(std::string_view line) {
  const std::size_t space = line.rfind(' ');
  if (!line.starts_with(kDash) || space < kDash.size() + 1)
    throw Error(Fault::kInput, "the checkpoint's signature line `{}` is not `— name base64`", line.substr(0, 80));
  const std::string bytes = from_base64(line.substr(space + 1));
  if (bytes.size() <= kHint) throw Error(Fault::kInput, "the checkpoint's signature line holds {} bytes", bytes.size());
  return {.name = std::string(line.substr(kDash.size(), space - kDash.size())),
          .hint = bytes.substr(0, kHint),
          .bytes = bytes.substr(kHint)};
}

// Rekor v1 writes "name - tree id" for its origin and signs as "name"; Rekor v2 writes the name alone.
std::string_view name_in(std::string_view origin) {
  return origin.substr(0, origin.find(" - "));
}

}  // namespace

Checkpoint Checkpoint::parse(std::string_view note) {
  if (note.size() > kMostBytes)
    throw Error(Fault::kInput, "the checkpoint has {} bytes, at most {} are read", note.size(), kMostBytes);
  const std::size_t blank = note.find("\n\n");
  if (blank == std::string_view::npos)
    throw Error(Fault::kInput, "the checkpoint has no blank line before its signatures");
  Checkpoint checkpoint;
  checkpoint.text = note.substr(0, blank + 1);
  std::string_view text = checkpoint.text;
  checkpoint.origin = take_line(text, "origin");
  checkpoint.tree_size = parse_size(take_line(text, "tree size"));
  checkpoint.root_hash = parse_root_hash(take_line(text, "root hash"));
  std::string_view signatures = note.substr(blank + 2);
  while (!signatures.empty())
    checkpoint.signatures.push_back(parse_signature(take_line(signatures, "whole signature line")));
  if (checkpoint.signatures.empty()) throw Error(Fault::kInput, "the checkpoint has no signature line");
  return checkpoint;
}

std::optional<std::string> signature_failure(const Checkpoint& checkpoint, const LogKey& log) {
  bool signed_by_log = false;
  for (const Checkpoint::Signature& signature : checkpoint.signatures) {
    if (signature.name != name_in(checkpoint.origin) || signature.hint != log.checkpoint_id.substr(0, kHint)) continue;
    if (!log.key.verifies(checkpoint.text, signature.bytes, log.hash))
      return fmt::format("the checkpoint's signature by `{}` does not verify with the key of {}", signature.name,
                         log.base_url);
    signed_by_log = true;
  }
  if (!signed_by_log)
    return fmt::format("the checkpoint of `{}` has no signature line with that name and the key hint {} of {}",
                       checkpoint.origin, to_hex(log.checkpoint_id.substr(0, kHint)), log.base_url);
  return std::nullopt;
}

}  // namespace waybill::sigstore
