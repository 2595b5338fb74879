#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/git/repository.h"
#include "core/lineage/shelf.h"

namespace waybill::lineage {

// Bundles in a repository itself, for one whose forge keeps no attestations: refs/attestations/<algorithm>/<digits> of
// each subject is a line of commits, the newest with every bundle in a file `<sha256 of its bytes>.json`. Nothing is
// ever taken away, and who comes second writes on top of the first.
class GitShelf final : public Shelf {
 public:
  // Reading needs no token where everybody may read.
  GitShelf(std::string url, std::string token);
  // At most 1,000 bundles of 16 MiB for a subject; what somebody else put there counts as unreadable.
  std::map<Digest, std::vector<std::string>> look(const std::vector<Digest>& subjects) const override;
  // Adds a bundle under each subject, if it is not there. Others who write at the same time are no reason to give up,
  // each of them brings the line forward; Fault::kConflict when it stays as it is and is still not set.
  void keep(const std::string& bundle, const std::vector<Digest>& subjects, Time now);

 private:
  void fetch(const std::vector<Digest>& subjects) const;
  std::vector<git::Repository::Advance> advances(const std::string& bundle, const std::vector<Digest>& subjects,
                                                 Time now);

  std::string url_;
  std::string token_;
  TemporaryFolder folder_;
  mutable git::Repository repository_;
};

}  // namespace waybill::lineage
