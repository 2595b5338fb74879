// What a forge's store gives as a compressed bundle; the same bytes as a text, there and back.

#include <snappy.h>

#include "core/forge/compressed.h"
#include "fuzz/target.h"

namespace waybill::fuzz {

void read(std::string_view input) {
  const std::optional<std::string> text = forge::decompressed(input);
  require(!text || text->size() <= forge::kMostBytesOfBundle, "no more is decompressed than the limit");
  std::string compressed;
  ::snappy::Compress(input.data(), input.size(), &compressed);
  require(forge::decompressed(compressed) == input, "what was compressed is decompressed to the same");
}

}  // namespace waybill::fuzz
