#include "core/crypto/key.h"

#include "core/base/encoding.h"
#include "tests/crypto/authority.h"

namespace waybill {
BOOST_AUTO_TEST_SUITE(crypto)
BOOST_AUTO_TEST_SUITE(keys)

namespace {

constexpr std::string_view kP256 = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
constexpr std::string_view kP384 = "3076301006072a8648ce3d020106052b8104002203620004";
constexpr std::string_view kEd25519 = "302a300506032b6570032100";

PublicKey key_of(std::string_view prefix, std::string_view point) {
  return PublicKey::from_der(from_hex(std::string(prefix) + std::string(point)));
}

// Made with `openssl dgst -sha256 -sign` over "hello world".
constexpr std::string_view kRsaKey = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwkLukbjLVlCE9i6QpbSq
VwJ1tTTfCgDEicoozjPxxA//id3uBsa6vG+6xxX89b9JCtGuspU7a9LfSoVlsKY8
rqBmNjGZEsrMlQc1kq/BjFjehXTnwhXUNsM5JQr8/tYV/d/O47kKzyhVgGKQJPTr
E7TSj9U8AYiWURnIDysZokkNkUcnPA89m8LktLYU99bDNC663aL3kQLV0pg4s6qm
cbdsFRovZRytzHOID72/0e6hKVNv7MZCoRczY6jaX2STAELiTshHFRsn0kcc6WYv
mbVbv6xs9d9OhoqaW/olFbOfiJZE9WmWfip7TrdDrknjNjHCOGp0h26eTw3NlGgb
7QIDAQAB
-----END PUBLIC KEY-----
)";
constexpr std::string_view kRsaSignature =
    "3b1ab7faebcfa3d718a8223454eccd2959e812392b56772f6917c60235c8124076c8d9830d0af263d60975ccf7ad53a2a65aa320dbaa30e3"
    "3acb93a06685c24865bf702496ffe5857da44026169eb1c6143e003def60e93197c736eb75567235ac735ddaf848ebae0b154aa7ec47bad2"
    "bceb2c3697b849f7087b81635527306e0e66cf88698273961df32c60358b7b0f5751d5933143b1026e6e262e9c36330150864367e713dd2c"
    "921495bd17753851ad32d0010b07d667a50c64e684efff299bd5d81e50a2009c14ec714f43c8a7caca70a5f0bfd9870a525e94a157e4731c"
    "0a0e1a8a651fa2803ad05bbef592d391c96570c67cb03434b13609bc61c73079";

// Made with `openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sign` over "hello world": by the salt's length, and one
// whose mask is made with SHA-1.
constexpr std::string_view kPssKey = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2cVB87FeY5rBNsIedENE
ivlm+jlpHOcU2psfWDpGrAgbV1KZ7gS/Zf4gVgtElxZOjZvI0E+f3ed6De1mWF3m
EJjaXdDBNuib3DVnrkQZON1DxzT/4Uc/f4UzM+LoKyiDzW8HptlWBAzxwvjJoDlb
pIj8XMQNRe3j8tb7II9XOzyvwCvoWxCnCD51NldMH9gcNb+aXs+UuORhMOOEgG+v
0dimR+Y6nlOpYrel4wrn6fWgrjcXX/jAxUqVsaaXF9n+f+CjQqW4Jqct+TAVVVZt
w4wDhOjdIoY/9yl+TcwxmcHkzBTKUYR7SNu5eECtxAMAX3iDWPen+3Co+4NXwC5X
MQIDAQAB
-----END PUBLIC KEY-----
)";
constexpr std::string_view kPssNoSalt =
    "63688c69e57c5ae4575a8ddf253eb98ac972c470525ab13410d9e6347701f9b0f49bdb114475ed56d13e5cb3e3b363f39e772f6a1175b4bb"
    "dc6a16ef49d4ded70fad79806864005e05c6b40c512aa9b09da2c31fab386cba6878aa34f1fe34387207650f3c187dff891f2edab190c672"
    "5ba43668058f80ee806fbdffc193d90f7b3b762e05107ef01392c13f291f8051a7e8ccda9a5e9ad46f4fcff2f2b452fbf6c4e6b1e5d5027c"
    "37f98a84e5ffe66f1a7bd33f981f381ab54518a725994b9c76c4857b7c96a0345cfdeed0d3752488549ebb2fd8462466a9c7b53fc0d184d4"
    "a59b77d6922a031f478c0f1fa549a8da15a61800d93d83ebf860b61d1965c516";
