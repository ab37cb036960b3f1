#include "analyzer/buildlog/agent.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/buildlog/address.h"
#include "analyzer/buildlog/commands.h"

namespace assay::buildlog {
namespace {

constexpr std::size_t sentence_bytes = 4'000;
constexpr std::string_view trace_mark = "<![LOG[";

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// "2021-07-02 16:30:02.004", "2021-07-02T16:30:02,004Z", "Jul  2 16:30:02"
std::size_t stamp_length(std::string_view line) {
  if (line.size() >= 19 && digit(line[0]) && line[4] == '-' && line[7] == '-' && (line[10] == ' ' || line[10] == 'T') &&
      line[13] == ':' && line[16] == ':' && digit(line[18])) {
    std::size_t at = 19;
    if (at < line.size() && (line[at] == '.' || line[at] == ',')) {
      for (++at; at < line.size() && digit(line[at]);) ++at;
    }
    if (at < line.size() && line[at] == 'Z') ++at;
    if (at + 5 < line.size() && (line[at] == '+' || line[at] == '-') && digit(line[at + 1]))
      at += line[at + 3] == ':' ? 6 : 5;
    return at;
  }
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (line.size() >= 16 && line[3] == ' ' && line[6] == ' ' && line[9] == ':' && line[12] == ':' && line[15] == ' ' &&
      months.find(line.substr(0, 3)) % 3 == 0)
    return 15;
  return 0;
}

struct Sentence {
  std::string_view time;
  std::string_view text;
};

// The stamp and what follows the program and the level; no time when the line has no such beginning.
Sentence sentence_of(std::string_view line) {
  if (line.starts_with(trace_mark)) {
    const std::size_t end = line.find("]LOG]!>");
    if (end == std::string_view::npos) return {};
    std::string_view rest = line.substr(end);
    const std::size_t time = rest.find("time=\"");
    if (time == std::string_view::npos) return {};
    rest.remove_prefix(time + 6);
    return {rest.substr(0, rest.find('"')), line.substr(trace_mark.size(), end - trace_mark.size())};
  }
  std::string_view rest = line;
  take(rest, "[");
  const std::size_t length = stamp_length(rest);
  if (length == 0) return {};
  Sentence out{rest.substr(0, length), {}};
  rest.remove_prefix(length);
  take(rest, "]");
  // Up to three words may name host, program and level: "host agentd[77]:", "agentmon[2180] INFO", "[WARN]".
  for (int words = 0; words < 4; ++words) {
    rest = trimmed_left(rest);
    std::string_view ahead = rest;
    const std::string_view word = take_word(ahead);
    constexpr std::array<std::string_view, 9> levels{"INFO",   "WARN",  "WARNING", "ERROR", "DEBUG",
                                                     "NOTICE", "TRACE", "FATAL",   "AUDIT"};
    std::string_view bare = word;
    while (!bare.empty() && (bare.front() == '[' || bare.front() == '<')) bare.remove_prefix(1);
    while (!bare.empty() && (bare.back() == ']' || bare.back() == ':' || bare.back() == '>')) bare.remove_suffix(1);
    const bool level = std::find(levels.begin(), levels.end(), bare) != levels.end();
    const bool program = word.ends_with(']') || word.ends_with("]:");
    const bool host = length == 15 && words == 0;
    if (!level && !program && !host && word != "-" && word != "|") break;
    rest = ahead;
  }
  out.text = trimmed_left(rest);
  return out;
}

enum class Kind : std::uint8_t { command, job, file, server, update, mismatch, unverifiable };
struct Phrase {
  std::string_view text;  // lower case
  Kind kind;
};

constexpr Phrase phrases[] = {{"executing command line: ", Kind::command},
                              {"executing command: ", Kind::command},
                              {"executing script: ", Kind::command},
                              {"executing process: ", Kind::command},
                              {"executing: ", Kind::command},
                              {"executed command: ", Kind::command},
                              {"execute command: ", Kind::command},
                              {"running command: ", Kind::command},
                              {"running script: ", Kind::command},
                              {"running: ", Kind::command},
                              {"launching process: ", Kind::command},
                              {"launching: ", Kind::command},
                              {"starting process: ", Kind::command},
                              {"process started: ", Kind::command},
                              {"spawned process: ", Kind::command},
                              {"command line: ", Kind::command},
                              {"remote command: ", Kind::command},
                              {"shell command: ", Kind::command},
                              {"procedure received: ", Kind::job},
                              {"job received: ", Kind::job},
                              {"task received: ", Kind::job},
                              {"script received: ", Kind::job},
                              {"policy received: ", Kind::job},
                              {"received procedure ", Kind::job},
                              {"received job ", Kind::job},
                              {"received task ", Kind::job},
                              {"deploying package ", Kind::job},
                              {"dispatching job ", Kind::job},
                              {"job queued: ", Kind::job},
                              {"file written ", Kind::file},
                              {"file written: ", Kind::file},
                              {"wrote file ", Kind::file},
                              {"file created: ", Kind::file},
                              {"downloaded file to ", Kind::file},
                              {"connected to management server ", Kind::server},
                              {"connected to server ", Kind::server},
                              {"downloading update from ", Kind::update},
                              {"downloading update ", Kind::update},
                              {"update downloaded from ", Kind::update},
                              {"fetching update from ", Kind::update},
                              {"downloading package from ", Kind::update},
                              {"signature verification failed", Kind::mismatch},
                              {"signature check failed", Kind::mismatch},
                              {"invalid signature", Kind::mismatch},
                              {"signature mismatch", Kind::mismatch},
                              {"hash mismatch", Kind::mismatch},
                              {"checksum mismatch", Kind::mismatch},
                              {"signature check skipped", Kind::unverifiable},
                              {"signature verification skipped", Kind::unverifiable},
                              {"signature not checked", Kind::unverifiable},
                              {"file is not signed", Kind::unverifiable},
                              {"certificate validation failed", Kind::unverifiable},
                              {"ignoring certificate error", Kind::unverifiable}};

// Where a phrase begins in `lower_text` and which; npos when none does. A phrase begins a sentence or a clause.
std::size_t find_phrase(std::string_view lower_text, const Phrase*& which) {
  std::size_t best = std::string_view::npos;
  for (const Phrase& phrase : phrases) {
    const std::size_t at = lower_text.find(phrase.text);
    if (at == std::string_view::npos || at > 80 || at >= best) continue;
    if (at > 0 && lower_text[at - 1] != ' ' && lower_text[at - 1] != '"') continue;
    best = at;
    which = &phrase;
  }
  return best;
}

// "run as SYSTEM: …", "running as root: …": the user; `rest` becomes the command.
std::string_view take_user(std::string_view& rest, std::string_view lower_text) {
  for (const std::string_view lead : {"run as ", "running as ", "executed as ", "executing as "}) {
    if (!lower_text.starts_with(lead)) continue;
    const std::size_t colon = lower_text.find(": ", lead.size());
    if (colon == std::string_view::npos || colon > lead.size() + 64) return {};
    const std::string_view user = rest.substr(lead.size(), colon - lead.size());
    rest = rest.substr(colon + 2);
    return user;
  }
  return {};
}

class AgentFraming final : public Framing {
 public:
  std::string_view strip(Line& line, Journal& journal) override {
    if (!journal.has_run()) {
      journal.open_run(line, "agent");
      journal.speak(Voice::step);
    }
    ++journal.run().lines;
    std::string_view raw = line.raw;
    take(raw, "\xEF\xBB\xBF");
    const Sentence sentence = sentence_of(raw);
    if (sentence.time.empty()) return raw;
    line.time = sentence.time;
    if (journal.run().started.empty()) journal.run().started = sentence.time;
    journal.run().ended = sentence.time;
    return sentence.text;
  }

