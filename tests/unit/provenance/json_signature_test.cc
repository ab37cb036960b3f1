#include "analyzer/provenance/json_signature.h"

#include <gtest/gtest.h>

#include "analyzer/provenance/trusted_keys.h"
#include "tests/unit/provenance/signed.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

struct Read {
  Artifact artifact{.id = artifact_id(1, 0), .path = "bom.json", .kind = ArtifactKind::cyclonedx};
  evidence::Rows rows{artifact.id};
  ReadOutcome outcome;
  explicit Read(const std::string& bytes, const TrustedKeys* keys = nullptr) {
    outcome = read_json_signatures({artifact, bytes}, rows, keys);
  }
  const std::vector<evidence::SignatureRow>& signatures() const { return rows.signature; }
};

// A parts list that is signed as a whole, with the members in another order than the canonical one.
std::string signed_list(const test::Signer& signer, const std::string& version = "1.0.0") {
  const std::string canonical =
      R"({"bomFormat":"CycloneDX","components":[{"name":"a","version":"1.0.0"}],"signature":{"algorithm":"ES256","keyId":"k1","publicKey":)" +
      // Inside, the members are in order as well.
      [&] {
        std::string key = signer.json_key();
        return R"({"crv":"P-256",)" + (R"("kty":"EC",)" + key.substr(key.find("\"x\"")));
      }() +
      R"(},"version":1})";
  const std::string value = test::base64_of(signer.sign_in_two_numbers(canonical));
  return "{ \"version\": 1.0,\n \"bomFormat\": \"CycloneDX\",\n \"components\": [{\"version\": \"" + version +
         "\", \"name\": \"a\"}],\n \"signature\": {\"algorithm\": \"ES256\", \"keyId\": \"k1\", \"publicKey\": " +
         signer.json_key() + ",\n  \"value\": \"" + value + "\"}}";
}

TEST(JsonSignature, FitsTheKeyThatCameWithIt) {
  const test::Signer signer;
  const Read read(signed_list(signer));
  ASSERT_EQ(read.signatures().size(), 1U);
  const evidence::SignatureRow& row = read.signatures()[0];
  EXPECT_EQ(row.kind, "jsf");
  EXPECT_EQ(row.fits, Tri::yes);
  EXPECT_EQ(row.verified, Tri::not_examined);
  EXPECT_EQ(row.algorithm, "ecdsa-sha256");
  EXPECT_EQ(row.key_id, "k1");
  ASSERT_EQ(read.rows.location.size(), 1U);
  EXPECT_EQ(read.rows.location[0].line, 5);
  EXPECT_EQ(read.rows.location[0].column, 12);
  EXPECT_EQ(read.outcome.coverage, Coverage::read);
}

TEST(JsonSignature, AChangedVersionIsSeen) {
  const test::Signer signer;
  EXPECT_EQ(Read(signed_list(signer, "1.0.1")).signatures().at(0).fits, Tri::no);
}

TEST(JsonSignature, GivenKeysSayWho) {
  const test::Signer signer;
  const test::Signer other;
  TrustedKeys right;
  ASSERT_TRUE(right.add(signer.public_pem(), "k"));
  TrustedKeys wrong;
  ASSERT_TRUE(wrong.add(other.public_pem(), "k"));
  EXPECT_EQ(Read(signed_list(signer), &right).signatures().at(0).verified, Tri::yes);
  const Read strangers(signed_list(signer), &wrong);
  EXPECT_EQ(strangers.signatures().at(0).verified, Tri::no);
  EXPECT_EQ(strangers.signatures().at(0).fits, Tri::yes) << "anybody can bring a key";
}

TEST(JsonSignature, ACertificatePathLeadsToAGivenRoot) {
  test::Signer root;
  test::Signer middle;
  test::Signer leaf;
  root.call("root", true);
  middle.call("middle", true);
  leaf.call("leaf", false);
  middle.issued_by(root);
  leaf.issued_by(middle);
  const std::string path = "[\"" + test::base64_of(leaf.der()) + "\",\"" + test::base64_of(middle.der()) + "\"]";
  const std::string head = R"({"name":"a","signature":{"algorithm":"ES256","certificatePath":)" + path;
  const std::string value = test::base64_of(leaf.sign_in_two_numbers(head + "}}"));
  TrustedKeys keys;
  ASSERT_TRUE(keys.add(root.certificate_pem(), "root"));
  const Read read(head + ",\"value\":\"" + value + "\"}}", &keys);
  ASSERT_EQ(read.signatures().size(), 1U);
  EXPECT_EQ(read.signatures()[0].fits, Tri::yes);
  EXPECT_EQ(read.signatures()[0].verified, Tri::yes);
  EXPECT_EQ(read.signatures()[0].authority, "middle");
}

