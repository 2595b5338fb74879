#include <algorithm>

#include "core/base/error.h"
#include "core/git/remote.h"

namespace waybill::git {
namespace {

// The server's own words about each reference that it did not set.
int note_refusal(const char* reference, const char* status, void* payload) {
  if (status != nullptr) static_cast<std::map<std::string, std::string>*>(payload)->emplace(reference, status);
  return 0;
}

std::optional<Oid> id_of(const std::vector<Head>& heads, const std::string& reference) {
  const auto head = std::ranges::find(heads, reference, &Head::name);
  return head == heads.end() ? std::nullopt : std::optional(head->id);
}

// The name that a commit has here while it is pushed: libgit2 pushes by name.
class Passing {
 public:
  Passing(git_repository* repository, const Oid& commit) : name_("refs/waybill/pushing/" + commit.hex()) {
    const git_oid id = native(commit);
    check(::git_reference_create(out(reference_), repository, name_.c_str(), &id, 1, nullptr),
          "`" + name_ + "` cannot be set");
  }
  Passing(Passing&&) = default;
  ~Passing() {
    if (reference_) ::git_reference_delete(reference_.get());
  }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Handle<git_reference, git_reference_free> reference_;
};

}  // namespace

Oid Repository::write_blob(std::string_view bytes) {
  git_oid id;
  check(::git_odb_write(&id, impl_->objects.get(), bytes.data(), bytes.size(), GIT_OBJECT_BLOB), "writing a blob");
  return value(id);
}

Oid Repository::write_tree(const std::vector<Entry>& entries) {
  Handle<git_treebuilder, git_treebuilder_free> builder;
  check(::git_treebuilder_new(out(builder), impl_->repository.get(), nullptr), "writing a tree");
  for (const Entry& entry : entries) {
    require_name(entry.path, "a new tree");
    const git_oid id = native(entry.id);
    check(::git_treebuilder_insert(nullptr, builder.get(), entry.path.c_str(), &id,
                                   static_cast<git_filemode_t>(entry.mode)),
          "writing a tree");
  }
  git_oid id;
  check(::git_treebuilder_write(&id, builder.get()), "writing a tree");
  return value(id);
}

Oid Repository::write_commit(const Oid& tree, const std::vector<Oid>& parents, const Signature& by,
                             const std::string& message) {
  std::string text = fmt::format("tree {}\n", tree.hex());
  for (const Oid& parent : parents) text += fmt::format("parent {}\n", parent.hex());
  const std::string person = fmt::format("{} <{}> {} +0000", by.name, by.email, by.time.time_since_epoch().count());
  text += fmt::format("author {0}\ncommitter {0}\n\n{1}\n", person, message);
  git_oid id;
  check(::git_odb_write(&id, impl_->objects.get(), text.data(), text.size(), GIT_OBJECT_COMMIT), "writing a commit");
  return value(id);
}

std::map<std::string, std::string> Repository::push(const std::string& url, const std::vector<Advance>& advances,
                                                    const std::string& token) {
  // Of a folder libgit2 would set references by itself, without asking what they are by then.
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    throw Error(Fault::kInput, "`{}` cannot be pushed to, only `https://` and `http://` can", url);
  Remote remote(impl_->repository.get(), url, token);
  const std::vector<Head> heads = remote.connect(GIT_DIRECTION_PUSH);
  std::map<std::string, std::string> refused;
  std::vector<Passing> passing;
  std::vector<std::string> refspecs;
  for (const Advance& advance : advances) {
    if (!is_reference_name(advance.reference))
      throw Error(Fault::kInput, "`{}` is no reference name", advance.reference);
    if (id_of(heads, advance.reference) != advance.from) {
      refused.emplace(advance.reference, "it was set meanwhile");
      continue;
    }
    passing.emplace_back(impl_->repository.get(), advance.to);
    refspecs.push_back(fmt::format("{}:{}", passing.back().name(), advance.reference));
  }
  if (refspecs.empty()) return refused;

  git_push_options options = GIT_PUSH_OPTIONS_INIT;
  options.pb_parallelism = 1;
  remote.settle(options);
  options.callbacks.push_update_reference = note_refusal;
  options.callbacks.payload = &refused;
  options.callbacks.transfer_progress = nullptr;
  std::vector<char*> texts;
  for (std::string& refspec : refspecs) texts.push_back(refspec.data());
  const git_strarray wanted{texts.data(), texts.size()};
  remote.check(::git_remote_push(remote.get(), &wanted, &options), "write");
  return refused;
}

}  // namespace waybill::git
