#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::chart {

// A pattern of Go's filepath.Match on Linux: `*` and `?` stop at `/`, `[…]` with `^` and ranges does not, `\` escapes.
class Glob {
 public:
  // Nothing for what filepath.Match calls a bad pattern.
  static std::optional<Glob> parse(std::string_view pattern);
  bool matches(std::string_view name) const;

 private:
  struct Step {
    enum class Kind { kCharacter, kAny, kClass } kind = Kind::kCharacter;
    char32_t character = 0;
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges;
  };
  // Steps after a `*` (or at the start, without one).
  struct Chunk {
    bool star = false;
    std::vector<Step> steps;
  };
  static std::optional<Step> parse_class(std::string_view& pattern);
  static std::optional<std::string_view> match_chunk(const Chunk& chunk, std::string_view name);

  std::vector<Chunk> chunks_;
};

// The rules of a `.helmignore` as helm reads them: the first match wins, a trailing `/` means folders only, a leading
// `/` the top, a pattern with `/` the whole path, without one the last name; `!p` ignores everything that does not
// match p; `templates/.?*` comes last.
class HelmIgnore {
 public:
  // `where` names the file. Fault::kInput with the line for `**` and bad patterns, as helm refuses them.
  HelmIgnore(std::string_view text, std::string_view where);

  // Whether helm leaves the file out: it, or a folder above it, is ignored.
  bool ignores(std::string_view path) const;

 private:
  struct Rule {
    Glob glob;
    bool negated = false;
    bool folders_only = false;
    bool whole_path = false;
  };
  void add(std::string_view line, std::string_view where, std::size_t number);
  bool matches(std::string_view path, bool folder) const;

  std::vector<Rule> rules_;
};

}  // namespace waybill::chart