TEST(JsonSignature, SignersSignAloneAndLinksOfAChainWhatIsBeforeThem) {
  const test::Signer one;
  const test::Signer two;
  const auto part = [](const test::Signer& signer, const std::string& value) {
    std::string key = signer.json_key();
    key = R"({"crv":"P-256","kty":"EC",)" + key.substr(key.find("\"x\""));
    return R"({"algorithm":"ES256","publicKey":)" + key + (value.empty() ? "" : ",\"value\":\"" + value + "\"") + "}";
  };
  const auto document = [](const std::string& kind, const std::string& parts) {
    return R"({"name":"a","signature":{")" + kind + "\":[" + parts + "]}}";
  };
  const auto signed_by = [&](const test::Signer& signer, const std::string& text) {
    return part(signer, test::base64_of(signer.sign_in_two_numbers(text)));
  };
  const std::string alone_1 = signed_by(one, document("signers", part(one, "")));
  const std::string alone_2 = signed_by(two, document("signers", part(two, "")));
  const Read signers(document("signers", alone_1 + "," + alone_2));
  ASSERT_EQ(signers.signatures().size(), 2U);
  EXPECT_EQ(signers.signatures()[0].fits, Tri::yes);
  EXPECT_EQ(signers.signatures()[1].fits, Tri::yes);

  const std::string first = signed_by(one, document("chain", part(one, "")));
  const std::string second = signed_by(two, document("chain", first + "," + part(two, "")));
  const Read chain(document("chain", first + "," + second));
  ASSERT_EQ(chain.signatures().size(), 2U);
  EXPECT_EQ(chain.signatures()[0].fits, Tri::yes);
  EXPECT_EQ(chain.signatures()[1].fits, Tri::yes);
  const Read mixed(document("chain", alone_1 + "," + second));
  EXPECT_EQ(mixed.signatures().at(1).fits, Tri::no) << "the first link was exchanged";
}

TEST(JsonSignature, ExcludedMembersMayChange) {
  const test::Signer signer;
  std::string key = signer.json_key();
  key = R"({"crv":"P-256","kty":"EC",)" + key.substr(key.find("\"x\""));
  const std::string signature = R"("signature":{"algorithm":"ES256","excludes":["note"],"publicKey":)" + key;
  const std::string value = test::base64_of(signer.sign_in_two_numbers(R"({"name":"a",)" + signature + "}}"));
  const std::string end = signature + ",\"value\":\"" + value + "\"}}";
  EXPECT_EQ(Read(R"({"name":"a","note":"later",)" + end).signatures().at(0).fits, Tri::yes);
  EXPECT_EQ(Read(R"({"name":"a","other":"later",)" + end).signatures().at(0).fits, Tri::no);
}

TEST(JsonSignature, PartsAreSignedByThemselves) {
  const test::Signer signer;
  const std::string inner = signed_list(signer);
  const Read read("{\"bomFormat\":\"CycloneDX\",\"components\":[" + inner + ",{\"name\":\"b\"}]}");
  ASSERT_EQ(read.signatures().size(), 1U);
  EXPECT_EQ(read.signatures()[0].fits, Tri::yes);
}

TEST(JsonSignature, WhatCannotBeChecked) {
  const auto fits = [](const std::string& members) {
    const Read read(R"({"a":1,"signature":{)" + members + "}}");
    return read.signatures().empty() ? -2 : static_cast<int>(read.signatures()[0].fits);
  };
  const int not_examined = static_cast<int>(Tri::not_examined);
  EXPECT_EQ(fits(R"("algorithm":"HS256","value":"AAAA")"), not_examined) << "a shared secret";
  EXPECT_EQ(fits(R"("algorithm":"ES256","value":"AAAA","publicKey":{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})"),
            not_examined)
      << "no point of the curve";
  EXPECT_EQ(fits(R"("algorithm":"ES256","value":"AAAA","publicKey":7)"), not_examined);
  EXPECT_EQ(fits(R"("algorithm":"ES256")"), -2) << "no value, no signature";
  EXPECT_EQ(
      fits(
          R"("algorithm":"Ed25519","value":"AAAA","publicKey":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
      static_cast<int>(Tri::no));
  EXPECT_TRUE(Read("not json \"signature\" \"algorithm\"").signatures().empty());
}

}  // namespace
}  // namespace assay::provenance
