#include <cctype>

#include "core/base/error.h"
#include "core/yaml/impl.h"

namespace waybill::yaml {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_member(const Node& node) {
  return node.impl().key_line != 0;
}

// A plain scalar over several lines differs from its text in blanks only.
std::size_t end_of_plain(const Node::Impl& node, std::string_view text) {
  std::size_t at = node.begin;
  for (const char c : node.text) {
    if (kBlanks.find(c) != std::string_view::npos) continue;
    at = text.find_first_not_of(kBlanks, at);
    if (at == std::string_view::npos || text[at] != c)
      throw Error(Fault::kInternal, "{}: the text differs from what was read, line {}", node.where(), node.line);
    ++at;
  }
  return at;
}

std::size_t skip_blanks_and_comments(std::size_t at, std::string_view text) {
  while (at < text.size()) {
    if (text[at] == '#') {
      at = line_end(text, at);
    } else if (kBlanks.find(text[at]) == std::string_view::npos) {
      break;
    } else {
      ++at;
    }
  }
  return at;
}

std::size_t end_of_flow(std::size_t at, char closing, std::string_view text) {
  while ((at = skip_blanks_and_comments(at, text)) < text.size() && text[at] != closing) ++at;
  return at + 1;
}

std::size_t null_length(std::string_view text, std::size_t begin) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.substr(begin).starts_with(word)) continue;
    const std::size_t after = text.find_first_not_of(" \t", begin + word.size());
    if (after == std::string_view::npos || std::string_view("\r\n#,]}").find(text[after]) != std::string_view::npos)
      return word.size();
  }
  return 0;
}

std::size_t end_of_last(const Node& node, std::string_view text) {
  const Node::Impl& impl = node.impl();
  if (impl.kind == Kind::kSequence) return impl.items.empty() ? impl.begin + 1 : end_of(impl.items.back(), text);
  if (impl.members.empty()) return impl.begin + 1;
  const auto& [key, last] = impl.members.back();
  if (is_written(last, text)) return end_of(last, text);
  return end_of_key(last.impl().key_begin, key, text);
}

std::size_t indentation_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? line.size() : first;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

// YAML 1.2.2 section 7.3: `\"` stays inside double quotes, `''` inside single ones.
std::size_t end_of_quotes(std::size_t begin, std::string_view text) {
  const char quote = text.at(begin);
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || !text.substr(at + 1).starts_with('\'')) return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool is_written(const Node& node, std::string_view text) {
  return node.kind() != Kind::kNull || null_length(text, std::min(node.impl().begin, text.size())) > 0;
}

std::size_t end_of_key(std::size_t begin, std::string_view key, std::string_view text) {
  const bool quotes = begin < text.size() && (text[begin] == '"' || text[begin] == '\'');
  if (!quotes && !text.substr(begin).starts_with(key)) return std::string_view::npos;
  const std::size_t end = quotes ? end_of_quotes(begin, text) : begin + key.size();
  if (end == std::string_view::npos || text.substr(begin, end - begin).find('\n') != std::string_view::npos)
    return std::string_view::npos;
  const std::size_t colon = text.find_first_not_of(" \t", end);
  if (colon == std::string_view::npos || text[colon] != ':') return std::string_view::npos;
  const bool apart = colon + 1 == text.size() || kBlanks.find(text[colon + 1]) != std::string_view::npos;
  return apart || quotes ? colon + 1 : std::string_view::npos;
}

std::optional<BlockScalar> block_scalar(const Node& node, std::string_view text) {
  const Node::Impl& impl = node.impl();
  if (impl.kind != Kind::kScalar || !impl.quoted || (text[impl.begin] != '|' && text[impl.begin] != '>'))
    return std::nullopt;
  BlockScalar block;
  block.header_end = std::min(text.find_first_not_of("|>+-0123456789", impl.begin), text.size());
  const std::string_view header = text.substr(impl.begin, block.header_end - impl.begin);
  const std::size_t owner = is_member(node) ? impl.key_begin : text.rfind('-', impl.begin);
  const std::size_t outside = owner == std::string_view::npos ? 0 : owner - line_begin(text, owner);
  const std::size_t digit = header.find_first_of("123456789");
  if (digit != std::string_view::npos) block.indentation = outside + static_cast<std::size_t>(header[digit] - '0');
  const bool keeps_empty_lines = header.find('+') != std::string_view::npos;
  block.end = block.header_end;
  for (std::size_t at = line_end(text, block.header_end); at < text.size(); at = line_end(text, at)) {
    const std::string_view line = without_line_end(text.substr(at, line_end(text, at) - at));
    const std::size_t indentation = indentation_of(line);
    if (indentation == line.size() && (block.indentation == 0 || indentation <= block.indentation)) {
      if (keeps_empty_lines) block.end = at + line.size();
      continue;
    }
    if (block.indentation == 0 && (indentation > outside || impl.path->parent == nullptr))
      block.indentation = indentation;
    if (block.indentation == 0 || indentation < block.indentation) break;
    block.end = at + line.size();
  }
  return block;
}

std::size_t end_of(const Node& node, std::string_view text) {
  const Node::Impl& impl = node.impl();
  if (impl.kind == Kind::kNull) {
    if (is_written(node, text)) return impl.begin + null_length(text, impl.begin);
    return std::min(text.rfind('-', impl.begin), text.size() - 1) + 1;  // `- ` with nothing behind it
  }
  if (impl.kind == Kind::kScalar) {
    if (const std::optional<BlockScalar> block = block_scalar(node, text)) return block->end;
    return impl.quoted ? end_of_quotes(impl.begin, text) : end_of_plain(impl, text);
  }
  const char opening = text[impl.begin];
  const std::size_t end = end_of_last(node, text);
  if (!impl.flow || (opening != '[' && opening != '{')) return end;  // `[a: b]` holds a mapping without braces
  return end_of_flow(end, opening == '[' ? ']' : '}', text);
}

}  // namespace waybill::yaml
