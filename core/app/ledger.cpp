#include "core/app/ledger.h"

namespace waybill::app {

void Ledger::add(Receipt receipt) {
  receipts_.push_back(std::move(receipt));
}

const Ledger::Receipt* Ledger::find(std::string_view chart, std::string_view key) const {
  const Receipt* newest = nullptr;
  for (const Receipt& receipt : receipts_)
    if (receipt.chart == chart && receipt.key == key) newest = &receipt;
  return newest;
}

}  // namespace waybill::app
