// assay-bundle RULES OUT: compiles the rules folder into what the binary carries. Runs while Assay is built.

#include <cstdio>
#include <fstream>

#include "analyzer/app/rule_directory.h"
#include "analyzer/engine/judge.h"

namespace {

bool write(const std::string& path, const std::string& bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream << bytes;
  return static_cast<bool>(stream);
}

int complain(const assay::Error& error) {
  std::fprintf(stderr, "error: %s\n", error.text().c_str());
  return 4;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace assay;
  if (argc != 3) {
    std::fputs("usage: assay-bundle RULES OUT\n", stderr);
    return 2;
  }
  app::RuleDirectory directory = app::read_rule_directory(argv[1]);
  for (const Error& error : directory.errors) complain(error);
  if (!directory.errors.empty()) return 4;
  const Result<std::string> known = feeds::build_known(directory.incidents, directory.lists);
  if (!known) return complain(known.error());

  Result<evidence::Database> empty = evidence::Database::create();
  if (!empty) return complain(empty.error());
  for (const std::string_view schema : {"before", "past"}) {
    if (Result<void> added = empty->add_schema(schema); !added) return complain(added.error());
  }
  if (Result<void> attached = empty->attach_image("known", *known); !attached) return complain(attached.error());
  bool good = true;
  for (const engine::Rule& rule : directory.rules) {
    if (Result<void> checked = engine::check_query(*empty, rule); !checked) good = complain(checked.error()) == 0;
  }
  if (!good) return 4;

  const std::size_t count = directory.rules.size();
  const Result<engine::Bundle> bundle = engine::Bundle::build(std::move(directory.rules), directory.indicator_values());
  if (!bundle) return complain(bundle.error());
  const Result<std::string> bytes = bundle->serialise();
  if (!bytes) return complain(bytes.error());
  const std::string out = argv[2];
  const Result<std::string> policies = app::read_policies(std::string(argv[1]) + "/policies");
  if (!policies) return complain(policies.error());
  if (!write(out + "/policies.bundle", *policies)) return complain({ErrorCode::io, "cannot be written", out});
  if (!write(out + "/rules.bundle", *bytes) || !write(out + "/known.sqlite", *known))
    return complain({ErrorCode::io, "cannot be written", out});
  std::printf("%zu rules, %zu patterns, %zu incidents; %zu + %zu bytes\n", count, bundle->patterns().patterns().size(),
              directory.incidents.size(), bytes->size(), known->size());
  return 0;
}
