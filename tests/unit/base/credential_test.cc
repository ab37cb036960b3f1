#include "analyzer/base/credential.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using Verdict = CredentialVerdict;

// Bodies made up for this test; the checksums were computed with zlib's crc32().
TEST(Credential, AChecksumProvesAToken) {
  EXPECT_EQ(judge_credential("github-token", std::string("gh") + "p_Q7vKd2MzR9xTbW4nHcY8sLpJf3GaUe1XfbTL"),
            Verdict::proven);
  EXPECT_EQ(judge_credential("npm-token", std::string("np") + "m_Q7vKd2MzR9xTbW4nHcY8sLpJf3GaUe1XfbTL"),
            Verdict::proven);
  EXPECT_EQ(judge_credential("github-token", std::string("gh") + "p_Q7vKd2MzR9xTbW4nHcY8sLpJf3GaUe4kZ9aB"),
            Verdict::wrong_checksum);
  EXPECT_EQ(judge_credential("github-token", std::string("gh") + "s_" + std::string(36, 'x')), Verdict::placeholder);
  EXPECT_EQ(judge_credential("github-token", "ghp_"), Verdict::placeholder);
}

// Every single changed character is noticed.
TEST(Credential, AnyOtherCharacterBreaksTheChecksum) {
  const std::string good = std::string("gh") + "p_Q7vKd2MzR9xTbW4nHcY8sLpJf3GaUe1XfbTL";
  for (std::size_t i = 4; i < good.size(); ++i) {
    std::string other = good;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(judge_credential("github-token", other), Verdict::wrong_checksum) << i;
  }
}

TEST(Credential, WithoutAChecksumItMustLookRandom) {
  const auto of = [](const std::string& body) { return judge_credential("gitlab-token", "glpat" + ("-" + body)); };
  EXPECT_EQ(of("V8bq2RzX7nKd5MwT4cYh"), Verdict::plausible);
  EXPECT_EQ(of("abababababababababab"), Verdict::placeholder);
  EXPECT_EQ(of("V8bq2RzXaaaaaMwT4cYh"), Verdict::placeholder);
  EXPECT_EQ(of("V8bq12345678MwT4cYhR"), Verdict::placeholder);
  EXPECT_EQ(of("V8bqRzXFAKEd5MwT4cYh"), Verdict::placeholder);
  EXPECT_EQ(judge_credential("aws-key-id", std::string("AKIA") + "IOSFODNN7EXAMPLE"), Verdict::placeholder);
  EXPECT_EQ(judge_credential("pypi-token", "pypi-AgENdGVzdC5weXBpLm9yZwIkV8bq2RzX7nKd5MwT4cYh"),
            Verdict::wrong_checksum)
      << "another index's macaroon";
  EXPECT_EQ(judge_credential("gitlab-token", ""), Verdict::placeholder);
}

}  // namespace
}  // namespace assay
