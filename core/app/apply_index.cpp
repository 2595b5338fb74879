#include "core/app/applier.h"
#include "core/chart/repository_index.h"

namespace waybill::app {
namespace {

constexpr std::string_view kFile = "index.yaml";
constexpr std::size_t kFileBytes = 64 * 1024 * 1024;
constexpr int kAttempts = 5;

}  // namespace

// Another run may write between reading and writing: then it is read again.
bool Applier::ensure(const stages::EnsureIndex& step) {
  const std::string name = "refs/heads/" + step.branch;
  const std::string here = "refs/remotes/origin/" + step.branch;
  const auto& anchor = job_.facts.policy.anchor;
  for (int attempt = 1;; ++attempt) {
    const std::optional<Oid> tip = app_.reference(name);
    if (tip)
      session_.git->fetch(anchor.server + "/" + anchor.repository, {fmt::format("+{}:{}", name, here)},
                          session_.input("token"));
    const std::string before = tip ? session_.git->file(*tip, kFile, kFileBytes).value_or("") : "";
    chart::RepositoryIndex index(before);
    for (const auto& entry : step.listed) index.add(entry);
    for (const auto& [chart, version] : step.unlisted) index.remove(chart, version);
    if (index.text() == before) return true;
    index.set_generated(to_rfc3339(session_.clock.now()));
    const Oid tree = app_.create_tree(tip ? std::optional(session_.git->commit(*tip).tree) : std::nullopt,
                                      {{std::string(kFile), "100644", "blob", std::nullopt, index.text()}});
    const Oid commit =
        app_.create_commit(stages::title(step) + "\n", tree, tip ? std::vector{*tip} : std::vector<Oid>{});
    try {
      if (tip)
        app_.update_reference(name, commit);
      else
        app_.create_reference(name, commit);
      return false;
    } catch (const Error& error) {
      if (error.fault() != Fault::kConflict || attempt == kAttempts) throw;
    }
  }
}

}  // namespace waybill::app
