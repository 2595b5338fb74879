#include "core/chart/package.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"

namespace waybill::chart {
namespace {

constexpr std::size_t kLargest = 64 * 1024 * 1024;  // of a package

Package named(const Metadata& metadata, std::string bytes, const std::string& canonical) {
  const Digest digest = crypto::sha256(bytes);
  return {metadata.name,    metadata.version, metadata.name + "-" + metadata.version + ".tgz",
          std::move(bytes), digest,           crypto::sha256(canonical)};
}

}  // namespace

Digest content_digest(const Subtree& subtree, std::string_view where) {
  return crypto::sha256(archive::tar(shipped_files(subtree, where)));
}

Package package(const Subtree& subtree, std::string_view where) {
  const Metadata metadata = read_metadata(subtree, where);
  const std::string canonical = archive::tar(shipped_files(subtree, where));
  return named(metadata, archive::gzip(canonical), canonical);
}

Subtree package_files(std::string_view bytes) {
  if (bytes.size() > kLargest)
    throw Error(Fault::kInput, "a package of {} bytes, at most {} are read", bytes.size(), kLargest);
  Subtree files;
  std::string folder;
  for (archive::Member& member : archive::read_tar_gzip(bytes)) {
    const std::size_t slash = member.path.find('/');
    const std::string top = member.path.substr(0, slash);
    if (slash == std::string::npos || (!folder.empty() && top != folder))
      throw Error(Fault::kInput, "`{}` is not in the package's one folder {}", member.path, folder);
    folder = top;
    files.emplace(member.path.substr(slash + 1), File{git::Mode::kFile, std::move(member.content)});
  }
  const Metadata metadata = read_metadata(files, folder);
  if (metadata.name != folder)
    throw Error(Fault::kInput, "the package's folder is {}, its Chart.yaml says {}", folder, metadata.name);
  return files;
}

Package read_package(std::string_view bytes) {
  const Metadata metadata = read_metadata(package_files(bytes), "package");
  return named(metadata, std::string(bytes), archive::tar(archive::read_tar_gzip(bytes)));
}

}  // namespace waybill::chart
