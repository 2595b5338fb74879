#pragma once

#include <mutex>

#include "core/yaml/document.h"

namespace waybill::yaml {

// The way from the document to a node, shared by all nodes below it and spelled out only when asked for: written out in
// every node, a small document could fill the memory.
struct Path {
  std::shared_ptr<const Path> parent;
  std::string text;  // the document's name, ".key" or "[index]"
};

struct Node::Impl {
  Kind kind = Kind::kNull;
  bool quoted = false;
  bool flow = false;  // [...] or {...}
  std::string text;
  std::vector<Node> items;
  std::vector<std::pair<std::string, Node>> members;
  std::size_t line = 0;
  std::size_t begin = 0;      // its first byte in the text
  std::size_t key_line = 0;   // of a mapping's member: where its key stands
  std::size_t key_begin = 0;  // the key's first byte
  std::shared_ptr<const Path> path;

  const std::string& where() const;

 private:
  mutable std::once_flag spelled_;
  mutable std::string where_;
};

// Fault::kInput when the text is longer than the limit, no UTF-8, or holds what YAML's readers disagree on: control
// characters, other line ends than LF and CRLF, a BOM inside, conflict markers.
void check_text(std::string_view text, std::string_view name, const Limits& limits);

// Whether the value is there at all: `key:` alone is a null without a byte of its own.
bool is_written(const Node& node, std::string_view text);
// The byte after the node's last one, without what follows it on the line. `text` is what the node was parsed from.
std::size_t end_of(const Node& node, std::string_view text);
// The byte after the quote that closes the one at `begin`, or npos.
std::size_t end_of_quotes(std::size_t begin, std::string_view text);
// The byte after the colon behind the key that starts at `begin`, or npos when it is not written `key:` on one line.
std::size_t end_of_key(std::size_t begin, std::string_view key, std::string_view text);

// A scalar written with `|` or `>`: where its header ends, and the indentation of its lines (0: it has none).
struct BlockScalar {
  std::size_t header_end = 0;
  std::size_t indentation = 0;
  std::size_t end = 0;
};
std::optional<BlockScalar> block_scalar(const Node& node, std::string_view text);

// Where the line of this byte begins, and where it ends: after its line feed, or at the end of the text.
std::size_t line_begin(std::string_view text, std::size_t at);
std::size_t line_end(std::string_view text, std::size_t at);

}  // namespace waybill::yaml
