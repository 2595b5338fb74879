#include "core/sigstore/requirements.h"

#include <boost/test/unit_test.hpp>

#include "testing/virtual_run.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(sigstore)

struct Required {
  Identity identity = testing::virtual_run(".github/workflows/tag.yml", "push");
  Required() { identity.issuer = "https://token.virtual.example"; }

  std::optional<intoto::Statement> statement = intoto::Statement{{}, "https://slsa.dev/provenance/v1", {}};

  std::vector<std::string> unmet(const Requirements& requirements) const {
    return sigstore::unmet(requirements, identity, statement);
  }
};

struct Field {
  std::string Requirements::*wanted;
  std::string right;
};

BOOST_FIXTURE_TEST_SUITE(requirements, Required)

BOOST_AUTO_TEST_CASE(what_is_not_asked_for_is_not_compared) {
  BOOST_TEST(unmet({}).empty());
}

BOOST_AUTO_TEST_CASE(each_is_compared_whole_and_to_the_letter) {
  const std::size_t at = identity.subject.rfind('@');
  const Field fields[] = {
      {&Requirements::identity, identity.subject},
      {&Requirements::issuer, identity.issuer},
      {&Requirements::repository, identity.repository_uri},
      {&Requirements::owner, identity.owner_uri},
      {&Requirements::signer_workflow, identity.subject.substr(0, at)},
      {&Requirements::signer_ref, identity.subject.substr(at + 1)},
      {&Requirements::signer_digest, identity.signer_digest},
      {&Requirements::source_ref, identity.source_ref},
      {&Requirements::source_digest, identity.source_digest},
      {&Requirements::event, identity.trigger},
      {&Requirements::runner, identity.runner},
      {&Requirements::predicate_type, "https://slsa.dev/provenance/v1"},
  };
  for (const auto& [wanted, right] : fields) {
    BOOST_TEST_CONTEXT(right) {
      BOOST_TEST_REQUIRE(!right.empty());
      Requirements requirements;
      requirements.*wanted = right;
      BOOST_TEST(unmet(requirements).empty());
      std::string other_case = right;
      other_case.front() = static_cast<char>(other_case.front() ^ 0x20);
      for (const std::string& wrong :
           {right + "x", right.substr(0, right.size() - 1), right.substr(1), other_case, ".*" + right, right + "@"}) {
        requirements.*wanted = wrong;
        BOOST_TEST(unmet(requirements).size() == 1U, wrong);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_certificate_does_not_say_is_never_as_wanted) {
  identity = {};
  identity.subject = "nad@python.org";
  statement.reset();
  const std::vector<std::string> found =
      unmet({.repository = "r", .signer_workflow = "nad", .signer_ref = "python.org", .predicate_type = "t"});
  BOOST_TEST(found.size() == 4U);
  BOOST_TEST(found.front() == "repository: `none`, `r` is wanted");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