constexpr std::string_view kPssSalt32 =
    "03ec4db3210781c0e091a669ddaa01a37d0434cc1371d8569ce6224294584e61ebf49cc7c28918971c4bd1a927858538f8f372e6447032e3"
    "7c5450eac7023b8a3ad125d7f531be0fb6f2247f6c0010a669092103cab3ed14f7f8ba1de4407003cad3e6864aa3059d1211198f8e5558ae"
    "890d86a7712bedc98e980b33c582a3a42ab856d19745cc4287d873a58bf4d9bc1a954922a50c4b68528ff0e39822550d7483b76f7dc929e3"
    "586441f9cc8741b9cba642a51579e95883beca540eeb9cc1be00623d3c775459f1b8da06b81d32a68ad8ba02d51f8c604336df537767b6df"
    "a41a3c5e64c0fd2ac7aa3e5e63e72c877fbead4e8d864ea0d467c1cfcc3f8226";
constexpr std::string_view kPssLongestSalt =
    "178b300b6a491b520d1b1d1ec22553144c1f387ab1fc77c16b6e1ffc2e38e6e695e891063c9d60fa3024e105f409f5c03ef9500f94c59b50"
    "ac5523e9c1e7cd7e7435f2974f1962a386c59f0e4d6ce77b32d19b0831dc39556a54faba6fa0e43f26c56b1beb1bd273ba9814dc4ccb74ec"
    "0e5596cc0078412cd084b4a7f594b1fba294ede573495451ea9bfa0e2c17ccb1710c72b1258298244b311db5bdb53e84a50b37345056de40"
    "ecebd801191e1a3658a6d8a7e3181ce50b5175f3d5672afeb8b4666cf85add605c0e2f42fa94efb1fe20ebc4a1a1420e3effe39acbf7afb5"
    "ae4b8a9d4a88333c5f499d3b0e8b468cb2a96c653f5de9c695f3def4a649430a";
constexpr std::string_view kPssOtherMask =
    "7e0636b531f2accfef55b538bc05732affab9a94912632d3762ebfe05b9e1efa96b328c5ed4e2589ed4214ec570b8016ca5e6c8b75311e2a"
    "b086f5593ca304faf420197357655c9d094f9b2c53fc70bce278c6935785827b8bb696cc01c8678c800d062e6bc46830402f38115e85708c"
    "dfd5225657275b2c736bfd17cbbf0d27c234a32e2863e658031c5f3fe755815a1b491fa2e58e3605c4bae873273d37ead619eda0846ab103"
    "acf793fc81358dcf38fa96c3c7c05c7b9cd9c5a085afc352346160b120b3ae35e58fcb698155308c8e742a868bee87488453fbca154298c0"
    "20cc699ff8511bac79ba14ef99e0c6bcd6e994a9da5536c3c723a0184023d7ba";

}  // namespace

