#include "core/sandbox/run_commands.h"

#include <array>
#include <optional>

#include "core/base/error.h"

namespace waybill::sandbox {
namespace {

// Takes one line off the head of `text`, without its end; nothing at the end of the text.
std::optional<std::string_view> take_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kEscapes = {{{"%25", '%'}, {"%0D", '\r'}, {"%0A", '\n'}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t length = 1;
    char character = text.front();
    for (const auto& [escape, meaning] : kEscapes)
      if (text.starts_with(escape)) {
        length = escape.size();
        character = meaning;
      }
    plain += character;
    text.remove_prefix(length);
  }
  return plain;
}

}  // namespace

WorkflowCommands workflow_commands(std::string_view output) {
  constexpr std::string_view kStop = "stop-commands";
  WorkflowCommands commands;
  std::string stopped;
  while (auto line = take_line(output)) {
    line->remove_prefix(std::min(line->find_first_not_of(" \t"), line->size()));
    if (line->ends_with('\r')) line->remove_suffix(1);
    if (!line->starts_with("::")) continue;
    const std::size_t end = line->find("::", 2);
    if (end == std::string_view::npos) continue;
    const std::string_view head = line->substr(2, end - 2);
    const std::string_view data = line->substr(end + 2);
    if (!stopped.empty()) {
      if (head == stopped) stopped.clear();
      continue;
    }
    const std::string_view name = head.substr(0, head.find(' '));
    if (name == kStop) stopped = data;
    if (name == "add-mask" && !data.empty()) commands.masks.push_back(unescaped(data));
    if (name == "error") commands.errors.push_back(unescaped(data));
  }
  return commands;
}

std::vector<std::pair<std::string, std::string>> file_entries(std::string_view text, std::string_view file) {
  std::vector<std::pair<std::string, std::string>> entries;
  while (const auto line = take_line(text)) {
    if (line->empty()) continue;
    const std::size_t equals = line->find('=');
    const std::size_t heredoc = line->find("<<");
    if (equals == std::string_view::npos && heredoc == std::string_view::npos)
      throw Error(Fault::kInput, "{}: invalid format `{}`", file, *line);
    if (equals < heredoc) {
      entries.emplace_back(line->substr(0, equals), line->substr(equals + 1));
      continue;
    }
    const std::string_view delimiter = line->substr(heredoc + 2);
    std::string value;
    auto next = take_line(text);
    for (; next && *next != delimiter; next = take_line(text)) value.append(*next).append("\n");
    if (!next) throw Error(Fault::kInput, "{}: no line is the delimiter `{}`", file, delimiter);
    if (!value.empty()) value.pop_back();
    entries.emplace_back(line->substr(0, heredoc), value);
  }
  return entries;
}

}  // namespace waybill::sandbox
