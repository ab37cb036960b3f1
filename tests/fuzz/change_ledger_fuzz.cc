#include <cstdint>
#include <string_view>

#include "analyzer/history/change_ledger.h"

// What was read is the same after writing and reading it again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using assay::history::ChangeLedger;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ChangeLedger ledger = ChangeLedger::from_bytes(bytes);
  const ChangeLedger again = ChangeLedger::from_bytes(ledger.bytes());
  if (again.size() != ledger.size() || again.bytes() != ledger.bytes()) __builtin_trap();
  return 0;
}
