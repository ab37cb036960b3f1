#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/fleet/connection.h"

namespace assay::fleet {

// What one file is judged by: its content and what rules look at besides the content.
struct VerdictKey {
  std::string blob;        // digest of the content; only one that was verified may be published under
  std::string path_class;  // kind, language and roles, and the path itself when a rule of the bundle asks for paths
};

// Remembers, for one rule bundle and engine, what reading a blob gave, as bytes only the writer understands; most are
// empty, which is the valuable answer. Lives in the store's file, on a connection of its own. May be used from many
// threads; each call is one question for many keys. Entries of other bundles are dropped by prune().
class VerdictCache {
 public:
  // `bundle` is the digest of the rules with the engine's version: a different one is a different cache.
  static Result<VerdictCache> open(const std::string& store_path, std::string bundle);

  // One answer for each key, in their order; nothing where none is known.
  Result<std::vector<std::optional<std::string>>> lookup(std::span<const VerdictKey> keys);
  // Publishes in one transaction; what is known already stays.
  Result<void> publish(std::span<const std::pair<VerdictKey, std::string>> verdicts);
  // Drops what belongs to other bundles.
  Result<void> prune();

 private:
  VerdictCache(Connection connection, std::string bundle)
      : state_(std::make_unique<State>(std::move(connection), std::move(bundle))) {}
  struct State {
    State(Connection made, std::string of) : connection(std::move(made)), bundle(std::move(of)) {}
    std::mutex mutex;
    Connection connection;
    std::string bundle;
  };
  std::unique_ptr<State> state_;
};

}  // namespace assay::fleet
