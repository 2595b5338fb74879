#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/digest.h"
#include "core/forge/client.h"
#include "core/lineage/store.h"
#include "core/oci/registry.h"

namespace waybill::lineage {

// One place where bundles lie by subject.
class Shelf {
 public:
  virtual ~Shelf() = default;
  // What lies there as bundles of each subject, as text; empty where the place itself cannot read one.
  virtual std::map<Digest, std::vector<std::string>> look(const std::vector<Digest>& subjects) const = 0;
};

// The attestations of the forge.
class ForgeShelf final : public Shelf {
 public:
  explicit ForgeShelf(const forge::Reader& forge) : forge_(forge) {}
  std::map<Digest, std::vector<std::string>> look(const std::vector<Digest>& subjects) const override;

 private:
  const forge::Reader& forge_;
};

// The referrers of a registry. What they are is looked up in their manifests: the descriptors of an index say less, and
// often nothing. Those of other kinds are left out.
class RegistryShelf final : public Shelf {
 public:
  explicit RegistryShelf(const oci::Registry& registry) : registry_(registry) {}
  std::map<Digest, std::vector<std::string>> look(const std::vector<Digest>& subjects) const override;

 private:
  const oci::Registry& registry_;
};

// What several places hold together; each subject is looked for once.
class Shelves final : public Store {
 public:
  void add(std::unique_ptr<Shelf> shelf) { shelves_.push_back(std::move(shelf)); }
  std::vector<sigstore::Bundle> find(const Digest& subject) const override;
  void expect(const std::vector<Digest>& subjects) const override;
  std::size_t unreadable() const override { return unreadable_; }
  // A place lists what was just stored some moments late: statements that an index names, by subject, are looked for
  // again while they are not there, after 1, 2 and 4 seconds; when that was in vain, no other is waited for. Whoever
  // wrote the index can make this wait, and no more.
  void await(const std::vector<std::pair<Digest, Digest>>& statements,
             const std::function<void(std::chrono::milliseconds)>& pause) const;
  // Adds what this run has stored itself, so that it is found before the place lists it.
  void remember(const Digest& subject, const sigstore::Bundle& bundle);

 private:
  std::vector<std::unique_ptr<Shelf>> shelves_;
  mutable std::map<Digest, std::vector<sigstore::Bundle>> found_;
  mutable std::size_t unreadable_ = 0;
  mutable bool patient_ = true;
};

}  // namespace waybill::lineage
