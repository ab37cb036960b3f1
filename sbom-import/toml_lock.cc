#include <string_view>

#include "sbom-import/lock_text.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;

// The value of `key` inside one line of an inline table: { url = "…", hash = "sha256:…" }.
std::string_view inline_value(std::string_view line, std::string_view key) {
  for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
    const bool begins = at == 0 || line[at - 1] == ' ' || line[at - 1] == '{' || line[at - 1] == ',';
    std::string_view rest = trimmed(line.substr(at + key.size()));
    if (!begins || !rest.starts_with('=')) continue;
    rest = trimmed(rest.substr(1));
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) continue;
    const std::size_t end = rest.find(rest[0], 1);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(1, end - 1);
  }
  return {};
}

// One [[package]] (pylock: [[packages]]) table, collected line by line.
struct Table {
  std::string_view name;
  std::string_view version;
  std::string_view source;
  std::string_view checksum;
};

class TomlLock {
 public:
  TomlLock(std::string_view text, evidence::Rows& rows, std::string_view format, std::string_view type, bool python)
      : text_(text, rows, format, type), python_(python) {}

  ReadOutcome read() {
    std::string_view raw;
    while (text_.next(raw)) {
      const std::string_view line = trimmed(raw);
      if (line.empty() || line[0] == '#') continue;
      if (line == "[[package]]" || line == "[[packages]]") {
        flush();
        inside_ = true;
        own_ = true;
        continue;
      }
      if (line[0] == '[' && !raw.starts_with(' ') && line.find('=') == std::string_view::npos && line.ends_with(']') &&
          line != "[") {
        own_ = line == "[package.source]";
        source_table_ = own_;
        if (!line.starts_with("[package.") && !line.starts_with("[packages.") && !line.starts_with("[[package"))
          flush();
        continue;
      }
      field(line);
    }
    flush();
    return text_.finish();
  }

 private:
  void field(std::string_view line) {
    if (!inside_) return;
    const std::size_t equals = line.find('=');
    const std::string_view key =
        equals == std::string_view::npos ? std::string_view{} : trimmed(line.substr(0, equals));
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : trimmed(line.substr(equals + 1));
    if (source_table_) {
      if (key == "url") now_.source = unquoted(value);
      return;
    }
    if (own_ && key == "name") {
      now_.name = unquoted(value);
    } else if (own_ && key == "version") {
      now_.version = unquoted(value);
    } else if (own_ && key == "source") {
      now_.source = value.starts_with('{') ? source_of(value) : unquoted(value);
    } else if (own_ && key == "checksum") {
      now_.checksum = unquoted(value);
    } else if (python_) {
      const std::string_view digest =
          inline_value(line, "hash").empty() ? inline_value(line, "sha256") : inline_value(line, "hash");
      if (!digest.empty()) digests_.push_back(digest);
    }
  }

  std::string_view source_of(std::string_view table) {
    if (!inline_value(table, "virtual").empty() || !inline_value(table, "editable").empty()) local_ = true;
    if (const std::string_view git = inline_value(table, "git"); !git.empty()) return git;
    return inline_value(table, "url");
  }

  void flush() {
    if (inside_ && !now_.name.empty() && !local_ && (!now_.version.empty() || python_)) {
      const RowId id = text_.package(now_.name, now_.name, now_.version);
      const std::string_view guard = !now_.checksum.empty() ? now_.checksum
                                     : digests_.empty()     ? std::string_view{}
                                                            : digests_.front();
      if (!now_.source.empty() || python_) {
        text_.origin(id, now_.source.empty() ? now_.name : now_.source, now_.source, guard);
      }
      if (!now_.checksum.empty()) text_.hash(id, now_.checksum, digest_of("sha-256", now_.checksum));
      for (const std::string_view digest : digests_) {
        const std::size_t colon = digest.find(':');
        text_.hash(id, digest,
                   colon == std::string_view::npos ? digest_of("sha-256", digest)
                                                   : digest_of(digest.substr(0, colon), digest.substr(colon + 1)));
      }
    }
    now_ = {};
    digests_.clear();
    inside_ = own_ = local_ = source_table_ = false;
  }

  LockText text_;
  bool python_;
  bool inside_ = false;
  bool own_ = false;
  bool local_ = false;
  bool source_table_ = false;
  Table now_;
  std::vector<std::string_view> digests_;
};

}  // namespace

ReadOutcome read_cargo_lock(const intake::Input& input, evidence::Rows& rows) {
  return TomlLock(input.bytes, rows, "cargo-lock", "cargo", false).read();
}

ReadOutcome read_python_lock(const intake::Input& input, evidence::Rows& rows) {
  return TomlLock(input.bytes, rows, "python-lock", "pypi", true).read();
}

}  // namespace assay::sbom
