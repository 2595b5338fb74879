#include <algorithm>

#include "core/base/unicode.h"
#include "core/chart/helmignore.h"

namespace waybill::chart {
namespace {

// One bound of a range in a class; `-` and `]` stand there only behind `\`.
std::optional<char32_t> take_bound(std::string_view& pattern) {
  if (pattern.empty() || pattern.front() == '-' || pattern.front() == ']') return std::nullopt;
  if (pattern.front() == '\\') {
    pattern.remove_prefix(1);
    if (pattern.empty()) return std::nullopt;
  }
  const char32_t character = take_character(pattern);
  if (pattern.empty()) return std::nullopt;
  return character;
}

}  // namespace

std::optional<Glob::Step> Glob::parse_class(std::string_view& pattern) {
  Step step{.kind = Step::Kind::kClass, .ranges = {}};
  if (pattern.starts_with('^')) {
    step.negated = true;
    pattern.remove_prefix(1);
  }
  while (true) {
    if (pattern.starts_with(']') && !step.ranges.empty()) {
      pattern.remove_prefix(1);
      return step;
    }
    const std::optional<char32_t> low = take_bound(pattern);
    if (!low) return std::nullopt;
    std::optional<char32_t> high = low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      high = take_bound(pattern);
      if (!high) return std::nullopt;
    }
    step.ranges.emplace_back(*low, *high);
  }
}

std::optional<Glob> Glob::parse(std::string_view pattern) {
  Glob glob;
  glob.chunks_.emplace_back();
  while (!pattern.empty()) {
    const char first = pattern.front();
    if (first == '*') {
      pattern.remove_prefix(1);
      if (glob.chunks_.back().star && glob.chunks_.back().steps.empty()) continue;
      glob.chunks_.push_back({.star = true, .steps = {}});
      continue;
    }
    std::vector<Step>& steps = glob.chunks_.back().steps;
    if (first == '[') {
      pattern.remove_prefix(1);
      std::optional<Step> step = parse_class(pattern);
      if (!step) return std::nullopt;
      steps.push_back(std::move(*step));
      continue;
    }
    if (first == '?') {
      pattern.remove_prefix(1);
      steps.push_back({.kind = Step::Kind::kAny, .ranges = {}});
      continue;
    }
    if (first == '\\') {
      pattern.remove_prefix(1);
      if (pattern.empty()) return std::nullopt;
    }
    steps.push_back({.character = take_character(pattern), .ranges = {}});
  }
  return glob;
}

std::optional<std::string_view> Glob::match_chunk(const Chunk& chunk, std::string_view name) {
  for (const Step& step : chunk.steps) {
    if (name.empty()) return std::nullopt;
    const bool separator = name.front() == '/';
    const char32_t character = take_character(name);
    if (step.kind == Step::Kind::kAny && separator) return std::nullopt;
    if (step.kind == Step::Kind::kCharacter && character != step.character) return std::nullopt;
    if (step.kind == Step::Kind::kClass) {
      const bool inside = std::ranges::any_of(
          step.ranges, [&](const auto& range) { return range.first <= character && character <= range.second; });
      if (inside == step.negated) return std::nullopt;
    }
  }
  return name;
}

bool Glob::matches(std::string_view name) const {
  for (const Chunk& chunk : chunks_) {
    const bool last = &chunk == &chunks_.back();
    if (!chunk.star) {
      const auto rest = match_chunk(chunk, name);
      if (!rest || (last && !rest->empty())) return false;
      name = *rest;
      continue;
    }
    if (last && chunk.steps.empty()) return name.find('/') == std::string_view::npos;
    bool found = false;
    for (std::size_t skipped = 0; skipped <= name.size(); ++skipped) {
      const auto rest = match_chunk(chunk, name.substr(skipped));
      if (rest && (!last || rest->empty())) {
        name = *rest;
        found = true;
        break;
      }
      if (skipped < name.size() && name[skipped] == '/') break;
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace waybill::chart
