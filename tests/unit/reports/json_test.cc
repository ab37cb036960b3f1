#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reports/render.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

using Json = nlohmann::json;

RenderOptions open_options() {
  RenderOptions options;
  options.show_secrets = true;
  return options;
}

Report every_field() {
  Report report = sample::repository();
  report.product = sample::product().product;
  report.timings = {{"read", 0.25, std::uint64_t{3} << 40}, {"judge", 1e-3}};
  report.rules[0].equivalents = {{"zizmor", {"cache-poisoning"}}};
  report.bytes = 0xFFFFFFFFFFFFFFFFULL;
  Change change;
  change.area = "log";
  change.kind = "new-package";
  change.name = "carrier";
  change.ecosystem = "npm";
  change.now = "4.2.1";
  change.step = "patch";
  change.path = "install";
  change.detail = "added carrier";
  change.explained = "no";
  change.at = {"build.log", {{4, 1}, {4, 9}}};
  report.changes = {change};
  return report;
}

TEST(JsonReport, ReadsBackToTheSameBytes) {
  for (const Report& report : {every_field(), sample::product(), Report{}}) {
    const std::string text = json(report, open_options());
    const Result<Report> back = read_json(text);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(json(*back, open_options()), text);
  }
}

TEST(JsonReport, ReadsBackEveryKindOfField) {
  const Report report = every_field();
  const Result<Report> back = read_json(json(report, open_options()));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->bytes, report.bytes);
  EXPECT_EQ(back->timings, report.timings);
  EXPECT_EQ(back->verdict.counted, report.verdict.counted);
  EXPECT_EQ(back->inputs_by_kind, report.inputs_by_kind);
  EXPECT_EQ(back->findings[0].related, report.findings[0].related);
  EXPECT_EQ(back->findings[0].values, report.findings[0].values);
  EXPECT_EQ(back->findings[0].at, report.findings[0].at);
  EXPECT_EQ(back->findings[0].standing, Standing::fresh);
  EXPECT_EQ(back->findings[10].suppressions[0].source, "assay.yaml:4");
  EXPECT_EQ(back->rules[0].equivalents, report.rules[0].equivalents);
  EXPECT_EQ(back->not_fully_read[2].coverage, Coverage::partly_read);
  EXPECT_EQ(back->not_fully_read[2].kind, ArtifactKind::build_log);
  EXPECT_EQ(back->paths[0].weakest, 1U);
  EXPECT_FALSE(back->paths[0].steps[2].observed);
  ASSERT_EQ(back->changes.size(), 1U);
  EXPECT_EQ(back->changes[0].now, "4.2.1");
  EXPECT_EQ(back->changes[0].explained, "no");
  EXPECT_EQ(back->changes[0].at, report.changes[0].at);
  ASSERT_TRUE(back->product);
  EXPECT_EQ(back->product->risk_worst, 68);
  EXPECT_TRUE(back->product->unstable);
}

TEST(JsonReport, EveryOtherFormatIsTheSameAfterReadingBack) {
  const Report report = every_field();
  const Result<Report> back = read_json(json(report, open_options()));
  ASSERT_TRUE(back);
  for (const Format& format : formats()) {
    EXPECT_EQ(*render(format.word, *back, {}), *render(format.word, report, {})) << format.word;
  }
}

TEST(JsonReport, IsAsciiAndValidForAnyBytes) {
  const std::string text = json(sample::hostile_report(), {});
  for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << static_cast<int>(c);
  EXPECT_FALSE(Json::parse(text, nullptr, false).is_discarded());
  EXPECT_TRUE(read_json(text));
}

TEST(JsonReport, SecretsAreMaskedUnlessAsked) {
  Report report = sample::repository();
  const std::string secret = "ghp_" + std::string(36, 'q');
  report.findings[0].snippet = secret;
  EXPECT_EQ(json(report, {}).find("qqqq"), std::string::npos);
  EXPECT_NE(json(report, open_options()).find(secret), std::string::npos);
  for (const Format& format : formats())
    EXPECT_EQ(render(format.word, report, {})->find("qqqq"), std::string::npos) << format.word;
}

TEST(ReadJson, RefusesWithThePlace) {
  const auto code_of = [](std::string_view text) { return read_json(text).error().code; };
  EXPECT_EQ(code_of(""), ErrorCode::syntax);
  EXPECT_EQ(code_of("[]"), ErrorCode::syntax);
  EXPECT_EQ(code_of("{}"), ErrorCode::syntax);
  EXPECT_EQ(code_of(R"({"schema": "assay-report/2"})"), ErrorCode::unsupported);
  EXPECT_EQ(code_of(std::string(300, '[')), ErrorCode::limit);
  const auto where = [](std::string_view body) {
    return read_json("{\"schema\": \"assay-report/1\", " + std::string(body) + "}").error().where;
  };
  EXPECT_EQ(where(R"("findings": {})"), "/findings");
  EXPECT_EQ(where(R"("findings": [{"at": {"line": -1}}])"), "/findings/0/at/line");
  EXPECT_EQ(where(R"("findings": [{"at": {"line": 4294967296}}])"), "/findings/0/at/line");
  EXPECT_EQ(where(R"("findings": [{}, {"severity": "awful"}])"), "/findings/1/severity");
  EXPECT_EQ(where(R"("inputs_by_kind": {"a": "b"})"), "/inputs_by_kind/a");
  EXPECT_EQ(where(R"("product": 3)"), "/product");
  EXPECT_EQ(where(R"("verdict": {"counted": {"high": 1.5}})"), "/verdict/counted/high");
}

