#include "core/sigstore/checkpoint.h"

#include <boost/test/unit_test.hpp>

#include "core/base/encoding.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "sigstore/signed_run.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)

struct Log {
  crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
  std::string id = crypto::sha256(key.public_key().der()).bytes();
  LogKey trusted{.base_url = "https://log.example",
                 .id = id,
                 .key = key.public_key(),
                 .hash = "sha256",
                 .validity = {.start = Time{}, .end = std::nullopt},
                 .checkpoint_id = id};
  std::string root = to_base64(std::string(32, 'r'));
  std::string text = "log.example - 42\n7\n" + root + "\n";

  std::string line(std::string_view name, std::string_view hint, const std::string& signature) const {
    return fmt::format("\xe2\x80\x94 {} {}\n", name, to_base64(std::string(hint) + signature));
  }

  std::string own_line() const { return line("log.example", id.substr(0, 4), key.sign(text)); }

  std::string note() const { return text + "\n" + own_line(); }

  std::optional<std::string> failure(const std::string& note) const {
    return signature_failure(Checkpoint::parse(note), trusted);
  }
};

BOOST_FIXTURE_TEST_SUITE(checkpoint, Log)

BOOST_AUTO_TEST_CASE(origin_size_and_root_are_read_and_the_signature_holds) {
  const Checkpoint read = Checkpoint::parse(note());
  BOOST_TEST(read.origin == "log.example - 42");
  BOOST_TEST(read.tree_size == 7U);
  BOOST_TEST(read.root_hash == std::string(32, 'r'));
  BOOST_TEST(read.text == text);
  BOOST_TEST(!failure(note()).has_value());
}

BOOST_AUTO_TEST_CASE(further_lines_of_the_text_are_signed_too) {
  text += "Timestamp: 1689177396617352539\n";
  BOOST_TEST(!failure(note()).has_value());
  std::string changed = note();
  changed.replace(changed.find("1689"), 4, "1789");
  BOOST_TEST(failure(changed).value().find("does not verify") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(lines_of_others_are_ignored_in_any_order) {
  const std::string witness = line("witness.example/a", "abcd", "whatever");
  const std::string old_key = line("log.example", "abcd", "whatever");
  BOOST_TEST(!failure(text + "\n" + witness + old_key + own_line()).has_value());
  BOOST_TEST(!failure(text + "\n" + own_line() + witness + old_key).has_value());
}

BOOST_AUTO_TEST_CASE(another_name_or_hint_is_not_the_log) {
  BOOST_TEST(
      failure(text + "\n" + line("log.other", id.substr(0, 4), key.sign(text))).value().find("has no signature line") !=
      std::string::npos);
  BOOST_TEST(failure(text + "\n" + line("log.example", "abcd", key.sign(text))).value().find("has no signature line") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bad_signature_by_the_log_is_not_outweighed_by_a_good_one) {
  const std::string bad = line("log.example", id.substr(0, 4), key.sign("another text"));
  BOOST_TEST(failure(text + "\n" + own_line() + bad).value().find("does not verify") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  const auto parse = [&](const std::string& body) {
    return [this, body] { Checkpoint::parse(body + "\n" + own_line()); };
  };
  testing::refuses(Fault::kInput, "second line is `" + root + "`, a tree size is wanted", parse("7\n" + root + "\n"));
  testing::refuses(Fault::kInput, "second line is `" + root + "`, a tree size is wanted",
                   parse("log.example\n" + root + "\n"));
  testing::refuses(Fault::kInput, "the checkpoint has no root hash", parse("log.example\n7\n"));
  testing::refuses(Fault::kInput, "the checkpoint has no tree size", parse("log.example\n"));
  testing::refuses(Fault::kInput, "third line is `AAAA`, 32 bytes in base64 are wanted",
                   parse("log.example\n7\nAAAA\n"));
  testing::refuses(Fault::kInput, "second line is `07`", parse("log.example\n07\n" + root + "\n"));
  testing::refuses(Fault::kInput, "second line is `-7`", parse("log.example\n-7\n" + root + "\n"));
  testing::refuses(Fault::kInput, "second line is `18446744073709551616`",
                   parse("log.example\n18446744073709551616\n" + root + "\n"));
}

BOOST_AUTO_TEST_CASE(a_note_has_signature_lines_after_a_blank_one) {
  testing::refuses(Fault::kInput, "no blank line", [&] { Checkpoint::parse(text); });
  testing::refuses(Fault::kInput, "no signature line", [&] { Checkpoint::parse(text + "\n"); });
  testing::refuses(Fault::kInput, "is not `— name base64`",
                   [&] { Checkpoint::parse(text + "\nlog.example AAAAAAAA\n"); });
  testing::refuses(Fault::kInput, "holds 3 bytes",
                   [&] { Checkpoint::parse(text + "\n\xe2\x80\x94 log.example AAAA\n"); });
  std::string cut = note();
  cut.pop_back();
  testing::refuses(Fault::kInput, "whole signature line", [&] { Checkpoint::parse(cut); });
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
