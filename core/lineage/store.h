#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/digest.h"
#include "core/forge/client.h"
#include "core/sigstore/bundle.h"

namespace waybill::lineage {

// Where signed statements are kept. What is found may be more than was asked for: verification decides.
class Store {
 public:
  virtual ~Store() = default;
  // Bundles that may be about the subject. One that cannot be parsed is left out and counted, never fatal (trust.md
  // T28).
  virtual std::vector<sigstore::Bundle> find(const Digest& subject) const = 0;

  // Those that were left out so far.
  virtual std::size_t unreadable() const { return 0; }
};

// The forge's attestations; each subject is asked for once.
class ForgeStore final : public Store {
 public:
  explicit ForgeStore(const forge::Reader& forge) : forge_(forge) {}
  std::vector<sigstore::Bundle> find(const Digest& subject) const override;
  std::size_t unreadable() const override { return unreadable_; }
  // Adds what this run has stored itself, so that it is found before the forge lists it.
  void remember(const Digest& subject, const sigstore::Bundle& bundle);

 private:
  const forge::Reader& forge_;
  mutable std::map<Digest, std::vector<sigstore::Bundle>> found_;
  mutable std::size_t unreadable_ = 0;
};

// A `.lineage.jsonl`: one bundle a line, at most 1,000 lines and 64 MiB.
class LineageFile final : public Store {
 public:
  static LineageFile parse(std::string_view jsonl, std::string_view what);
  std::vector<sigstore::Bundle> find(const Digest& subject) const override;

 private:
  std::vector<sigstore::Bundle> bundles_;
};

}  // namespace waybill::lineage
