#include "analyzer/provenance/xml_signature.h"

#include <gtest/gtest.h>

#include "analyzer/provenance/canonical_xml.h"
#include "analyzer/provenance/trusted_keys.h"
#include "tests/unit/provenance/signed.h"

namespace assay::provenance {
namespace {

using evidence::Tri;

std::string canonical(const std::string& text, XmlForm form) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_buffer(text.data(), text.size(), canonical_parsing, pugi::encoding_utf8));
  return canonical_xml(document, form, {}, 10'000).value_or("none");
}

TEST(CanonicalXml, EndTagsOrderAndEscapes) {
  EXPECT_EQ(
      canonical(
          "<?xml version='1.0'?>\n<a  c='1'\n b=\"x&#10;&quot;'&lt;\"><!-- no --><e/>\r\n<![CDATA[<&]]>&gt;</a>\n",
          XmlForm::inclusive),
      "<a b=\"x&#xA;&quot;'&lt;\" c=\"1\"><e></e>\n&lt;&amp;&gt;</a>");
  EXPECT_EQ(canonical("<?one  two?><a/><?three?>", XmlForm::inclusive), "<?one two?>\n<a></a>\n<?three?>");
}

TEST(CanonicalXml, NamespacesOfBothForms) {
  const std::string text =
      "<a xmlns='urn:d' xmlns:u='urn:unused' xmlns:p='urn:p'><b xmlns='urn:d' p:z='1' y='2'><c xmlns=''/></b></a>";
  EXPECT_EQ(canonical(text, XmlForm::inclusive),
            "<a xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:u=\"urn:unused\"><b y=\"2\" p:z=\"1\"><c "
            "xmlns=\"\"></c></b></a>");
  EXPECT_EQ(canonical(text, XmlForm::exclusive),
            "<a xmlns=\"urn:d\"><b xmlns:p=\"urn:p\" y=\"2\" p:z=\"1\"><c xmlns=\"\"></c></b></a>");
  EXPECT_EQ(canonical("<a><p:b/></a>", XmlForm::exclusive), "none") << "nobody declared the prefix";
}

TEST(CanonicalXml, IsBounded) {
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += "<a>";
  for (int i = 0; i < 1'000; ++i) deep += "</a>";
  EXPECT_EQ(canonical(deep, XmlForm::inclusive), "none");
  EXPECT_EQ(canonical("<a>" + std::string(20'000, 'x') + "</a>", XmlForm::inclusive), "none");
  std::string many = "<a";
  for (int i = 0; i < 100; ++i) many += " xmlns:p" + std::to_string(i) + "='urn:x'";
  EXPECT_EQ(canonical(many + "/>", XmlForm::inclusive), "none");
}

std::string digest_of(const std::string& text) {
  std::string out(32, '\0');
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha256(), nullptr);
  return test::base64_of(out);
}

// A parts list signed as a whole; `version` is what it says after that.
std::string signed_list(const test::Signer& signer, const std::string& version = "1.0.0",
                        const std::string& transform = "http://www.w3.org/2001/10/xml-exc-c14n#") {
  const std::string canonical_list =
      "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\" version=\"1\"><name></name><version>1.0.0</version>\n</bom>";
  const std::string info =
      "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
      "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>"
      "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>"
      "<ds:Reference URI=\"\"><ds:Transforms>"
      "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
      "<ds:Transform Algorithm=\"" +
      transform +
      "\"></ds:Transform></ds:Transforms>"
      "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>" +
      digest_of(canonical_list) + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
  return "<?xml version=\"1.0\"?>\n<bom version='1' xmlns='http://cyclonedx.org/schema/bom/1.4'><name/><version>" +
         version + "</version>\n<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">" + info +
         "<ds:SignatureValue>" + test::base64_of(signer.sign_in_two_numbers(info)) +
         "</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>" + test::base64_of(signer.der()) +
         "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature></bom>";
}

evidence::Rows read(const std::string& bytes, const TrustedKeys* keys = nullptr) {
  const Artifact artifact{.id = artifact_id(1, 0), .path = "bom.xml", .kind = ArtifactKind::cyclonedx};
  evidence::Rows rows(artifact.id);
  read_xml_signatures({artifact, bytes}, rows, keys);
  return rows;
}

TEST(XmlSignature, FitsItsCertificate) {
  const test::Signer signer;
  const evidence::Rows rows = read(signed_list(signer));
  ASSERT_EQ(rows.signature.size(), 1U);
  EXPECT_EQ(rows.signature[0].kind, "xml");
  EXPECT_EQ(rows.signature[0].fits, Tri::yes);
  EXPECT_EQ(rows.signature[0].verified, Tri::not_examined);
  EXPECT_EQ(rows.signature[0].algorithm, "ecdsa-sha256");
  EXPECT_EQ(rows.signature[0].authority, "test-authority");
  ASSERT_EQ(rows.location.size(), 1U);
  EXPECT_EQ(rows.location[0].line, 3);
  EXPECT_EQ(rows.location[0].column, 2);
}

TEST(XmlSignature, AChangedVersionIsSeen) {
  const test::Signer signer;
  EXPECT_EQ(read(signed_list(signer, "1.0.1")).signature.at(0).fits, Tri::no);
}

TEST(XmlSignature, AChangedSignedInfoIsSeen) {
  const test::Signer signer;
  std::string text = signed_list(signer);
  const std::string before = "<ds:Reference URI";
  text.replace(text.find(before), before.size(), "<ds:Reference Id=\"a\" URI");
  EXPECT_EQ(read(text).signature.at(0).fits, Tri::no);
}

TEST(XmlSignature, GivenKeysSayWho) {
  const test::Signer signer;
  TrustedKeys right;
  ASSERT_TRUE(right.add(signer.public_pem(), "k"));
  TrustedKeys wrong;
  ASSERT_TRUE(wrong.add(test::Signer().public_pem(), "k"));
  EXPECT_EQ(read(signed_list(signer), &right).signature.at(0).verified, Tri::yes);
  EXPECT_EQ(read(signed_list(signer), &wrong).signature.at(0).verified, Tri::no);
}

TEST(XmlSignature, WhatIsNotExamined) {
  const test::Signer signer;
  const auto fits = [&](const std::string& text) { return read(text).signature.at(0).fits; };
  EXPECT_EQ(fits(signed_list(signer, "1.0.0", "http://www.w3.org/TR/1999/REC-xpath-19991116")), Tri::not_examined)
      << "what a path leaves of the document is not computed";
  std::string typed = signed_list(signer);
  typed.insert(typed.find("<bom"), "<!DOCTYPE bom>");
  EXPECT_EQ(fits(typed), Tri::not_examined);
  std::string part = signed_list(signer);
  part.replace(part.find("URI=\"\""), 6, "URI=\"#a\"");
  EXPECT_EQ(fits(part), Tri::not_examined);
  std::string cut = signed_list(signer);
  cut.resize(cut.size() - 7);
  EXPECT_EQ(fits(cut), Tri::not_examined) << "not well-formed";
  EXPECT_TRUE(read("<bom/>").signature.empty());
}

}  // namespace
}  // namespace assay::provenance
