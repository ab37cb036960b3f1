#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/engine/rule_reader.h"
#include "analyzer/engine/suppression.h"
#include "analyzer/feeds/incident.h"
#include "analyzer/feeds/known_database.h"

// What a user gives beside the subject: rules, incidents, lists, exceptions. Every error names a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      for (const Error& error : engine::read_rule(text, "a/b.yaml", "a/b").errors) {
        if (!error.where.starts_with("a/b.yaml")) std::abort();
      }
      break;
    case 1:
      for (const Error& error : feeds::read_incident(text, "i.yaml").errors) {
        if (!error.where.starts_with("i.yaml")) std::abort();
      }
      break;
    case 2:
      if (const auto exceptions = engine::read_exceptions(text, "e.yaml"); !exceptions) {
        if (!exceptions.error().where.starts_with("e.yaml")) std::abort();
      }
      break;
    default:
      (void)feeds::build_known({}, {{"lists/a.txt", std::string(text)}});
  }
  return 0;
}
