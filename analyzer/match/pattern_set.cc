#include "analyzer/match/pattern_set.h"

#include <fmt/core.h>
#include <hs/hs.h>
#include <re2/re2.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <tuple>

#include "analyzer/base/limits.h"

namespace assay::match {
namespace {

struct DatabaseCloser {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchCloser {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using DatabaseHandle = std::unique_ptr<hs_database_t, DatabaseCloser>;
using ScratchHandle = std::unique_ptr<hs_scratch_t, ScratchCloser>;

bool by_place(const Match& a, const Match& b) {
  return std::tie(a.begin, a.end, a.pattern) < std::tie(b.begin, b.end, b.pattern);
}

// Little-endian, length-prefixed: the same bytes on every machine.
class Writer {
 public:
  void number(std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) out_.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    if (rest_.size() < 8) {
      good_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    rest_.remove_prefix(8);
    return value;
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

struct PatternSet::Data {
  std::vector<Pattern> patterns;
  std::vector<std::string> literals;                   // lower case, sorted
  std::vector<std::vector<std::uint32_t>> of_literal;  // patterns a literal may announce
  std::vector<std::uint32_t> everywhere;               // patterns without a literal
  DatabaseHandle database;                             // null when there is no literal
  struct Lazy {
    std::once_flag once;
    std::unique_ptr<re2::RE2> expression;
  };
  mutable std::unique_ptr<Lazy[]> compiled;

  void index() {
    std::map<std::string, std::vector<std::uint32_t>> by_literal;
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
      if (patterns[i].literals.empty()) everywhere.push_back(i);
      for (const std::string& literal : patterns[i].literals) by_literal[literal].push_back(i);
    }
    for (auto& [literal, ids] : by_literal) {
      literals.push_back(literal);
      of_literal.push_back(std::move(ids));
    }
    compiled = std::make_unique<Lazy[]>(patterns.size());
  }

  const re2::RE2& expression(std::uint32_t pattern) const {
    Lazy& lazy = compiled[pattern];
    std::call_once(lazy.once, [&] {
      re2::RE2::Options options;
      options.set_log_errors(false);
      options.set_dot_nl(patterns[pattern].reach == Reach::file);
      options.set_max_mem(16LL << 20);
      lazy.expression = std::make_unique<re2::RE2>(patterns[pattern].expression, options);
    });
    return *lazy.expression;
  }

  // All non-overlapping matches of one pattern inside text[begin, end).
  void confirm(std::uint32_t pattern, std::string_view text, std::size_t begin, std::size_t end,
               std::vector<Match>& into) const {
    const re2::RE2& compiled_expression = expression(pattern);
    const re2::StringPiece window(text.data() + begin, end - begin);
    const int groups = std::min(compiled_expression.NumberOfCapturingGroups(), 1) + 1;
    std::size_t from = 0;
    for (std::size_t count = 0; count < limits::max_matches_per_line && from <= window.size(); ++count) {
      re2::StringPiece found[2];
      if (!compiled_expression.Match(window, from, window.size(), re2::RE2::UNANCHORED, found, groups)) return;
      const auto at = static_cast<std::size_t>(found[0].data() - text.data());
      std::string_view capture;
      if (groups > 1 && found[1].data() != nullptr) capture = {found[1].data(), found[1].size()};
      into.push_back({pattern, at, at + found[0].size(), capture});
      from = at - begin + std::max<std::size_t>(found[0].size(), 1);
    }
  }
};

PatternSet::PatternSet(std::unique_ptr<Data> data) : data_(std::move(data)) {}
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;
const std::vector<Pattern>& PatternSet::patterns() const {
  return data_->patterns;
}

Result<PatternSet> PatternSet::build(std::vector<Pattern> patterns) {
  auto data = std::make_unique<Data>();
  for (Pattern& pattern : patterns) {
    if (!pattern.literals.empty()) continue;
    Result<std::vector<std::string>> literals = required_literals(pattern.expression);
    if (!literals) return fail(ErrorCode::rule, literals.error().message, pattern.rule);
    if (literals->empty() && pattern.no_literal.empty()) {
      return fail(ErrorCode::rule,
                  fmt::format("pattern '{}' has no literal of {} characters that every match contains; add one, or say "
                              "why not with no_literal",
                              pattern.name, shortest_literal),
                  pattern.rule);
    }
    pattern.literals = std::move(*literals);
  }
  data->patterns = std::move(patterns);
  data->index();
  if (!data->literals.empty()) {
    std::vector<const char*> expressions;
    std::vector<unsigned> ids;
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < data->literals.size(); ++i) {
      expressions.push_back(data->literals[i].data());
      lengths.push_back(data->literals[i].size());
      ids.push_back(static_cast<unsigned>(i));
    }
    const std::vector<unsigned> flags(data->literals.size(), HS_FLAG_CASELESS);
    // No processor features beyond the baseline are assumed: the database is built on one machine and loaded on
    // another.
    hs_platform_info_t platform{};
    platform.tune = HS_TUNE_FAMILY_GENERIC;
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_lit_multi(expressions.data(), flags.data(), ids.data(), lengths.data(),
                             static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK, &platform, &database,
                             &error) != HS_SUCCESS) {
      const std::string message = error == nullptr ? "unknown" : error->message;
      hs_free_compile_error(error);
      return fail(ErrorCode::internal, "the literal prefilter cannot be built: " + message);
    }
    data->database.reset(database);
  }
  return PatternSet(std::move(data));
}

Result<std::string> PatternSet::serialise() const {
  Writer writer;
  writer.number(data_->patterns.size());
  for (const Pattern& pattern : data_->patterns) {
    writer.text(pattern.rule);
    writer.text(pattern.name);
    writer.text(pattern.expression);
    writer.number(static_cast<std::uint64_t>(pattern.reach));
    writer.number(pattern.filter.languages);
    writer.number(pattern.filter.roles);
    writer.number(pattern.filter.not_roles);
    writer.number(pattern.filter.kinds);
    writer.number(pattern.literals.size());
    for (const std::string& literal : pattern.literals) writer.text(literal);
  }
  char* bytes = nullptr;
  std::size_t size = 0;
  if (data_->database != nullptr && hs_serialize_database(data_->database.get(), &bytes, &size) != HS_SUCCESS) {
    return fail(ErrorCode::internal, "the literal prefilter cannot be stored");
  }
  writer.text({bytes, size});
  std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): Vectorscan allocates with malloc
  return writer.take();
}

Result<PatternSet> PatternSet::load(std::string_view bytes) {
  Reader reader(bytes);
  auto data = std::make_unique<Data>();
  const std::uint64_t count = reader.number();
  for (std::uint64_t i = 0; i < count && reader.good(); ++i) {
    Pattern pattern;
    pattern.rule = reader.text();
    pattern.name = reader.text();
    pattern.expression = reader.text();
    pattern.reach = static_cast<Reach>(reader.number());
    pattern.filter.languages = reader.number();
    pattern.filter.roles = static_cast<std::uint32_t>(reader.number());
    pattern.filter.not_roles = static_cast<std::uint32_t>(reader.number());
    pattern.filter.kinds = static_cast<std::uint32_t>(reader.number());
    for (std::uint64_t n = reader.number(); n > 0 && reader.good(); --n) pattern.literals.emplace_back(reader.text());
    data->patterns.push_back(std::move(pattern));
  }
  const std::string_view database_bytes = reader.text();
  if (!reader.good()) return fail(ErrorCode::internal, "the compiled patterns are damaged");
  data->index();
  if (!database_bytes.empty()) {
    hs_database_t* database = nullptr;
    if (hs_deserialize_database(database_bytes.data(), database_bytes.size(), &database) != HS_SUCCESS) {
      return fail(ErrorCode::internal, "the compiled patterns do not fit this machine's Vectorscan");
    }
    data->database.reset(database);
  }
  return PatternSet(std::move(data));
}

std::vector<Match> PatternSet::naive(std::string_view text, const Subject& subject) const {
  std::vector<Match> matches;
  for (std::uint32_t i = 0; i < data_->patterns.size(); ++i) {
    const Pattern& pattern = data_->patterns[i];
    if (!pattern.filter.admits(subject.language, subject.roles, subject.kind)) continue;
    if (pattern.reach == Reach::file) {
      data_->confirm(i, text, 0, text.size(), matches);
      continue;
    }
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      data_->confirm(i, text, begin, end, matches);
      begin = end + 1;
    }
  }
  std::sort(matches.begin(), matches.end(), by_place);
  return matches;
}

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

struct Scanner::State {
  struct Hit {
    std::uint32_t literal;
    std::size_t end;
  };

