#include "core/base/log.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/base/encoding.h"
#include "testing/refusal.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(base_log)

BOOST_AUTO_TEST_CASE(a_secret_never_gets_through) {
  std::ostringstream out;
  Log log(out);
  log.hide("s3cr/t+key");
  log.line("token s3cr/t+key, again s3cr/t+keys3cr/t+key");
  log.line("basic " + to_base64("s3cr/t+key") + " and query " + percent_encode("s3cr/t+key"));
  log.line("nothing to hide");
  BOOST_TEST(out.str() == "token ***, again ******\nbasic *** and query ***\nnothing to hide\n");
}

BOOST_AUTO_TEST_CASE(a_secret_within_another_leaves_no_tail) {
  std::ostringstream out;
  Log log(out);
  log.hide("abcd");
  log.hide("abcdefgh");
  BOOST_TEST(log.redacted("abcdefgh abcd") == "*** ***");
}

BOOST_AUTO_TEST_CASE(a_short_secret_is_refused_without_being_said) {
  std::ostringstream out;
  Log log(out);
  testing::refuses(Fault::kInternal, "a secret of 3 characters", [&] { log.hide("abc"); });
  testing::refuses(Fault::kInternal, "a secret of 0 characters", [&] { log.hide(""); });
}

BOOST_AUTO_TEST_CASE(stars_are_a_secret_like_any_other) {
  std::ostringstream out;
  Log log(out);
  log.hide("****");
  BOOST_TEST(log.redacted("a********b") == "a******b");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
