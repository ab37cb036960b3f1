#include "analyzer/provenance/minisign.h"

#include <gtest/gtest.h>

#include "analyzer/provenance/attestation.h"
#include "analyzer/provenance/trusted_keys.h"
#include "tests/unit/provenance/signed.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

// A pair of keys as minisign makes them.
class Minisigner {
 public:
  Minisigner() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free) {}

  std::string public_file() const {
    std::string raw(32, '\0');
    std::size_t length = raw.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &length);
    return "untrusted comment: minisign public key 0102030405060708\n" + test::base64_of("Ed" + id_ + raw) + "\n";
  }
  std::string signature_file(const std::string& comment, const std::string& shown_comment) const {
    const std::string signature = sign("the file");
    return "untrusted comment: signature from minisign secret key\n" + test::base64_of("ED" + id_ + signature) +
           "\ntrusted comment: " + shown_comment + "\n" + test::base64_of(sign(signature + comment)) + "\n";
  }

 private:
  std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    std::string out(64, '\0');
    std::size_t length = out.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    return out;
  }
  std::string id_ = "\x08\x07\x06\x05\x04\x03\x02\x01";
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

evidence::Rows read(const std::string& bytes, const TrustedKeys* keys) {
  const Artifact artifact{.id = artifact_id(1, 0), .path = "a.minisig", .kind = ArtifactKind::attestation};
  evidence::Rows rows(artifact.id);
  EXPECT_TRUE(looks_like_attestation(bytes));
  read_attestation({artifact, bytes}, rows, keys);
  return rows;
}

TEST(Minisign, IdAndComment) {
  const evidence::Rows rows = read(Minisigner().signature_file("timestamp:1", "timestamp:1"), nullptr);
  ASSERT_EQ(rows.signature.size(), 1U);
  EXPECT_EQ(rows.signature[0].kind, "minisign");
  EXPECT_EQ(rows.signature[0].key_id, "0102030405060708");
  EXPECT_EQ(rows.signature[0].signer, "timestamp:1");
  EXPECT_EQ(rows.signature[0].algorithm, "ed25519-blake2b");
  EXPECT_EQ(rows.signature[0].verified, Tri::not_examined);
  ASSERT_EQ(rows.location.size(), 1U);
  EXPECT_EQ(rows.location[0].line, 2);
}

TEST(Minisign, ACommentThatTheKeyDidNotSign) {
  const Minisigner signer;
  TrustedKeys keys;
  ASSERT_TRUE(keys.add(signer.public_file(), "minisign.pub"));
  EXPECT_EQ(read(signer.signature_file("file:a-1.0", "file:a-1.0"), &keys).signature.at(0).verified, Tri::not_examined)
      << "the file was not seen";
  EXPECT_EQ(read(signer.signature_file("file:a-1.0", "file:a-2.0"), &keys).signature.at(0).verified, Tri::no);
  EXPECT_EQ(read(Minisigner().signature_file("x", "x"), &keys).signature.at(0).verified, Tri::no)
      << "another key that claims the same id";
}

TEST(Minisign, WhatIsNone) {
  EXPECT_FALSE(looks_like_minisign(""));
  EXPECT_FALSE(looks_like_minisign("untrusted comment: x\nAAAA\n"));
  EXPECT_FALSE(looks_like_minisign("comment: x\n" + test::base64_of("Ed" + std::string(72, 'a'))));
  EXPECT_FALSE(looks_like_minisign(Minisigner().public_file())) << "a key is no signature";
  EXPECT_FALSE(read_minisign_key("untrusted comment: x\n" + test::base64_of("Ed" + std::string(72, 'a'))));
  const auto key = read_minisign_key(test::base64_of("Ed" + std::string(40, 'a')));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->id, "6161616161616161");
}

}  // namespace
}  // namespace assay::provenance
