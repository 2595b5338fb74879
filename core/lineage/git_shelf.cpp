#include "core/lineage/git_shelf.h"

#include <algorithm>
#include <ranges>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/base/jitter.h"
#include "core/crypto/hash.h"

namespace waybill::lineage {
namespace {

constexpr std::size_t kBundleBytes = 16 * 1024 * 1024;
constexpr std::size_t kMostBundles = 1000;
constexpr int kTries = 200;
constexpr int kMostWithoutAMove = 10;
constexpr int kMostUnanswered = 4;

std::string reference_of(const Digest& subject) {
  return fmt::format("refs/attestations/{}/{}", subject.algorithm(), subject.hex());
}

// The bundles of a subject as fetched, and the commit that has them; nothing when there is none.
std::pair<std::optional<Oid>, std::vector<git::Entry>> kept(const git::Repository& repository, const Digest& subject) {
  const std::optional<Oid> tip = repository.find_commit(reference_of(subject));
  if (!tip) return {};
  return {tip, repository.children(repository.commit(*tip).tree)};
}

// Empty for what is no file, or one that is too large.
std::string text_of(const git::Repository& repository, const git::Entry& file) {
  try {
    return repository.blob(file.id, kBundleBytes);
  } catch (const Error& error) {
    if (error.fault() != Fault::kInput) throw;
    return {};
  }
}

std::map<std::string, std::optional<Oid>> tips_of(const std::vector<git::Repository::Advance>& advances) {
  std::map<std::string, std::optional<Oid>> tips;
  for (const auto& advance : advances) tips.emplace(advance.reference, advance.from);
  return tips;
}

}  // namespace

GitShelf::GitShelf(std::string url, std::string token)
    : url_(std::move(url)),
      token_(std::move(token)),
      repository_(git::Repository::create(folder_.path() / "attestations.git")) {}

void GitShelf::fetch(const std::vector<Digest>& subjects) const {
  std::vector<std::string> refspecs;
  for (const Digest& subject : subjects) refspecs.push_back(fmt::format("+{0}:{0}", reference_of(subject)));
  repository_.fetch(url_, refspecs, token_);
}

std::map<Digest, std::vector<std::string>> GitShelf::look(const std::vector<Digest>& subjects) const {
  fetch(subjects);
  std::map<Digest, std::vector<std::string>> found;
  for (const Digest& subject : subjects) {
    try {
      const auto [tip, files] = kept(repository_, subject);
      for (const git::Entry& file : files | std::views::take(kMostBundles))
        found[subject].push_back(text_of(repository_, file));
    } catch (const Error& error) {
      if (error.fault() != Fault::kInput) throw;
      found[subject].emplace_back();
    }
  }
  return found;
}

std::vector<git::Repository::Advance> GitShelf::advances(const std::string& bundle, const std::vector<Digest>& subjects,
                                                         Time now) {
  const git::Entry added{crypto::sha256(bundle).hex() + ".json", git::Mode::kFile, repository_.write_blob(bundle)};
  std::vector<git::Repository::Advance> advances;
  for (const Digest& subject : subjects) {
    auto [tip, files] = kept(repository_, subject);
    if (std::ranges::find(files, added) != files.end()) continue;
    if (files.size() >= kMostBundles)
      throw Error(Fault::kConflict, "`{}` of {} holds {} bundles, no more are read", reference_of(subject), url_,
                  files.size());
    files.push_back(added);
    const std::vector<Oid> parents = tip ? std::vector{*tip} : std::vector<Oid>();
    const Oid commit = repository_.write_commit(repository_.write_tree(files), parents, {"waybill", "", now},
                                                "An attestation of " + subject.text());
    advances.push_back({reference_of(subject), tip, commit});
  }
  return advances;
}

void GitShelf::keep(const std::string& bundle, const std::vector<Digest>& subjects, Time now) {
  std::map<std::string, std::string> refused;
  std::map<std::string, std::optional<Oid>> tips;
  int unanswered = 0;
  int without_a_move = 0;
  for (int tries = 0; tries < kTries && without_a_move < kMostWithoutAMove; ++tries) {
    try {
      fetch(subjects);
      const auto wanted = advances(bundle, subjects, now);
      if (wanted.empty()) return;
      const auto before = std::exchange(tips, tips_of(wanted));
      without_a_move = tips == before ? without_a_move + 1 : 0;
      refused = repository_.push(url_, wanted, token_);
      if (refused.empty()) return;
      unanswered = 0;
    } catch (const Error& error) {  // whether it arrived, the next look says
      if (error.fault() != Fault::kRemote || ++unanswered == kMostUnanswered) throw;
    }
    std::this_thread::sleep_for(jittered(std::chrono::milliseconds(100 * (1 + without_a_move))));
  }
  throw Error(Fault::kConflict, "`{}` of {} could not be set: {}", refused.begin()->first, url_,
              refused.begin()->second)
      .hint("run this stage again; a rule that keeps `refs/attestations/` from the App has to let it pass");
}

}  // namespace waybill::lineage
