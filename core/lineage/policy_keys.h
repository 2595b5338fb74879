#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/list.h"

namespace waybill::lineage {

// What may stand behind a key.
enum class KeyForm {
  kInteger,
  kText,
  kTexts,        // a list of texts, of none too
  kSomeTexts,    // a list of at least one
  kTextOrTexts,  // a text, or a list of at least one
  kMapping,      // with the keys below it
  kNamed,        // a mapping from names to what stands below it
  kItems,        // a list of mappings, each with the keys below `path[]`
};

// A key of `.waybill.yml`.
struct PolicyKey {
  std::string_view path;  // "merge.main", "signers.<stage>.events", "destinations[].registry"
  KeyForm form = KeyForm::kText;
  std::string_view meaning;                 // Markdown
  bool required = false;                    // in the mapping that it belongs to
  std::string_view initial = {};            // the value that holds without it
  std::string_view otherwise = {};          // in words, where that is no one value
  List<std::string_view, 11> allowed = {};  // empty = any
  std::string_view pattern = {};            // ECMA 262, of every text behind it; empty = any

  constexpr std::string_view name() const { return path.substr(path.rfind('.') + 1); }
  constexpr std::string_view parent() const {
    return path.substr(0, path.rfind('.') == path.npos ? 0 : path.rfind('.'));
  }
  // Whether it stands for the name of each stage of the pipeline.
  constexpr bool is_stage() const { return name() == "<stage>"; }
};

// All of them, each mapping before what is in it. The parser knows its names from here; the README's table and
// policy.schema.json are written from here. The schema never refuses what the parser takes, but for texts that other
// readers of YAML take for numbers; the parser refuses more, as branches that collide.
std::span<const PolicyKey> policy_keys();

// Those directly below a path; of the document itself below "".
std::vector<PolicyKey> keys_below(std::string_view path);
std::vector<std::string_view> names_below(std::string_view path);

}  // namespace waybill::lineage