TEST(ReadJson, PassesOverWhatItDoesNotKnow) {
  const Result<Report> report = read_json(R"({"schema": "assay-report/1", "later": [1], "subject": "x"})");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->subject, "x");
}

TEST(Render, UnknownFormatNamesTheKnownOnes) {
  const Result<std::string> text = render("pdf", Report{}, {});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::usage);
  EXPECT_NE(text.error().message.find("terminal, json, sarif, html"), std::string::npos) << text.error().message;
}

TEST(Render, SameReportSameBytes) {
  for (const Format& format : formats()) {
    for (const Report& report : {sample::repository(), sample::product(), sample::hostile_report(), Report{}}) {
      EXPECT_EQ(*render(format.word, report, {}), *render(format.word, Report(report), {})) << format.word;
      EXPECT_FALSE(render(format.word, report, {})->empty()) << format.word;
    }
  }
}

// As much of JSON Schema draft-07 as report.schema.json uses; an unknown keyword is an error of the schema.
class Schema {
 public:
  explicit Schema(Json root) : root_(std::move(root)) {}
  std::string check(const Json& value) { return check(root_, value, ""); }
  std::set<std::string> unused() const {
    std::set<std::string> all;
    collect(root_, all);
    for (const std::string& one : used_) all.erase(one);
    return all;
  }

 private:
  static std::string type_of(const Json& value) {
    if (value.is_object()) return "object";
    if (value.is_array()) return "array";
    if (value.is_string()) return "string";
    if (value.is_boolean()) return "boolean";
    if (value.is_null()) return "null";
    return value.is_number_float() ? "number" : "integer";
  }
  std::string check(const Json& schema, const Json& value, const std::string& at) {
    for (const auto& [keyword, rule] : schema.items()) {
      if (keyword == "$ref") {
        const std::string target = rule.get<std::string>();
        if (std::string wrong = check(root_.at(Json::json_pointer(target.substr(1))), value, at); !wrong.empty())
          return wrong;
      } else if (keyword == "type") {
        const std::string type = type_of(value);
        const std::vector<std::string> types =
            rule.is_array() ? rule.get<std::vector<std::string>>() : std::vector{rule.get<std::string>()};
        const bool fits = std::any_of(types.begin(), types.end(), [&](const std::string& one) {
          return one == type || (one == "number" && type == "integer");
        });
        if (!fits) return at + " is " + type;
      } else if (keyword == "enum") {
        if (std::find(rule.begin(), rule.end(), value) == rule.end())
          return at + ": " + value.dump() + " is not in the list";
      } else if (keyword == "const") {
        if (rule != value) return at + " is not " + rule.dump();
      } else if (keyword == "minimum") {
        if (value.get<double>() < rule.get<double>()) return at + " is too small";
      } else if (keyword == "maximum") {
        if (value.get<double>() > rule.get<double>()) return at + " is too large";
      } else if (keyword == "required") {
        for (const Json& name : rule) {
          if (value.is_object() && !value.contains(name.get<std::string>()))
            return at + "/" + name.get<std::string>() + " is missing";
        }
      } else if (keyword == "properties" || keyword == "additionalProperties") {
        continue;
      } else if (keyword == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
          if (std::string wrong = check(rule, value[i], at + "/" + std::to_string(i)); !wrong.empty()) return wrong;
        }
      } else if (keyword == "anyOf") {
        if (std::none_of(rule.begin(), rule.end(), [&](const Json& one) { return check(one, value, at).empty(); }))
          return at + " fits nothing";
      } else if (keyword != "$schema" && keyword != "$id" && keyword != "title" && keyword != "description" &&
                 keyword != "definitions") {
        return "the schema uses " + keyword;
      }
    }
    if (!value.is_object()) return {};
    const Json none = Json::object();
    const Json& properties = schema.contains("properties") ? schema["properties"] : none;
    for (const auto& [name, member] : value.items()) {
      const std::string place = at + "/" + name;
      std::string wrong;
      if (properties.contains(name)) {
        used_.insert(properties[name].dump() + name);
        wrong = check(properties[name], member, place);
      } else if (schema.contains("additionalProperties")) {
        if (schema["additionalProperties"] == false) return place + " is not in the schema";
        wrong = check(schema["additionalProperties"], member, place);
      }
      if (!wrong.empty()) return wrong;
    }
    return {};
  }
  static void collect(const Json& schema, std::set<std::string>& all) {
    if (!schema.is_object()) return;
    for (const auto& [key, member] : schema.items()) {
      if (key == "properties") {
        for (const auto& [name, one] : member.items()) all.insert(one.dump() + name);
      }
      if (member.is_object()) collect(member, all);
    }
  }

  Json root_;
  std::set<std::string> used_;
};

TEST(ReportSchema, DescribesWhatIsWrittenAndNothingElse) {
  std::ifstream file(ASSAY_SOURCE_DIR "/reports/report.schema.json");
  Schema schema(Json::parse(file));
  for (const Report& report : {every_field(), sample::product(), sample::hostile_report(), Report{}}) {
    EXPECT_EQ(schema.check(Json::parse(json(report, {}))), "");
  }
  EXPECT_EQ(schema.unused(), std::set<std::string>{}) << "the schema names what no report holds";
  Json wrong = Json::parse(json(sample::repository(), {}));
  wrong["findings"][0]["surprise"] = 1;
  EXPECT_EQ(schema.check(wrong), "/findings/0/surprise is not in the schema");
  wrong["findings"][0].erase("surprise");
  wrong["findings"][0].erase("rule");
  EXPECT_EQ(schema.check(wrong), "/findings/0/rule is missing");
}

}  // namespace
}  // namespace assay::reports