// RFC 6979 A.2.5: curve P-256, SHA-256, message "sample".
BOOST_AUTO_TEST_CASE(p256_verifies_the_signature_of_rfc_6979) {
  const PublicKey key = key_of(kP256,
                               "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                               "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const std::string signature = from_hex(
      "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  BOOST_TEST(key.verifies("sample", signature));
  BOOST_TEST(!key.verifies("Sample", signature));
  BOOST_TEST(!key.verifies("sample", signature, "sha384"));
  BOOST_TEST(!key.verifies("sample", signature + std::string(1, '\0')));
  BOOST_TEST(!key.verifies("sample", ""));
  BOOST_TEST(!key.verifies("sample", "no DER at all"));
  BOOST_TEST(!key.verifies("sample", from_hex("3006020100020100")));
}

// RFC 6979 A.2.6: curve P-384, SHA-384, message "sample".
BOOST_AUTO_TEST_CASE(p384_verifies_the_signature_of_rfc_6979) {
  const PublicKey key =
      key_of(kP384,
             "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
             "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720");
  const std::string signature = from_hex(
      "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
      "02310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8");
  BOOST_TEST(key.verifies("sample", signature, "sha384"));
  BOOST_TEST(!key.verifies("sample", signature));
}

// RFC 8032 §7.1, test 2.
BOOST_AUTO_TEST_CASE(ed25519_verifies_the_signature_of_rfc_8032) {
  const PublicKey key = key_of(kEd25519, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature = from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  BOOST_TEST(key.verifies("r", signature));
  BOOST_TEST(key.verifies("r", signature, "sha384"));
  BOOST_TEST(!key.verifies("s", signature));
  BOOST_TEST(!key.verifies("r", signature.substr(1)));
}

BOOST_AUTO_TEST_CASE(rsa_verifies_the_signature_of_another_program) {
  const PublicKey key = PublicKey::from_pem(kRsaKey);
  BOOST_TEST(key.pem() == kRsaKey);
  std::string signature = from_hex(kRsaSignature);
  BOOST_TEST(key.verifies("hello world", signature));
  BOOST_TEST(!key.verifies("hello World", signature));
  signature.back() ^= 1;
  BOOST_TEST(!key.verifies("hello world", signature));
}

BOOST_AUTO_TEST_CASE(rsa_verifies_pss_with_a_salt_of_any_length) {
  const PublicKey key = PublicKey::from_pem(kPssKey);
  for (const std::string_view hex : {kPssNoSalt, kPssSalt32, kPssLongestSalt}) {
    std::string signature = from_hex(hex);
    BOOST_TEST(key.verifies_pss("hello world", signature));
    BOOST_TEST(!key.verifies("hello world", signature));
    BOOST_TEST(!key.verifies_pss("hello World", signature));
    BOOST_TEST(!PublicKey::from_pem(kRsaKey).verifies_pss("hello world", signature));
    signature.back() ^= 1;
    BOOST_TEST(!key.verifies_pss("hello world", signature));
  }
  BOOST_TEST(!key.verifies_pss("hello world", ""));
  BOOST_TEST(!key.verifies_pss("hello world", from_hex(kPssOtherMask)));
  BOOST_TEST(!PublicKey::from_pem(kRsaKey).verifies_pss("hello world", from_hex(kRsaSignature)));
  BOOST_TEST(!PrivateKey::generate_p256().public_key().verifies_pss("hello world", from_hex(kPssSalt32)));
}

// RFC 8032 section 7.1, test 2.
BOOST_AUTO_TEST_CASE(ed25519_is_read_from_its_32_bytes) {
  const std::string raw = from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const PublicKey key = PublicKey::from_ed25519(raw);
  BOOST_TEST(key.der() == from_hex(kEd25519) + raw);
  BOOST_TEST(key.verifies("r", from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")));
  example::require_error([&] { PublicKey::from_ed25519(raw.substr(1)); }, "an Ed25519 key of 31 bytes, 32 are wanted");
  example::require_error([&] { PublicKey::from_ed25519(raw + raw); }, "an Ed25519 key of 64 bytes");
  example::require_error([&] { PublicKey::from_ed25519(""); }, "an Ed25519 key of 0 bytes");
}

BOOST_AUTO_TEST_CASE(tell_their_kind) {
  BOOST_TEST(PrivateKey::generate_p256().public_key().kind() == "P-256");
  BOOST_TEST(PrivateKey::generate_ed25519().public_key().kind() == "Ed25519");
  BOOST_TEST(PublicKey::from_pem(kRsaKey).kind() == "RSA");
  BOOST_TEST(key_of(kP384,
                    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"
                    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720")
                 .kind() == "P-384");
}

BOOST_AUTO_TEST_CASE(sign_what_they_verify_before_and_after_pem) {
  for (const PrivateKey& made :
       {PrivateKey::generate_p256(), PrivateKey::generate_rsa2048(), PrivateKey::generate_ed25519()}) {
    const PrivateKey key = PrivateKey::from_pem(made.pem());
    const PublicKey known = PublicKey::from_der(made.public_key().der());
    BOOST_TEST(key.public_key().der() == known.der());
    BOOST_TEST(known.verifies("message", key.sign("message")));
    BOOST_TEST(!known.verifies("another message", key.sign("message")));
    BOOST_TEST(!PrivateKey::generate_p256().public_key().verifies("message", key.sign("message")));
  }
}

BOOST_AUTO_TEST_CASE(are_refused_by_kind_and_size) {
  const auto read = [](std::string_view pem) { return [pem] { PublicKey::from_pem(pem); }; };
  example::require_error(read(R"(-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAGpTjdPrUtrUD34qN1XoX4IE2jE2i
LQB5NgMeMjcJHZHvRmrj/w/CrvPfhT7k1j1eZf5oLsjEPBM0haOU1VSH3WkA6+oA
kBS2GYKfvSfnJJ/1iE98g/QRmwYMJslaaJHJKAlZJZoZMYw7PxN4K83xQwsMqLIv
M55T90isM9jeKqeD57M=
-----END PUBLIC KEY-----
)"),
                         "`secp521r1`, P-256 or P-384 is wanted");
  example::require_error(read(R"(-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAETJHGp4rNM9VPMiGotspjDX4lIb8GHG3U
4TTwcl8NG/CizfMkVSFSOKMZBzz4V3gYJqVyPA7aADFgE/gzc3Z/SQ==
-----END PUBLIC KEY-----
)"),
                         "`secp256k1`, P-256 or P-384 is wanted");
  example::require_error(read(R"(-----BEGIN PUBLIC KEY-----
MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA
AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////
///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd
NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5
RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA
//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABHZX6M/jMzNRPWFFGT/1qRN2
87w/z21rv7SLzqGFt4HmryocYQQCZ7HfDM2bh0rHO2ydpsssKZfTRF/noIq4tw4=
-----END PUBLIC KEY-----
)"),
                         "curve `spelled out in parameters`");
  example::require_error(read(R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDf3u6Qv64K1u3PqOAOvQekx7N0
19eatehmr+XFJPCRcORvqrLSyOKwH2oWZS4/1PpjIxxMOpKaMu6VYfGKZg+AgfiW
zqS/KE6lqWMbq2SzMidDIZEYhQfp24340B2h69BEga2H2eKN51sSppmcgOV45dAF
thV/T+Uzh9doFGJY+QIDAQAB
-----END PUBLIC KEY-----
)"),
                         "an RSA key of 1024 bits, 2048 to 8192 are wanted");
  example::require_error(read(R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VuAyEA1RFIYO0Cd9oBJbeGOPVzyGbSeT+654ZB1wJ9l+5B3VY=
-----END PUBLIC KEY-----
)"),
                         "a key of the kind `X25519`");
}

BOOST_AUTO_TEST_CASE(are_refused_when_malformed) {
  const PublicKey key = PrivateKey::generate_p256().public_key();
  example::require_error([&] { PublicKey::from_der(key.der() + "x"); }, "1 bytes follow the end of its DER");
  example::require_error([&] { PublicKey::from_der(key.der().substr(1)); }, "public key: ");
  example::require_error([&] { PublicKey::from_der(""); }, "public key: ");
  example::require_error([&] { PublicKey::from_der(std::string(70000, '0')); }, "70000 bytes of DER, at most 65536");
  example::require_error([&] { PublicKey::from_pem(key.pem() + key.pem()); }, "follow the one PEM block");
  example::require_error([&] { PublicKey::from_pem("ssh-ed25519 AAAA"); }, "public key in PEM: ");
  example::require_error([&] { key.verifies("m", "s", "md5"); }, "hash algorithm `md5`");
  // The point (0, 0) is not on the curve.
  example::require_error([] { key_of(kP256, std::string(128, '0')); }, "public key: ");
}

BOOST_AUTO_TEST_CASE(have_one_encoding_the_hybrid_form_is_refused) {
  std::string der = PrivateKey::generate_p256().public_key().der();
  const std::size_t form = kP256.size() / 2 - 1;
  BOOST_REQUIRE(der.at(form) == 4);
  der[form] = (der.back() & 1) != 0 ? 7 : 6;  // X9.62: the parity of y, with y beside it
  example::require_error([&] { PublicKey::from_der(der); }, "an ECDSA key in the hybrid form");
}

BOOST_AUTO_TEST_CASE(under_a_password_are_refused_without_asking) {
  example::require_error(
      [] {
        PrivateKey::from_pem(R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg7WIVQBCMbNAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEG9jOzxXcHD/3zVWBxR1PpoEgZDG
httGDYzgBxcZTR58vpNJXefH4BrVInAvf1CAgWQIQy7Jp/8ljF0V9w+llKwJwWZF
TrNxsjED8WLVwAVCqISlQ5QXCQBuyA2y2LuDSXWVfLzUzI1Hu1CMTMrK84HoX58e
FzE1Bidmw6BcCukHlQoAzZHVr52ef29qcI9xZV9MmJoqhiAqym26uAe7TXlC+LQ=
-----END ENCRYPTED PRIVATE KEY-----
)");
      },
      "private key in PEM: ");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
}  // namespace waybill