  const PatternSet::Data& data;
  ScratchHandle scratch;
  std::vector<bool> admitted;          // by pattern, for the current subject
  std::vector<bool> interesting;       // by literal: some admitted pattern wants it
  std::uint64_t admitted_for = ~0ULL;  // subject the two above were made for
  std::vector<Hit> hits;
  std::vector<std::size_t> confirmed_to;  // by pattern: end of the last line confirmed, plus one
  std::vector<std::uint32_t> touched;
  Outcome outcome;
  bool measured = false;
  ScanCost cost;

  explicit State(const PatternSet::Data& set) : data(set), confirmed_to(set.patterns.size(), 0) {
    hs_scratch_t* made = nullptr;
    if (data.database != nullptr && hs_alloc_scratch(data.database.get(), &made) == HS_SUCCESS) scratch.reset(made);
  }

  void admit(const Subject& subject) {
    const std::uint64_t key = static_cast<std::uint64_t>(subject.language) |
                              static_cast<std::uint64_t>(subject.kind) << 8U |
                              static_cast<std::uint64_t>(subject.roles) << 16U;
    if (key == admitted_for) return;
    admitted_for = key;
    admitted.assign(data.patterns.size(), false);
    interesting.assign(data.literals.size(), false);
    for (std::size_t i = 0; i < data.patterns.size(); ++i) {
      admitted[i] = data.patterns[i].filter.admits(subject.language, subject.roles, subject.kind);
    }
    for (std::size_t i = 0; i < data.literals.size(); ++i) {
      interesting[i] = std::any_of(data.of_literal[i].begin(), data.of_literal[i].end(),
                                   [&](std::uint32_t p) { return admitted[p]; });
    }
  }

