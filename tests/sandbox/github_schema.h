#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace waybill::testing {

// GitHub's own description of its REST API, as draft-07 schemas by operation (third-party data).
class GitHubSchema {
 public:
  static std::optional<GitHubSchema> open();  // nothing when the data is absent

  // What is wrong with an answer; `path` is below /api/v3, without the query. An operation or a status that GitHub's
  // description does not list is a complaint too.
  std::vector<std::string> complaints(const std::string& method, const std::string& path, int status,
                                      const std::string& body) const;
  // The operations' own patterns.
  const Json& operations() const { return document_["operations"]; }

 private:
  explicit GitHubSchema(Json document) : document_(std::move(document)) {}
  void check(const Json& schema, const Json& value, const std::string& at, std::vector<std::string>& found) const;
  bool fits(const Json& schema, const Json& value) const;

  Json document_;
};

}  // namespace waybill::testing
