#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/archive/archive.h"
#include "core/base/error.h"

namespace waybill::archive {

struct RawHeader {
  std::string name;
  char type = '0';
  std::string content = {};
  std::string size = {};  // in place of the content's
  std::string link = {};
};

// A tar as somebody else could have written it, with right checksums and without an end mark.
inline std::string raw(const std::vector<RawHeader>& headers) {
  std::string tar;
  for (const RawHeader& header : headers) {
    std::string block(512, '\0');
    const auto put = [&](std::size_t at, const std::string& text) { block.replace(at, text.size(), text); };
    put(0, header.name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, header.size.empty() ? fmt::format("{:011o}", header.content.size()) : header.size);
    put(136, "00000000000");
    block[156] = header.type;
    put(157, header.link);
    put(257, std::string("ustar\00000", 8));
    put(148, "        ");
    unsigned sum = 0;
    for (const char c : block) sum += static_cast<unsigned char>(c);
    put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'));
    tar += block + header.content + std::string((512 - header.content.size() % 512) % 512, '\0');
  }
  return tar;
}

inline std::string ended(const std::string& tar) {
  return tar + std::string(1024, '\0');
}

inline std::string refusal(const std::string& bytes, const Limits& limits = {}) {
  try {
    read_tar_gzip(bytes, limits);
  } catch (const Error& error) {
    BOOST_TEST(static_cast<int>(error.fault()) == static_cast<int>(Fault::kInput), error.what());
    return error.what();
  }
  return "no refusal";
}

// Why a tar of these headers is refused.
inline std::string refused(const std::vector<RawHeader>& headers, const Limits& limits = {}) {
  return refusal(gzip(ended(raw(headers))), limits);
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace waybill::archive