  static int on_hit(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& state = *static_cast<State*>(context);
    if (state.interesting[id]) state.hits.push_back({id, static_cast<std::size_t>(to)});
    return 0;
  }

  void confirm(std::uint32_t pattern, std::string_view text, std::size_t begin, std::size_t end) {
    if (!measured) {
      data.confirm(pattern, text, begin, end, outcome.matches);
      return;
    }
    const auto start = std::chrono::steady_clock::now();
    data.confirm(pattern, text, begin, end, outcome.matches);
    ScanCost::OfPattern& spent = cost.patterns[pattern];
    ++spent.confirmed;
    spent.seconds += seconds_since(start);
  }

  void confirm_around(std::uint32_t pattern, std::string_view text, std::size_t hit_end) {
    if (hit_end <= confirmed_to[pattern]) return;
    if (confirmed_to[pattern] == 0) touched.push_back(pattern);
    if (data.patterns[pattern].reach == Reach::file) {
      confirmed_to[pattern] = text.size() + 1;
      confirm(pattern, text, 0, text.size());
      return;
    }
    const std::size_t last = hit_end - 1;
    if (text[last] == '\n') return;  // such a literal stands in no single line
    const std::size_t before = text.rfind('\n', last);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find('\n', last), text.size());
    confirmed_to[pattern] = end + 1;
    confirm(pattern, text, begin, end);
  }
};

Scanner::Scanner(const PatternSet& set) : state_(std::make_unique<State>(*set.data_)) {}
Scanner::~Scanner() = default;
Scanner::Scanner(Scanner&&) noexcept = default;

void Scanner::measure() {
  state_->measured = true;
  state_->cost.patterns.resize(state_->data.patterns.size());
}

const ScanCost& Scanner::cost() const {
  return state_->cost;
}

void ScanCost::add(const ScanCost& other) {
  prefilter_seconds += other.prefilter_seconds;
  patterns.resize(std::max(patterns.size(), other.patterns.size()));
  for (std::size_t i = 0; i < other.patterns.size(); ++i) {
    patterns[i].confirmed += other.patterns[i].confirmed;
    patterns[i].seconds += other.patterns[i].seconds;
  }
}

const Scanner::Outcome& Scanner::scan(std::string_view text, const Subject& subject) {
  State& state = *state_;
  state.outcome.matches.clear();
  state.outcome.complete = true;
  state.hits.clear();
  state.admit(subject);
  if (state.scratch != nullptr && !text.empty()) {
    const auto start = state.measured ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point{};
    hs_scan(state.data.database.get(), text.data(), static_cast<unsigned>(text.size()), 0, state.scratch.get(),
            State::on_hit, &state);
    if (state.measured) state.cost.prefilter_seconds += seconds_since(start);
  }
  for (const State::Hit& hit : state.hits) {
    for (const std::uint32_t pattern : state.data.of_literal[hit.literal]) {
      if (state.admitted[pattern]) state.confirm_around(pattern, text, hit.end);
    }
    if (state.outcome.matches.size() > limits::max_matches_per_file) break;
  }
  for (const std::uint32_t pattern : state.data.everywhere) {
    if (!state.admitted[pattern]) continue;
    const bool whole = state.data.patterns[pattern].reach == Reach::file;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = whole ? text.size() : std::min(text.find('\n', begin), text.size());
      state.confirm(pattern, text, begin, end);
      begin = end + 1;
    }
  }
  for (const std::uint32_t pattern : state.touched) state.confirmed_to[pattern] = 0;
  state.touched.clear();
  std::sort(state.outcome.matches.begin(), state.outcome.matches.end(), by_place);
  if (state.outcome.matches.size() > limits::max_matches_per_file) {
    state.outcome.matches.resize(limits::max_matches_per_file);
    state.outcome.complete = false;
  }
  return state.outcome;
}

}  // namespace assay::match
