#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/json.h"

namespace waybill::fuzz {

// What the fuzz targets begin with, one file each in <folder>/<target>/, and beside those folders whom they trust.
class SeedFolder {
 public:
  explicit SeedFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(const std::string& target, std::string_view bytes) const;
  // A bundle, a trusted root, metadata, or a list of such: the document, and every part that has a target of its own.
  void add_document(const std::string& text);
  // Every .json and .jsonl below.
  void add_folder(const std::filesystem::path& folder);

  // All trusted roots that were added, as one, but for those that demand no log entry.
  void write_trusted_root() const;
  void write_tuf_root(std::string_view root) const;

 private:
  void add_file(const std::filesystem::path& path);
  void add_parts(const Json& json, const std::string& signature);
  void add_part(const std::string& name, const std::string& text, const std::string& signature) const;
  void add_certificate(const std::string& der) const;  // and the list of timestamps in it
  void trust(const Json& root);

  std::filesystem::path folder_;
  Json trusted_ = Json::object();
};

}  // namespace waybill::fuzz
