#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/sigstore/bundle.h"

namespace waybill::lineage {

// Where signed statements are kept. What is found may be more than was asked for: verification decides.
class Store {
 public:
  virtual ~Store() = default;
  // Bundles that may be about the subject. One that cannot be parsed is left out and counted, never fatal (trust.md
  // T28).
  virtual std::vector<sigstore::Bundle> find(const Digest& subject) const = 0;

  // That these are going to be asked for: several may be looked for at once.
  virtual void expect(const std::vector<Digest>&) const {}

  // Those that were left out so far.
  virtual std::size_t unreadable() const { return 0; }
};

// A `.lineage.jsonl`: one bundle a line, at most 1,000 lines and 64 MiB.
class LineageFile final : public Store {
 public:
  static LineageFile parse(std::string_view jsonl, std::string_view what);
  // Beside what the file says: what is found elsewhere. Whoever cannot be read is passed over (trust.md T28).
  void add(const std::vector<std::string>& bundles);
  std::vector<sigstore::Bundle> find(const Digest& subject) const override;

  std::size_t unreadable() const override { return unreadable_; }

 private:
  std::vector<sigstore::Bundle> bundles_;
  std::size_t unreadable_ = 0;
};

}  // namespace waybill::lineage
