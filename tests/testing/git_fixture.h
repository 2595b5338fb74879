#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"
#include "core/base/oid.h"

namespace waybill::testing {

// A file of a test repository: plain text, or one of the others by name.
struct File {
  File(std::string text) : content(std::move(text)) {}
  File(const char* text) : content(text) {}
  File(std::string mode_digits, std::string text) : mode(std::move(mode_digits)), content(std::move(text)) {}

  std::string mode = "100644";
  std::string content;  // of a submodule: the commit's id
};

File executable(std::string content);
File link_to(std::string target);
File submodule(const Oid& commit);

using Files = std::map<std::string, File>;  // by path

// A bare repository in a temporary folder, written by the real git. The same calls give the same ids: the author is
// always the same, and each commit is one minute younger than the one before.
class GitFixture {
 public:
  GitFixture();

  std::filesystem::path path() const { return folder_.path() / "repository.git"; }

  // A commit with exactly these files. Its parents default to the branch's present tip; the branch moves to it.
  Oid commit(std::string_view branch, const Files& files, std::string_view message);
  Oid commit(std::string_view branch, const Files& files, std::string_view message, const std::vector<Oid>& parents);
  // The branch's files with these in place of the old ones; paths in `removed` go.
  Oid change(std::string_view branch, const Files& changed, std::string_view message,
             const std::vector<std::string>& removed = {});
  // A merge commit on `branch` of its tip and `other` that has the files given.
  Oid merge(std::string_view branch, const Oid& other, const Files& files, std::string_view message);
  // Lightweight without a message, annotated with one. `target` may be any object; returns what refs/tags/NAME names.
  Oid tag(std::string_view name, const Oid& target);
  Oid tag(std::string_view name, const Oid& target, std::string_view message);
  // Sets any reference by its full name.
  void set(std::string_view reference, const Oid& id);
  // The tip of a branch, or what any full reference name names; it must exist.
  Oid tip(std::string_view branch) const;

  // Runs `git ARGUMENTS…` in the repository and returns its output without the last line break; fails the test
  // when git fails.
  std::string git(const std::vector<std::string>& arguments, const std::string& input = "") const;

 private:
  std::string next_date();
  std::optional<Oid> present(const std::string& reference) const;
  Oid import(const std::string& reference, const std::string& stream);

  TemporaryFolder folder_;
  long long now_ = 1'770'000'000;
};

}  // namespace waybill::testing
