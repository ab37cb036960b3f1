#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "analyzer/base/limits.h"
#include "reports/fields.h"
#include "reports/render.h"

namespace assay::reports {
namespace {

using Json = nlohmann::json;

// Deepest nesting of the text, strings left out. Checked before parsing, so the parser never sees a bomb.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

// Words of enumerations that the model only writes.
template <class Enum>
bool find_word(std::string_view text, Enum last, Enum& out) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (word(static_cast<Enum>(i)) != text) continue;
    out = static_cast<Enum>(i);
    return true;
  }
  return false;
}
bool from_word(std::string_view text, Standing& out) {
  return find_word(text, Standing::gone, out);
}
bool from_word(std::string_view text, Coverage& out) {
  return find_word(text, Coverage::not_read, out);
}

// Fills a described value from an object. The first error stays; what follows it is not looked at.
class Read {
 public:
  Read(const Json& object, std::string pointer, std::optional<Error>& error)
      : object_(object), pointer_(std::move(pointer)), error_(error) {}

  template <class T>
  void operator()(const char* name, T& value) {
    if (error_) return;
    const auto found = object_.find(name);
    if (found != object_.end()) take(*found, pointer_ + "/" + name, value);
  }

  template <class T>
  void object(const Json& from, const std::string& pointer, T& value) {
    if (!from.is_object()) return wrong(pointer, "an object");
    Read inner(from, pointer, error_);
    describe(inner, value);
  }

 private:
  void wrong(const std::string& pointer, std::string_view expected) {
    if (!error_) error_ = Error{ErrorCode::syntax, fmt::format("{} is expected here", expected), pointer};
  }

  void take(const Json& from, const std::string& pointer, std::string& value) {
    if (!from.is_string()) return wrong(pointer, "a string");
    value = from.get_ref<const std::string&>();
  }
  void take(const Json& from, const std::string& pointer, bool& value) {
    if (!from.is_boolean()) return wrong(pointer, "true or false");
    value = from.get<bool>();
  }
  void take(const Json& from, const std::string& pointer, double& value) {
    if (from.is_null()) {  // what a writer makes of a value that is not a number
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (from.is_number()) {
      value = from.get<double>();
    } else {
      wrong(pointer, "a number");
    }
  }
  void take(const Json& from, const std::string& pointer, std::array<int, 5>& value) {
    if (!from.is_object()) return wrong(pointer, "an object");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto found = from.find(std::string(word(static_cast<Severity>(i))));
      if (found != from.end()) take(*found, pointer + "/" + found.key(), value[i]);
    }
  }
  void take(const Json& from, const std::string& pointer, std::pair<std::string, Location>& value) {
    pair(from, pointer, "what", value.first, "at", value.second);
  }
  template <class A, class B>
  void pair(const Json& from, const std::string& pointer, const char* first, A& a, const char* second, B& b) {
    if (!from.is_object()) return wrong(pointer, "an object");
    Read inner(from, pointer, error_);
    inner(first, a);
    inner(second, b);
  }
  template <class T>
  void take(const Json& from, const std::string& pointer, std::vector<T>& value) {
    if (!from.is_array()) return wrong(pointer, "an array");
    value.clear();
    value.reserve(from.size());
    for (std::size_t i = 0; i < from.size() && !error_; ++i) {
      take(from[i], pointer + "/" + std::to_string(i), value.emplace_back());
    }
  }
  template <class T>
  void take(const Json& from, const std::string& pointer, std::map<std::string, T>& value) {
    if (!from.is_object()) return wrong(pointer, "an object");
    value.clear();
    for (auto at = from.begin(); at != from.end() && !error_; ++at)
      take(at.value(), pointer + "/" + at.key(), value[at.key()]);
  }
  template <class T>
  void take(const Json& from, const std::string& pointer, std::optional<T>& value) {
    value.reset();
    if (!from.is_null()) take(from, pointer, value.emplace());
  }
  template <class T>
  void take(const Json& from, const std::string& pointer, T& value) {
    if constexpr (std::is_enum_v<T>) {
      if (!from.is_string() || !from_word(from.get_ref<const std::string&>(), value))
        wrong(pointer, "a word this version knows");
    } else if constexpr (Described<T>) {
      object(from, pointer, value);
    } else {
      static_assert(std::is_integral_v<T>);
      if (from.is_number_unsigned()) {
        const auto number = from.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
          return wrong(pointer, "a smaller number");
        value = static_cast<T>(number);
      } else if (from.is_number_integer() && std::is_signed_v<T>) {
        const auto number = from.get<std::int64_t>();
        if (number < static_cast<std::int64_t>(std::numeric_limits<T>::min())) return wrong(pointer, "a larger number");
        value = static_cast<T>(number);
      } else {
        wrong(pointer, std::is_signed_v<T> ? "a whole number" : "a whole number, not negative,");
      }
    }
  }

  const Json& object_;
  std::string pointer_;
  std::optional<Error>& error_;
};

}  // namespace

Result<Report> read_json(std::string_view text) {
  if (text.size() > limits::max_document_bytes)
    return fail(ErrorCode::limit, "the file is larger than max_document_bytes");
  if (depth_of(text) > limits::max_json_depth)
    return fail(ErrorCode::limit, "the file is nested deeper than max_json_depth");
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) return fail(ErrorCode::syntax, "not JSON");
  if (!document.is_object() || !document.contains("schema") || !document["schema"].is_string()) {
    return fail(ErrorCode::syntax, "not a report of assay: a \"schema\" is missing");
  }
  if (document["schema"] != schema_word) {
    return fail(ErrorCode::unsupported, fmt::format("this version reads the schema {} only", schema_word), "/schema");
  }
  Report report;
  std::optional<Error> error;
  Read reader(document, "", error);
  describe(reader, report);
  if (error) return tl::unexpected<Error>(std::move(*error));
  return report;
}

}  // namespace assay::reports
