#include "analyzer/fleet/stored_changes.h"

namespace assay::fleet {

Result<void> store_changes(const Connection& connection, std::int64_t subject, std::string_view engine,
                           std::string_view changes) {
  if (!connection.query("DELETE FROM commit_changes WHERE subject_id = ?").bind(subject).run())
    return tl::unexpected(connection.error());
  if (changes.empty()) return {};
  Query put = connection.query("INSERT INTO commit_changes VALUES(?, ?, ?)");
  if (!put.bind(subject).bind(engine).bind_blob(changes).run()) return tl::unexpected(connection.error());
  return {};
}

std::string remembered_changes(const std::string& store_path, const std::string& subject, std::string_view engine) {
  const Result<Connection> connection = Connection::open(store_path, Connection::Mode::read);
  if (!connection) return {};
  Query query = connection->query(
      "SELECT changes FROM commit_changes JOIN subject USING(subject_id) WHERE name = ? AND commit_changes.engine = ?");
  query.bind(subject).bind(engine);
  return query.step() ? std::string(query.blob(0)) : std::string();
}

}  // namespace assay::fleet
