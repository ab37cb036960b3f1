#include "analyzer/fleet/verdict_cache.h"

#include "analyzer/fleet/store.h"

namespace assay::fleet {

Result<VerdictCache> VerdictCache::open(const std::string& store_path, std::string bundle) {
  ASSAY_CHECK(Store::open(store_path));
  ASSAY_TRY(Connection connection, Connection::open(store_path, Connection::Mode::write));
  return VerdictCache(std::move(connection), std::move(bundle));
}

Result<std::vector<std::optional<std::string>>> VerdictCache::lookup(std::span<const VerdictKey> keys) {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::optional<std::string>> out;
  out.reserve(keys.size());
  // One read transaction for the whole batch.
  ASSAY_CHECK(state_->connection.execute("BEGIN"));
  {
    Query query = state_->connection.query("SELECT value FROM verdict WHERE bundle = ? AND blob = ? AND class = ?");
    for (const VerdictKey& key : keys) {
      query.bind(state_->bundle).bind(key.blob).bind(key.path_class);
      out.push_back(query.step() ? std::optional<std::string>(query.blob(0)) : std::nullopt);
      query.again();
    }
    if (query.failed()) {
      Error error = state_->connection.error();
      ASSAY_CHECK(state_->connection.execute("ROLLBACK"));
      return tl::unexpected<Error>(std::move(error));
    }
  }
  ASSAY_CHECK(state_->connection.execute("COMMIT"));
  return out;
}

Result<void> VerdictCache::publish(std::span<const std::pair<VerdictKey, std::string>> verdicts) {
  const std::lock_guard lock(state_->mutex);
  ASSAY_CHECK(state_->connection.execute("BEGIN IMMEDIATE"));
  bool good = true;
  {
    Query insert = state_->connection.query("INSERT OR IGNORE INTO verdict VALUES(?, ?, ?, ?)");
    for (const auto& [key, value] : verdicts) {
      good = good && insert.bind(state_->bundle).bind(key.blob).bind(key.path_class).bind_blob(value).run();
    }
  }
  if (!good) {
    Error error = state_->connection.error();
    ASSAY_CHECK(state_->connection.execute("ROLLBACK"));
    return tl::unexpected<Error>(std::move(error));
  }
  return state_->connection.execute("COMMIT");
}

Result<void> VerdictCache::prune() {
  const std::lock_guard lock(state_->mutex);
  if (!state_->connection.query("DELETE FROM verdict WHERE bundle <> ?").bind(state_->bundle).run()) {
    return tl::unexpected<Error>(state_->connection.error());
  }
  return {};
}

}  // namespace assay::fleet
