// rooms FILE…: what single rooms cost, each as a ratio to something simpler that sees the same bytes, in processor time
// of one run. The files are the text that patterns are matched against; everything else is made here.

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "analyzer/app/bundled.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/evidence/database.h"

namespace {

using namespace assay;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The least of three runs: other work on the machine only ever adds.
template <class Work>
double least(Work&& work) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double begin = processor_seconds();
    work();
    best = std::min(best, processor_seconds() - begin);
  }
  return best;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "rooms: %s\n", why.c_str());
  std::exit(1);
}

double mebibytes(std::size_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

// Patterns of all rules: with the literal prefilter against every pattern on every line.
void match_patterns(const std::string& text) {
  const Result<engine::Bundle> bundle = app::load_rules("");
  if (!bundle) give_up(bundle.error().text());
  const match::PatternSet& set = bundle->patterns();
  const match::Subject subject{Language::cpp, Role::none, ArtifactKind::source};
  const std::string some = text.substr(0, std::size_t{128} << 10);
  match::Scanner scanner(set);
  std::vector<match::Match> fast = scanner.scan(some, subject).matches;
  std::vector<match::Match> slow;
  const double naive = least([&] { slow = set.naive(some, subject); });
  if (fast != slow) give_up("the prefilter and its naive twin do not agree");
  const double filtered = least([&] { fast = scanner.scan(text, subject).matches; });
  const double filtered_rate = mebibytes(text.size()) / filtered;
  const double naive_rate = mebibytes(some.size()) / naive;
  std::printf("match: prefiltered             %9.1f MiB/s\n", filtered_rate);
  std::printf("match: naive                   %9.3f MiB/s  the prefilter is %.0f times as fast\n", naive_rate,
              filtered_rate / naive_rate);
}

// The log reader against a walk over the lines.
void read_log() {
  std::string text;
  for (int i = 0; text.size() < std::size_t{32} << 20; ++i) {
    const std::string n = std::to_string(i);
    text += "2026-01-01T00:00:00.0000000Z ";
    switch (i % 8) {
      case 0:
        text += "##[group]Run make part-" + n;
        break;
      case 1:
        text += "\x1b[36;1mmake part-" + n + "\x1b[0m";
        break;
      case 2:
        text += "##[endgroup]";
        break;
      case 3:
        text += "Downloading https://example.com/package-" + n + ".tgz (12.5 kB)";
        break;
      default:
        text += "  CC      src/part-" + n + "/object.o with nothing to be said about it";
        break;
    }
    text += '\n';
  }
  const Artifact artifact{.id = artifact_id(1, 0), .path = "build.log", .kind = ArtifactKind::build_log};
  std::size_t lines = 0;
  const double walking = least([&] {
    lines = 0;
    for (const char* at = text.data();
         (at = static_cast<const char*>(
              std::memchr(at, '\n', static_cast<std::size_t>(text.data() + text.size() - at)))) != nullptr;
         ++at)
      ++lines;
  });
  std::size_t events = 0;
  const double reading = least([&] {
    evidence::Rows rows(artifact.id);
    buildlog::read_build_log({artifact, text}, rows);
    events = rows.log_event.size();
  });
  std::printf("log: line walk with memchr     %9.1f MiB/s  %zu lines\n", mebibytes(text.size()) / walking, lines);
  std::printf("log: read_build_log            %9.1f MiB/s  %.1f times the walk; %zu events\n",
              mebibytes(text.size()) / reading, reading / walking, events);
}

evidence::ComponentRow component(std::int64_t i) {
  const std::string n = std::to_string(i);
  return {.purl = "pkg:npm/%40example/part-" + n + "@1.0." + n,
          .purl_type = "npm",
          .purl_namespace = "@example",
          .name = "part-" + n,
          .full_name = "@example/part-" + n,
          .version = "1.0." + n,
          .kind = "library",
          .scope = "required",
          .declared_in = "sbom"};
}

// Typed rows into tables and their indexes, against SQLite with the same texts in one bare table.
void evidence_rows() {
  constexpr std::int64_t count = 200'000;
  evidence::Rows rows(artifact_id(1, 0));
  for (std::int64_t i = 0; i < count; ++i) rows.add(component(i));
  double inserting = 1e9;
  const double all = least([&] {
    Result<evidence::Database> database = evidence::Database::create();
    const double begin = processor_seconds();
    if (!database || !database->insert("main", rows))
      give_up("the rows could not be inserted");
    inserting = std::min(inserting, processor_seconds() - begin);
    if (!database->finish_loading("main")) give_up("the indexes could not be made");
  });
  const double bare = least([&] {
    sqlite3* handle = nullptr;
    sqlite3_stmt* insert = nullptr;
    sqlite3_open(":memory:", &handle);
    sqlite3_exec(handle, "PRAGMA journal_mode=OFF; CREATE TABLE t(a,b,c,d,e,f,g,h,i); BEGIN", nullptr, nullptr,
                 nullptr);
    sqlite3_prepare_v2(handle, "INSERT INTO t VALUES(?,?,?,?,?,?,?,?,?)", -1, &insert, nullptr);
    for (const evidence::ComponentRow& row : rows.component) {
      int column = 0;
      for (const std::string* text : {&row.purl, &row.purl_type, &row.purl_namespace, &row.name, &row.full_name,
                                      &row.version, &row.kind, &row.scope, &row.declared_in}) {
        sqlite3_bind_text(insert, ++column, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
      }
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_exec(handle, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(handle);
  });
  std::printf("evidence: bare table           %9.0f rows/s\n", static_cast<double>(count) / bare);
  std::printf("evidence: insert               %9.0f rows/s  %.2f times the bare table\n",
              static_cast<double>(count) / inserting, inserting / bare);
  std::printf("evidence: insert and index     %9.0f rows/s  %.2f times the bare table\n",
              static_cast<double>(count) / all, all / bare);
}

}  // namespace

int main(int argc, char** argv) {
  std::string text;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  if (text.empty()) give_up("name files to match patterns against");
  match_patterns(text);
  read_log();
  evidence_rows();
}