  Remaining structure(const Line& line, Journal& journal) override {
    std::string_view rest = line.text.substr(0, sentence_bytes);
    const std::string low = lower(rest);
    if (const std::string_view user = take_user(rest, low); !user.empty()) {
      command(line, rest, user, journal);
      return Remaining::scan;
    }
    const Phrase* phrase = nullptr;
    const std::size_t at = find_phrase(low, phrase);
    if (at == std::string_view::npos) return Remaining::scan;
    rest.remove_prefix(at + phrase->text.size());
    switch (phrase->kind) {
      case Kind::command:
        command(line, rest, {}, journal);
        break;
      case Kind::job:
        job(line, rest, journal);
        break;
      case Kind::file:
        file(line, rest, journal);
        break;
      case Kind::server:
        server(line, rest, journal);
        break;
      case Kind::update:
        update(line, rest, journal);
        break;
      case Kind::mismatch:
        check(line, phrase->text, "mismatch", journal);
        break;
      case Kind::unverifiable:
        check(line, phrase->text, "unverifiable", journal);
        break;
    }
    return Remaining::scan;
  }

  void finish(const Line&, Journal& journal) override {
    if (journal.has_run()) journal.close_step();
  }

 private:
  static void command(const Line& line, std::string_view text, std::string_view user, Journal& journal) {
    text = trimmed(text);
    if (text.empty()) return;
    journal.event(line, text,
                  {.kind = "managed-command",
                   .name = lower(program_of(text).substr(0, 100)),
                   .version = shown(user),
                   .value = shown(text.substr(0, 1'000))});
    Address address;
    if (first_address(text, address)) contacted(line, address, "agent", journal);
  }

  static void job(const Line& line, std::string_view rest, Journal& journal) {
    std::string_view name;
    if (take(rest, "\"") || take(rest, "'")) {
      name = take_until(rest, rest.find('"') != std::string_view::npos ? "\"" : "'");
    } else {
      name = take_word(rest);
    }
    journal.event(line, name, {.kind = "managed-job", .name = shown(name), .value = shown(trimmed(rest))});
  }

  static void file(const Line& line, std::string_view rest, Journal& journal) {
    const std::string_view path = take_word(rest);
    journal.event(line, path, {.kind = "file-written", .name = shown(path), .value = shown(trimmed(rest))});
  }

  static void update(const Line& line, std::string_view rest, Journal& journal) {
    Address address;
    if (!first_address(rest, address)) return;
    journal.event(line, address.whole, {.kind = "update-fetched", .value = address.url, .host = address.host});
  }

  static void check(const Line& line, std::string_view phrase, std::string_view how, Journal& journal) {
    const bool signature =
        phrase.find("ignature") != std::string_view::npos || phrase.find("signed") != std::string_view::npos;
    const bool certificate = phrase.find("ertificate") != std::string_view::npos;
    journal.event(line, trimmed(line.text),
                  {.kind = "check-failed",
                   .name = signature     ? "signature"
                           : certificate ? "certificate"
                                         : "checksum",
                   .version = std::string(how),
                   .value = shown(trimmed(line.text).substr(0, 300))});
  }

  static void server(const Line& line, std::string_view rest, Journal& journal) {
    const std::string_view place = take_word(rest);
    const std::string host = lower(place.substr(0, place.find(':')));
    if (!host.empty())
      journal.event_once(line, place, {.kind = "url-contacted", .name = "agent", .value = shown(place), .host = host});
  }
};

}  // namespace

std::unique_ptr<Framing> make_agent_framing() {
  return std::make_unique<AgentFraming>();
}

bool looks_like_agent_log(std::string_view head) {
  std::uint32_t lines_seen = 0;
  std::uint32_t stamped = 0;
  bool telling = false;
  LineSplitter lines(head);
  for (Line line; lines.next(line);) {
    if (line.raw.empty()) continue;
    ++lines_seen;
    const Sentence sentence = sentence_of(line.raw);
    if (sentence.time.empty()) {
      if (lines_seen > 20 && stamped * 4 < lines_seen) return false;
      continue;
    }
    ++stamped;
    if (telling) continue;
    const std::string low = lower(sentence.text.substr(0, 400));
    std::string_view rest = sentence.text.substr(0, 400);
    const Phrase* phrase = nullptr;
    telling = !take_user(rest, low).empty() ||
              (find_phrase(low, phrase) != std::string_view::npos &&
               (phrase->kind == Kind::command || phrase->kind == Kind::job || phrase->kind == Kind::update));
  }
  return telling && stamped * 2 >= lines_seen;
}

}  // namespace assay::buildlog
