#include "core/git/repository.h"

#include <git2/odb.h>

#include "core/base/error.h"
#include "core/git/native.h"

namespace waybill::git {
namespace {

namespace fs = std::filesystem;

bool present(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(path, error));
}

fs::path git_folder(const fs::path& path) {
  const fs::path inside = path / ".git";
  if (present(inside) && !is_folder(inside))
    throw Error(Fault::kInput, "`{}` is a link to a repository elsewhere, as work trees and submodules have",
                inside.string())
        .hint("name the repository itself");
  if (is_folder(inside)) return inside;
  if (present(path / "HEAD") && is_folder(path / "objects")) return path;
  throw Error(Fault::kInput, "`{}` is not a git repository", path.string()).hint("uses: actions/checkout@v5");
}

}  // namespace

fs::path safe_git_folder(const fs::path& path) {
  const fs::path folder = git_folder(path);
  const auto refuse = [&folder](const char* name, std::string_view why, const char* hint) {
    if (present(folder / name))
      throw Error(Fault::kInput, "the repository `{}` {} (`{}`)", folder.string(), why, name).hint(hint);
  };
  refuse("shallow", "holds only a part of its history",
         "add `fetch-depth: 0` to actions/checkout; elsewhere: git fetch --unshallow --tags");
  refuse("commondir", "is one work tree of another repository", "name the repository itself");
  refuse("info/grafts", "claims other parents than its commits name",
         "git replace --convert-graft-file, then delete it");
  refuse("objects/info/alternates", "takes objects from elsewhere", "git repack -ad, then delete the file");
  refuse("objects/info/http-alternates", "takes objects from elsewhere", "git repack -ad, then delete the file");
  return folder;
}

Repository Repository::open(const fs::path& path) {
  start_library();
  auto impl = std::make_unique<Impl>();
  impl->path = safe_git_folder(path);
  const unsigned flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT | GIT_REPOSITORY_OPEN_BARE;
  check(::git_repository_open_ext(out(impl->repository), impl->path.c_str(), flags, nullptr),
        "`" + impl->path.string() + "` cannot be opened");
  refuse_replacements(impl->repository.get(), impl->path);
  check(::git_repository_odb(out(impl->objects), impl->repository.get()), "opening the objects");
  // A commit-graph file repeats what the commits say, unhashed; only the commits themselves are believed.
  check(::git_odb_set_commit_graph(impl->objects.get(), nullptr), "leaving the commit-graph unread");
  return Repository(std::move(impl));
}

Repository Repository::create(const fs::path& path) {
  if (present(path / "HEAD") || present(path / ".git"))
    throw Error(Fault::kInput, "`{}` already is a git repository", path.string());
  start_library();
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
  options.initial_head = "main";
  Handle<git_repository, git_repository_free> made;
  check(::git_repository_init_ext(out(made), path.c_str(), &options), "`" + path.string() + "` cannot be made");
  return open(path);
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

fs::path Repository::path() const {
  return impl_->path;
}

}  // namespace waybill::git
