#include <algorithm>
#include <set>

#include "analyzer/base/position.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/reader_frame.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// A word of an instruction with its place in the file.
struct Word {
  std::string_view text;
  std::size_t begin = 0;
};

std::vector<Word> words_of(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<Word> out;
  while (begin < end) {
    begin = std::min(end, text.find_first_not_of(" \t\r\n\\", begin));
    std::size_t stop = begin;
    while (stop < end && std::string_view(" \t\r\n").find(text[stop]) == std::string_view::npos) ++stop;
    if (stop > begin) out.push_back({text.substr(begin, stop - begin), begin});
    begin = stop;
  }
  return out;
}

class Dockerfile {
 public:
  Dockerfile(PipelineRows& out, std::string_view text) : out_(out), text_(text), lines_(text) {}

  void read() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::size_t begin = text_.find_first_not_of(" \t\r\n", at);
      if (begin == std::string_view::npos) break;
      at = end_of_instruction(begin);
      if (text_[begin] != '#') instruction(begin, at);
    }
  }

 private:
  // After the last line that a backslash (or backtick) continues; comment lines in between belong to it. With <<EOF
  // everything up to the closing word.
  std::size_t end_of_instruction(std::size_t begin) const {
    std::size_t at = begin;
    const bool comment = text_[begin] == '#';
    std::string closing;
    while (at < text_.size()) {
      std::size_t end = text_.find('\n', at);
      if (end == std::string_view::npos) end = text_.size();
      std::string_view line = text_.substr(at, end - at);
      if (const std::size_t last = line.find_last_not_of(" \t\r"); last != std::string_view::npos)
        line = line.substr(0, last + 1);
      at = std::min(text_.size(), end + 1);
      if (!closing.empty()) {
        if (line == closing) return at;
        continue;
      }
      if (comment) return at;
      if (const std::size_t here = line.find("<<");
          here != std::string_view::npos && upper(text_.substr(begin, 3)) == "RUN") {
        const std::size_t from = line.find_first_not_of("-'\"", here + 2);
        if (from != std::string_view::npos)
          closing = std::string(line.substr(from, line.find_first_of("'\" ;>|", from) - from));
        if (!closing.empty() &&
            closing.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") ==
                std::string::npos)
          continue;
        closing.clear();
      }
      const std::size_t first = line.find_first_not_of(" \t");
      const bool inner_comment = first != std::string_view::npos && line[first] == '#' && at > begin + line.size() + 1;
      if (!inner_comment && !line.ends_with('\\') && !line.ends_with('`')) return at;
    }
    return text_.size();
  }

  void instruction(std::size_t begin, std::size_t end) {
    const std::vector<Word> words = words_of(text_, begin, std::min(end, begin + max_definition_bytes));
    if (words.size() < 2) return;
    const std::string name = upper(words[0].text);
    if (name == "FROM") from(words);
    if (job_ == 0 && name != "ARG") return;
    if (name == "RUN") run(words, end);
    if (name == "COPY" || name == "ADD") copy(words, name == "ADD");
    if (name == "USER") setting(words, "user");
    if (name == "ARG" || name == "ENV") variables(words);
  }

  Span span(const Word& word) const { return lines_.span(word.begin, word.begin + word.text.size()); }

  void setting(const std::vector<Word>& words, std::string_view name) {
    add_setting(out_.rows(), out_.workflow(), job_, out_.rows().locate(span(words[1])), name, words[1].text);
  }

  void from(const std::vector<Word>& words) {
    std::size_t image = 1;
    while (image < words.size() && words[image].text.starts_with("--")) ++image;
    if (image >= words.size()) return;
    const bool named = image + 2 < words.size() && upper(words[image + 1].text) == "AS";
    job_ = out_.job(span(words[0]), named ? words[image + 2].text : words[image].text);
    if (words[image].text != "scratch" && !stages_.contains(words[image].text))
      out_.image(span(words[image]), words[image].text, job_);
    if (named) stages_.insert(words[image + 2].text);
  }

  void run(const std::vector<Word>& words, std::size_t end) {
    std::size_t first = 1;
    while (first < words.size() && words[first].text.starts_with("--")) {
      if (words[first].text.find("type=secret") != std::string_view::npos) {
        const std::size_t id = words[first].text.find("id=");
        if (id != std::string_view::npos) {
          const std::string_view name = words[first].text.substr(id + 3);
          out_.secret(span(words[first]), name.substr(0, name.find(',')), "other", job_, 0);
        }
      }
      ++first;
    }
    if (first >= words.size()) return;
    std::size_t begin = words[first].begin;
    if (words[first].text.starts_with("<<")) {
      // The lines between <<WORD and WORD.
      begin = std::min(end, text_.find('\n', begin) == std::string_view::npos ? end : text_.find('\n', begin) + 1);
      const std::size_t last = text_.substr(0, end > 0 ? end - 1 : 0).rfind('\n');
      if (last != std::string_view::npos && last >= begin) end = last;
    }
    const RowId step = out_.step(span(words[0]), job_, position_++, {}, "run", text_.substr(begin, end - begin));
    if (words[first].text.starts_with('[')) return;  // exec form: no shell
    const Script script{text_.substr(begin, end - begin), [this, begin](std::size_t from, std::size_t to) {
                          return lines_.span(begin + from, begin + to);
                        }};
    out_.commands(script, "dockerfile", job_, step);
  }

  void copy(const std::vector<Word>& words, bool add) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string_view text = words[i].text;
      if (text.starts_with("--from=")) {
        const std::string_view image = text.substr(7);
        const bool stage = stages_.contains(image) || image.find_first_not_of("0123456789") == std::string_view::npos;
        if (!stage) out_.image(span(words[i]), image, job_);
      }
      if (!add || (!text.starts_with("http://") && !text.starts_with("https://"))) continue;
      const bool checked = std::any_of(words.begin(), words.end(),
                                       [](const Word& word) { return word.text.starts_with("--checksum="); });
      out_.rows().add(evidence::CommandRow{.at = out_.rows().locate(span(words[i])),
                                           .job_id = job_,
                                           .workflow_id = out_.workflow(),
                                           .origin = "dockerfile",
                                           .program = "ADD",
                                           .arguments = checked ? R"(["--checksum"])" : "[]",
                                           .text = "ADD " + std::string(text),
                                           .pipeline = -position_,
                                           .downloads = std::string(text)});
    }
  }

  void variables(const std::vector<Word>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].text.find('=');
      const bool old_form = equals == std::string_view::npos && i == 1 && words.size() > 2;
      std::string_view value = old_form                           ? words[2].text
                               : equals == std::string_view::npos ? std::string_view{}
                                                                  : words[i].text.substr(equals + 1);
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        value = value.substr(1, value.size() - 2);
      out_.rows().add(evidence::VariableRow{.at = out_.rows().locate(span(words[i])),
                                            .job_id = job_,
                                            .workflow_id = out_.workflow(),
                                            .name = std::string(words[i].text.substr(0, equals)),
                                            .value = std::string(value)});
      if (old_form) return;
    }
  }

  PipelineRows& out_;
  std::string_view text_;
  LineIndex lines_;
  std::set<std::string_view, std::less<>> stages_;
  RowId job_ = 0;
  std::int64_t position_ = 0;
};

}  // namespace

ReadOutcome read_dockerfile(const intake::Input& input, evidence::Rows& rows) {
  return read_text_as<Dockerfile>("dockerfile", input, rows);
}

}  // namespace assay::pipeline::others
