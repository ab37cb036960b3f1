#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/decode.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string base64(const std::string& text) {
  static const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = (bits << 8) | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > text.size() ? '=' : letters[(bits >> (18 - 6 * k)) & 63U];
  }
  return out;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 200, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string map =
    R"({"github_token":{"value":"NotARealToken0123456789","isSecret":true},"x":{"value":"y","isSecret":true}})";

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

TEST(Blobs, TheHelperAboveEncodes) {
  EXPECT_EQ(base64("Man"), "TWFu");
  EXPECT_EQ(base64("Ma"), "TWE=");
  EXPECT_EQ(base64("M"), "TQ==");
}

TEST(Blobs, ADoublyEncodedSecretMapOnALineOfItsOwn) {
  const std::string line = base64(base64(map));
  test::Reading log = reading("before\n" + line + "\nafter\n");
  EXPECT_EQ(log.one("SELECT whole_line, encodings, layers, content, length FROM log_blob"),
            "1|base64>base64|2|secret-map|" + std::to_string(line.size()));
  EXPECT_EQ(
      log.one("SELECT line, column, end_line, end_column FROM log_blob b JOIN location l ON l.location_id = b.at"),
      "2|1|2|" + std::to_string(line.size() + 1));
  const std::string sample = log.one("SELECT sample FROM log_blob");
  EXPECT_THAT(sample, HasSubstr("github_token"));
  EXPECT_THAT(sample, Not(HasSubstr("NotARealToken")));
}

TEST(Blobs, WrappedAt76Columns) {
  const std::string whole = base64(base64(map));
  std::string wrapped;
  for (std::size_t i = 0; i < whole.size(); i += 76) wrapped += whole.substr(i, 76) + "\n";
  test::Reading log = reading(wrapped + "after\n");
  EXPECT_EQ(
      log.one(
          "SELECT content, encodings, length, line, end_line FROM log_blob b JOIN location l ON l.location_id = b.at"),
      "secret-map|base64>base64|" + std::to_string(whole.size()) + "|1|" + std::to_string((whole.size() + 75) / 76));
}

TEST(Blobs, OtherCoats) {
  std::size_t budget = 1 << 20;
  const std::string twice = base64(base64(map));
  EXPECT_EQ(decode(base64(gzip(map)), budget).encodings, "base64>gzip");
  EXPECT_EQ(decode(std::string(twice.rbegin(), twice.rend()), budget).encodings, "reversed>base64>base64");
  std::string hex;
  for (const char c : map) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  EXPECT_EQ(decode(hex, budget).encodings, "hex");
  EXPECT_EQ(decode(hex, budget).content, "secret-map");
}

TEST(Blobs, DigestsPathsRulersAndCertificatesAreNotTold) {
  EXPECT_THAT(
      reading("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n").ask("SELECT content FROM log_blob"),
      IsEmpty());
  EXPECT_THAT(reading(std::string(100, '-') + "\n" + std::string(80, '=') + "\n" + std::string(90, 'a') + "\n")
                  .ask("SELECT content FROM log_blob"),
              IsEmpty());
  EXPECT_THAT(reading("/home/runner/work/demo/demo/node_modules/some-package/node_modules/other-package/lib/index\n")
                  .ask("SELECT content FROM log_blob"),
              IsEmpty());
  EXPECT_THAT(
      reading(
          "integrity sha512-vxK3kHJo1l1oDpZUSvTLqxLbIF4yGsBvLYJeBDsU0h4zB9ybeAfmpMTSaHCeqTuc7cWsvUyqX8Bl4dDpIaLVYg==\n")
          .ask("SELECT content FROM log_blob"),
      IsEmpty());
}

TEST(Blobs, InsideALineOnlyWhatHidesSomething) {
  EXPECT_THAT(reading("sourceMappingURL=data:application/json;base64," +
                      base64(R"({"version":3,"sources":["index.ts"],"names":[],"mappings":"AAAA"})") + "\n")
                  .ask("SELECT content FROM log_blob"),
              IsEmpty());
  EXPECT_EQ(reading("+ echo " + base64("#!/bin/sh\necho this is only an example of a script in a log\n") +
                    " | base64 -d | sh\n")
                .one("SELECT whole_line, content FROM log_blob"),
            "0|script");
}

TEST(Blobs, LayersAndBytesAreLimited) {
  std::string deep = map;
  for (std::size_t i = 0; i < limits::max_decode_layers + 3; ++i) deep = base64(deep);
  std::size_t budget = limits::max_decode_bytes;
  EXPECT_EQ(decode(deep, budget).layers, limits::max_decode_layers);
  std::size_t little = 50;
  EXPECT_LE(decode(base64(base64(map)), little).layers, 1U);
  EXPECT_EQ(little, 0U);
  // A small run that inflates to more than the budget.
  test::Reading bomb = reading(base64(gzip(std::string(8 << 20, 'a'))) + "\n");
  EXPECT_EQ(bomb.outcome().coverage, Coverage::partly_read);
  EXPECT_THAT(bomb.outcome().gaps.at(0), HasSubstr("max_decode_bytes"));
}

}  // namespace
}  // namespace assay::buildlog
