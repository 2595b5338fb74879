// A log entry's body of every kind against what was signed; the same bytes as an envelope's statement.

#include "fuzz/recorded.h"
#include "fuzz/target.h"

namespace waybill::fuzz {
namespace {

void read_body(std::string_view input) {
  static const Recorded recorded;
  int held = 0;
  for (const EntryKind& kind : kEntryKinds)
    for (const bool is_envelope : {true, false})
      for (const bool has_certificate : {true, false})
        asked([&] {
          sigstore::LogEntry entry{.kind = kind.kind, .version = kind.version};
          entry.canonical_body = input;
          sigstore::Failures failures;
          sigstore::check_entry_body(entry, recorded.about(is_envelope, has_certificate), failures);
          held += failures.empty() && is_envelope ? 1 : 0;
        });
  require(held <= 1, "a body is of one kind and of one signer");
}

void read_statement(std::string_view input) {
  const intoto::Statement statement = intoto::parse_statement(input);
  require(statement.is_about(statement.subjects.front().digest), "a statement is about its subjects");
  const std::string written = intoto::serialise(statement);  // refuses more subjects than are read
  const intoto::Statement again = intoto::parse_statement(written);
  require(again.subjects == statement.subjects && again.predicate_type == statement.predicate_type &&
              again.predicate == statement.predicate,
          "a statement written and read again is the same");
  require(intoto::serialise(again) == written, "a statement is written in one form only");
}

}  // namespace

void read(std::string_view input) {
  asked([&] { read_body(input); });
  read_statement(input);
}

}  // namespace waybill::fuzz
