#include "core/intoto/statement.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"

namespace waybill::intoto {
namespace {

constexpr std::size_t kMostSubjects = 1024;
constexpr std::string_view kWhat = "in-toto statement";
constexpr std::string_view kSubject = "subject of an in-toto statement";

void require_count(std::size_t subjects) {
  if (subjects == 0) throw Error(Fault::kInput, "{}: it has no subject", kWhat);
  if (subjects > kMostSubjects)
    throw Error(Fault::kInput, "{}: {} subjects, at most {} are taken", kWhat, subjects, kMostSubjects);
}

void require_distinct(const std::vector<Subject>& subjects) {
  if (subjects.empty()) throw Error(Fault::kInput, "{}: no subject has a sha256, sha384 or sha512 digest", kWhat);
  std::set<Subject> seen;
  for (const Subject& subject : subjects)
    if (!seen.insert(subject).second)
      throw Error(Fault::kInput, "{}: the subject `{}` with {} stands twice", kWhat, subject.name,
                  subject.digest.text());
}

// "Two DigestSets are considered matching if ANY of the fields match" (in-toto DigestSet v1): one subject per digest of
// an algorithm that waybill computes. Other algorithms say nothing to it.
void add_subjects(const Json& entry, std::vector<Subject>& subjects) {
  const Json& digests = member(entry, "digest", kSubject);
  if (!digests.is_object()) throw Error(Fault::kInput, "{}: `digest` is not an object", kSubject);
  const std::string name = entry.contains("name") ? string_member(entry, "name", kSubject) : "";
  for (const char* algorithm : {"sha256", "sha384", "sha512"})
    if (digests.contains(algorithm))
      subjects.push_back(
          {name, Digest::parse(fmt::format("{}:{}", algorithm, string_member(digests, algorithm, kSubject)))});
}

}  // namespace

bool Statement::is_about(const Digest& digest) const {
  return std::ranges::any_of(subjects, [&](const Subject& subject) { return subject.digest == digest; });
}

std::string serialise(const Statement& statement) {
  require_count(statement.subjects.size());
  require_distinct(statement.subjects);
  Json subjects = Json::array();
  for (const Subject& subject : statement.subjects)
    subjects.push_back({{"name", subject.name}, {"digest", {{subject.digest.algorithm(), subject.digest.hex()}}}});
  try {
    return canonical({{"_type", kStatementType},
                      {"subject", std::move(subjects)},
                      {"predicateType", statement.predicate_type},
                      {"predicate", statement.predicate.is_null() ? Json::object() : statement.predicate}});
  } catch (const Json::type_error&) {
    throw Error(Fault::kInput, "{}: a text in it is not UTF-8", kWhat);
  }
}

Statement parse_statement(std::string_view payload) {
  const Json json = parse_json(payload, kWhat);
  const std::string type = string_member(json, "_type", kWhat);
  if (type != kStatementType)
    throw Error(Fault::kInput, "{}: `_type` is `{}`, `{}` is wanted", kWhat, type.substr(0, 140), kStatementType);
  const Json& entries = member(json, "subject", kWhat);
  if (!entries.is_array()) throw Error(Fault::kInput, "{}: `subject` is not an array", kWhat);
  require_count(entries.size());
  Statement statement;
  for (const Json& entry : entries) add_subjects(entry, statement.subjects);
  require_distinct(statement.subjects);
  statement.predicate_type = string_member(json, "predicateType", kWhat);
  if (statement.predicate_type.empty()) throw Error(Fault::kInput, "{}: `predicateType` is empty", kWhat);
  // "Unset is treated the same as set-but-empty" (in-toto Statement v1, predicate), and protojson's null is unset.
  const auto predicate = json.find("predicate");
  statement.predicate = predicate == json.end() || predicate->is_null() ? Json::object() : *predicate;
  if (!statement.predicate.is_object())
    throw Error(Fault::kInput, "{}: `predicate` is a {}, an object is wanted", kWhat, statement.predicate.type_name());
  return statement;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

}  // namespace waybill::intoto
