#include "analyzer/provenance/trusted_keys.h"

#include <gtest/gtest.h>

#include <string>

#include "analyzer/provenance/attestation.h"
#include "tests/support/reading.h"
#include "tests/unit/provenance/signed.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

TEST(TrustedKeys, PublicKeyAndCertificate) {
  const test::Signer signer;
  const test::Signer other;
  std::string algorithm;
  TrustedKeys keys;
  EXPECT_TRUE(keys.empty());
  EXPECT_EQ(keys.verify("text", signer.sign("text"), nullptr, algorithm), Tri::not_examined);
  ASSERT_TRUE(keys.add(other.certificate_pem(), "other.pem"));
  EXPECT_EQ(keys.verify("text", signer.sign("text"), nullptr, algorithm), Tri::no);
  ASSERT_TRUE(keys.add("comment\n" + signer.public_pem(), "signer.pem"));
  EXPECT_EQ(keys.verify("text", signer.sign("text"), nullptr, algorithm), Tri::yes);
  EXPECT_EQ(algorithm, "ecdsa-sha256");
  EXPECT_EQ(keys.verify("text", other.sign("text"), nullptr, algorithm), Tri::yes);
  EXPECT_EQ(keys.verify("changed", signer.sign("text"), nullptr, algorithm), Tri::no);
  EXPECT_EQ(keys.verify("text", "", nullptr, algorithm), Tri::no);
}

TEST(TrustedKeys, AnIssuerVouchesForTheCertificateInTheBundle) {
  const test::Signer authority;
  test::Signer leaf;
  leaf.issued_by(authority);
  TrustedKeys keys;
  ASSERT_TRUE(keys.add(authority.certificate_pem(), "root.pem"));
  const std::unique_ptr<Certificate> certificate = Certificate::read(leaf.der());
  ASSERT_NE(certificate, nullptr);
  std::string algorithm;
  EXPECT_EQ(keys.verify("text", leaf.sign("text"), certificate.get(), algorithm), Tri::yes);
  EXPECT_EQ(keys.verify("other", leaf.sign("text"), certificate.get(), algorithm), Tri::no);
  const test::Signer stranger;
  const std::unique_ptr<Certificate> own = Certificate::read(stranger.der());
  EXPECT_EQ(keys.verify("text", stranger.sign("text"), own.get(), algorithm), Tri::no);
}

// A root, two authorities below each other, and a signer below them.
struct Issued {
  test::Signer root, upper, lower, leaf;
  explicit Issued(bool lower_is_authority = true) {
    root.call("root", true);
    upper.call("upper", true);
    lower.call("lower", lower_is_authority);
    leaf.call("leaf", false);
    upper.issued_by(root);
    lower.issued_by(upper);
    leaf.issued_by(lower);
  }
  Tri verified_with(const std::vector<const test::Signer*>& companions, const std::string& message = "text") const {
    TrustedKeys keys;
    EXPECT_TRUE(keys.add(root.certificate_pem(), "root.pem"));
    const std::unique_ptr<Certificate> certificate = Certificate::read(leaf.der());
    for (const test::Signer* one : companions) certificate->came_with(Certificate::read(one->der()));
    std::string algorithm;
    return keys.verify(message, leaf.sign("text"), certificate.get(), algorithm);
  }
};

TEST(TrustedKeys, AChainLeadsToTheGivenRoot) {
  const Issued all;
  EXPECT_EQ(all.verified_with({&all.lower, &all.upper}), Tri::yes);
  EXPECT_EQ(all.verified_with({&all.upper, &all.root, &all.lower}), Tri::yes) << "the order does not matter";
  EXPECT_EQ(all.verified_with({&all.lower, &all.upper}, "other"), Tri::no);
  EXPECT_EQ(all.verified_with({&all.lower}), Tri::no) << "a link is missing";
  EXPECT_EQ(all.verified_with({}), Tri::no);
}

TEST(TrustedKeys, WhatIsNoAuthorityVouchesForNobody) {
  const Issued all(false);
  EXPECT_EQ(all.verified_with({&all.lower, &all.upper}), Tri::no)
      << "anybody with a signer's certificate could issue others";
}

TEST(TrustedKeys, ARingOfCertificatesEnds) {
  Issued all;
  all.upper.issued_by(all.lower);
  EXPECT_EQ(all.verified_with({&all.lower, &all.upper, &all.lower, &all.upper}), Tri::no);
}

TEST(TrustedKeys, FilesThatAreNone) {
  TrustedKeys keys;
  for (const std::string& bytes : {std::string(), std::string("nothing"),
                                   std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
                                   std::string("-----BEGIN CERTIFICATE-----"), std::string(2'000'000, 'a')}) {
    const Result<void> added = keys.add(bytes, "x.pem");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().where, "x.pem");
  }
  EXPECT_TRUE(keys.empty());
}

TEST(TrustedKeys, EnvelopeWithoutCertificate) {
  const test::Signer signer;
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://example.com/p","predicate":{}})";
  const std::string type = "application/vnd.in-toto+json";
  const std::string envelope = R"({"payloadType":")" + type + R"(","payload":")" + test::base64_of(statement) +
                               R"(","signatures":[{"keyid":"k","sig":")" +
                               test::base64_of(signer.sign(pre_authentication_encoding(type, statement))) +
                               R"("},{"sig":"!"}]})";
  const Artifact artifact{.id = artifact_id(1, 0), .path = "a.json", .kind = ArtifactKind::attestation};
  TrustedKeys keys;
  ASSERT_TRUE(keys.add(signer.public_pem(), "k.pem"));
  evidence::Rows with(artifact.id);
  read_attestation({artifact, envelope}, with, &keys);
  ASSERT_EQ(with.signature.size(), 2U);
  EXPECT_EQ(with.signature[0].verified, Tri::yes);
  EXPECT_EQ(with.signature[0].fits, Tri::not_examined);
  EXPECT_EQ(with.signature[1].verified, Tri::no);
  evidence::Rows without(artifact.id);
  read_attestation({artifact, envelope}, without);
  EXPECT_EQ(without.signature[0].verified, Tri::not_examined);
}

}  // namespace
}  // namespace assay::provenance
