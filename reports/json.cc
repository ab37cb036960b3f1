#include <nlohmann/json.hpp>

#include "reports/fields.h"
#include "reports/redact.h"
#include "reports/render.h"

namespace assay::reports {
namespace {

using Json = nlohmann::ordered_json;

struct Write {
  Json& out;

  template <class T>
  void operator()(const char* name, const T& value) {
    out[name] = of(value);
  }

  static Json of(const std::string& text) { return text; }
  static Json of(bool value) { return value; }
  static Json of(const std::array<int, 5>& counted) {
    Json object = Json::object();
    for (std::size_t i = 0; i < counted.size(); ++i) object[std::string(word(static_cast<Severity>(i)))] = counted[i];
    return object;
  }
  static Json of(const std::pair<std::string, Location>& place) {
    return {{"what", place.first}, {"at", of(place.second)}};
  }
  template <class T>
  static Json of(const std::vector<T>& list) {
    Json array = Json::array();
    for (const T& one : list) array.push_back(of(one));
    return array;
  }
  template <class T>
  static Json of(const std::map<std::string, T>& map) {
    Json object = Json::object();
    for (const auto& [key, value] : map) object[key] = of(value);
    return object;
  }
  template <class T>
  static Json of(const std::optional<T>& value) {
    return value ? of(*value) : Json(nullptr);
  }
  template <class T>
  static Json of(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return std::string(word(value));
    } else if constexpr (Described<const T>) {
      Json object = Json::object();
      Write write{object};
      describe(write, value);
      return object;
    } else {
      return value;
    }
  }
};

}  // namespace

std::string json(const Report& report, const RenderOptions& options) {
  Json out = Json::object();
  out["schema"] = schema_word;
  Write write{out};
  const Report shown = options.show_secrets ? report : redacted(report);
  describe(write, shown);
  return out.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::reports
