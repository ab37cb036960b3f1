#include "analyzer/buildlog/binary_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "analyzer/base/limits.h"
#include "analyzer/base/utf8.h"

namespace assay::buildlog {
namespace {

constexpr std::uint32_t first_with_lengths = 18;
constexpr std::uint32_t newest_plausible = 200;
constexpr std::uint32_t first_string = 10;  // smaller numbers of strings have a meaning of their own
constexpr std::size_t max_strings = std::size_t{1} << 22U;
constexpr std::size_t max_message_bytes = std::size_t{1} << 20U;

enum Kind : std::uint32_t {
  end_of_file = 0,
  build_finished = 2,
  target_started = 5,
  task_started = 7,
  error = 9,
  warning = 10,
  message = 11,
  task_command_line = 12,
  critical_message = 13,
  embedded_files = 17,
  name_values = 23,
  string = 24,
};

enum Field : std::uint32_t {
  has_context = 1U << 0U,
  has_help = 1U << 1U,
  has_message = 1U << 2U,
  has_sender = 1U << 3U,
  has_thread = 1U << 4U,
  has_time = 1U << 5U,
  has_subcategory = 1U << 6U,
  has_code = 1U << 7U,
  has_file = 1U << 8U,
  has_project = 1U << 9U,
  has_places = 0xFU << 10U,  // line, column, end line, end column
  has_arguments = 1U << 14U,
  has_importance = 1U << 15U,
};

// Numbers from a stretch of bytes; beyond its end everything is 0 and good() is false.
class Numbers {
 public:
  explicit Numbers(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      if (rest_.empty()) return good_ = false, 0U;
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      value |= shift < 32 ? static_cast<std::uint32_t>(byte & 0x7FU) << shift : 0U;
      if ((byte & 0x80U) == 0) return value;
    }
    return good_ = false, 0U;
  }
  std::string_view take(std::size_t length) {
    if (length > rest_.size()) return good_ = false, std::exchange(rest_, {});
    const std::string_view part = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return part;
  }
  bool good() const { return good_; }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::uint32_t fixed(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

class Records {
 public:
  explicit Records(Transcript& log) : log_(log) {}

  void read(std::string_view bytes) {
    Numbers file(bytes);
    bool ended = false;
    while (file.good() && !file.done() && !ended) {
      const std::uint32_t kind = file.number();
      if (kind == string) {
        const std::string_view one = file.take(file.number());
        if (strings_.size() < max_strings) strings_.push_back(one);
      } else if (kind == end_of_file) {
        ended = true;
      } else {
        record(kind, file.take(file.number()));
      }
    }
    if (!ended) log_.gaps.emplace_back("the binary log ends before its last record");
    if (embedded_) log_.gaps.emplace_back("project files embedded in the binary log were not read");
    if (left_out_ > 0)
      log_.gaps.push_back(fmt::format("{} messages beyond max_log_events or max_text_bytes were left out", left_out_));
  }

 private:
  struct Common {
    std::string_view message;
    std::vector<std::string_view> arguments;
  };

  std::string_view text(std::uint32_t number) const {
    return number >= first_string && number - first_string < strings_.size() ? strings_[number - first_string]
                                                                             : std::string_view{};
  }

  Common common(Numbers& in) const {
    Common out;
    const std::uint32_t flags = in.number();
    if ((flags & has_message) != 0) out.message = text(in.number());
    for (int i = 0; (flags & has_context) != 0 && i < 7; ++i) in.number();
    for (const Field field : {has_thread, has_help, has_sender}) {
      if ((flags & field) != 0) in.number();
    }
    if ((flags & has_time) != 0) in.take(8), in.number();
    for (const Field field : {has_subcategory, has_code, has_file, has_project}) {
      if ((flags & field) != 0) in.number();
    }
    for (std::uint32_t bit = 1U << 10U; bit < has_arguments; bit <<= 1U) {
      if ((flags & bit) != 0) in.number();
    }
    if ((flags & has_arguments) != 0) {
      for (std::uint32_t left = in.number(); left > 0 && in.good() && out.arguments.size() < 64; --left)
        out.arguments.push_back(text(in.number()));
    }
    if ((flags & has_importance) != 0) in.number();
    return out;
  }

  // "{0} of {1}" with the arguments in place.
  static std::string formatted(const Common& fields) {
    if (fields.arguments.empty()) return std::string(fields.message);
    std::string out;
    for (std::size_t at = 0; at < fields.message.size() && out.size() < max_message_bytes; ++at) {
      const std::size_t end = fields.message[at] == '{' ? fields.message.find('}', at) : std::string_view::npos;
      std::size_t index = fields.arguments.size();
      if (end != std::string_view::npos && end - at >= 2 && end - at <= 3) {
        index = 0;
        for (const char c : fields.message.substr(at + 1, end - at - 1))
          index = c >= '0' && c <= '9' ? index * 10 + static_cast<std::size_t>(c - '0') : fields.arguments.size();
      }
      if (index < fields.arguments.size()) {
        out += fields.arguments[index];
        at = end;
      } else {
        out += fields.message[at];
      }
    }
    return out;
  }

  void say(std::string said, Speech speech) {
    if (said.empty()) return;
    if (log_.messages.size() >= limits::max_log_events || kept_ + said.size() > limits::max_text_bytes) {
      ++left_out_;
      return;
    }
    kept_ += said.size();
    if (said.size() > max_message_bytes) said.resize(max_message_bytes);
    log_.messages.push_back({.text = utf8::repaired(said), .step = step_, .speech = speech});
  }

  void record(std::uint32_t kind, std::string_view content) {
    Numbers in(content);
    switch (kind) {
      case embedded_files:
        embedded_ = true;
        return;
      case target_started:
      case task_started:
        if (kept_ < limits::max_text_bytes) {
          step_ = log_.add_heading(utf8::repaired(formatted(common(in)).substr(0, 300)));
          kept_ += log_.headings.back().size() + sizeof(std::string);
        }
        return;
      case error:
        say("error: " + formatted(common(in)), Speech::printed);
        return;
      case warning:
        say("warning: " + formatted(common(in)), Speech::printed);
        return;
      case build_finished:
      case message:
      case critical_message:
        say(formatted(common(in)), Speech::printed);
        return;
      case task_command_line:
        common(in);
        say(std::string(text(in.number())), Speech::command);
        return;
      default:
        return;
    }
  }

  Transcript& log_;
  std::vector<std::string_view> strings_;
  std::int32_t step_ = -1;
  std::size_t kept_ = 0;  // bytes of messages and headings
  bool embedded_ = false;
  std::size_t left_out_ = 0;
};

}  // namespace

bool looks_like_binary_log(std::string_view head) {
  // Both numbers are small, and the first record is the string or the name list of the build's beginning.
  if (head.size() < 12) return false;
  const std::uint32_t version = fixed(head, 0);
  if (version < 7 || version > newest_plausible) return false;
  if (version < first_with_lengths) {
    // A string as the first record: kind, length, text.
    const std::string_view text = head.substr(6, 6);
    return head[4] == '\x18' && static_cast<unsigned char>(head[5]) >= text.size() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
  }
  const std::uint32_t reader = fixed(head, 4);
  return reader >= first_with_lengths && reader <= version &&
         (head[8] == '\x18' || head[8] == '\x17' || head[8] == '\x01');
}

Transcript read_binary_log(std::string_view bytes) {
  Transcript log;
  log.system = System::msbuild;
  const std::uint32_t version = fixed(bytes, 0);
  if (version < first_with_lengths) {
    log.gaps.push_back(fmt::format("a binary log of format {}; only format 18 and later are read", version));
    return log;
  }
  Records(log).read(bytes.substr(8));
  return log;
}

}  // namespace assay::buildlog
