#include "analyzer/drift/capabilities.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <tuple>
#include <unordered_set>

#include "analyzer/drift/version_step.h"

namespace assay::drift {
namespace {

using evidence::tri;

struct Fact {
  evidence::LocationId at = 0;
  std::string kind;      // capability-gained | trigger-gained
  std::string path;      // comparable
  std::string function;  // "" for a file as a whole
  std::string capability;
  std::string shown;  // what gives it
  std::string language;
};

using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;

class FactReader {
 public:
  FactReader(evidence::Database& database, std::string_view schema, const Side& side,
             const std::unordered_set<std::string_view>& gathering)
      : database_(database), schema_(schema), side_(side), gathering_(gathering) {}

  Result<std::vector<Fact>> read() {
    ASSAY_CHECK(
        rows("SELECT at, caller, capability, callee, '' FROM {0}.\"call\" WHERE capability <> '' ORDER BY call_id",
             "capability-gained"));
    ASSAY_CHECK(rows("SELECT at, kind || ' ' || symbol, capability, callee, '' FROM {0}.reach ORDER BY reach_id",
                     "capability-gained"));
    ASSAY_CHECK(rows("SELECT at, '', kind, command, ecosystem FROM {0}.execution_trigger ORDER BY execution_trigger_id",
                     "trigger-gained"));
    ASSAY_TRY(evidence::Statement signals,
              database_.prepare(
                  fmt::format("SELECT at, rule, pattern, text, language FROM {}.signal ORDER BY signal_id", schema_)));
    while (true) {
      ASSAY_TRY(const bool more, signals.step());
      if (!more) return std::move(facts_);
      if (gathering_.contains(signals.text(1)))
        keep(signals.integer(0), "capability-gained", "", signals.shown(2), signals.shown(3), signals.shown(4));
    }
  }

 private:
  Result<void> rows(std::string_view sql, std::string_view kind) {
    ASSAY_TRY(evidence::Statement row, database_.prepare(fmt::format(fmt::runtime(sql), schema_)));
    while (true) {
      ASSAY_TRY(const bool more, row.step());
      if (!more) return {};
      keep(row.integer(0), kind, row.shown(1), row.shown(2), row.shown(3), row.shown(4));
    }
  }

  void keep(evidence::LocationId at, std::string_view kind, std::string function, std::string capability,
            std::string shown, std::string language) {
    facts_.push_back({at, std::string(kind), side_.path(at >> 23), std::move(function), std::move(capability),
                      std::move(shown), std::move(language)});
  }

  evidence::Database& database_;
  std::string_view schema_;
  const Side& side_;
  const std::unordered_set<std::string_view>& gathering_;
  std::vector<Fact> facts_;
};

Key key_of(const Fact& fact) {
  // What a trigger runs is part of it: another command under the same hook is another trigger.
  return {fact.path, fact.kind == "trigger-gained" ? std::string_view(fact.shown) : std::string_view(fact.function),
          fact.capability, fact.kind};
}

// The versions the subject gives itself on both sides, from the manifest nearest to the root that has a namesake.
Result<std::pair<std::string, std::string>> own_versions(evidence::Database& database) {
  std::pair<std::string, std::string> versions;
  ASSAY_TRY(
      evidence::Statement row,
      database.prepare("SELECT b.subject_version, m.subject_version FROM main.sbom_document m JOIN "
                       "before.sbom_document b ON b.subject = m.subject AND b.format = m.format JOIN main.location "
                       "l ON l.location_id = m.at JOIN main.artifact a USING (artifact_id) WHERE m.subject <> '' "
                       "AND m.subject_version <> '' AND b.subject_version <> '' ORDER BY length(a.path) - "
                       "length(replace(a.path, '/', '')), a.path LIMIT 1"));
  ASSAY_TRY(const bool found, row.step());
  if (found) versions = {row.shown(0), row.shown(1)};
  return versions;
}

}  // namespace

Result<void> compare_sources(evidence::Database& database, const Side& before, const Side& after,
                             const std::vector<std::string>& gathering, std::vector<Difference>& out) {
  const std::unordered_set<std::string_view> rules(gathering.begin(), gathering.end());
  ASSAY_TRY(const std::vector<Fact> was, FactReader(database, "before", before, rules).read());
  ASSAY_TRY(const std::vector<Fact> now, FactReader(database, "main", after, rules).read());
  std::set<Key> seen;
  std::unordered_set<std::string_view> capabilities;
  for (const Fact& fact : was) {
    seen.insert(key_of(fact));
    capabilities.insert(fact.capability);
  }
  ASSAY_TRY(const auto versions, own_versions(database));
  for (const Fact& fact : now) {
    if (!seen.insert(key_of(fact)).second) continue;
    Difference one;
    one.row.at = fact.at;
    one.row.area = "source";
    one.row.kind = fact.kind;
    one.row.name = fact.capability;
    one.row.ecosystem = fact.language;
    one.row.now = fact.shown;
    one.row.step = step_between(versions.first, versions.second);
    one.row.path = fact.path;
    one.row.detail = fact.function;
    one.row.name_known = tri(capabilities.contains(fact.capability));
    one.row.document_known = tri(before.has(fact.path));
    if (const ArtifactId artifact = before.artifact(fact.path); artifact != 0) one.before_at = artifact << 23;
    out.push_back(std::move(one));
  }
  return {};
}

}  // namespace assay::drift
