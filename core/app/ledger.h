#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/lineage/verify.h"
#include "core/lineage/waybill.h"

namespace waybill::app {

// What the applier has attested in this run, by chart and key: where references inside a plan are resolved.
class Ledger {
 public:
  struct Receipt {
    std::string chart;
    std::string key;
    lineage::Link link;
    lineage::Entry entry;
    sigstore::Bundle bundle;
  };

  void add(Receipt receipt);
  const Receipt* find(std::string_view chart, std::string_view key) const;

  const std::vector<Receipt>& receipts() const { return receipts_; }

 private:
  std::vector<Receipt> receipts_;
};

}  // namespace waybill::app
