#include "analyzer/provenance/attestation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/formats/base64.h"
#include "analyzer/provenance/certificate.h"
#include "analyzer/provenance/names.h"
#include "tests/support/reading.h"
#include "tests/unit/provenance/signed.h"

namespace assay::provenance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

test::Reading reading(const std::string& text) {
  return {read_attestation, "a.json", text, ArtifactKind::attestation};
}

const std::string third = R"({
  "_type": "https://in-toto.io/Statement/v1",
  "subject": [
    {"name": "pkg:npm/%40Scope/Name@1.2.3", "digest": {"sha512": "AB12"}},
    {"name": "demo_pkg-2.0-py3-none-any.whl", "digest": {"sha256": "cd34"}}
  ],
  "predicateType": "https://slsa.dev/provenance/v1",
  "predicate": {
    "buildDefinition": {
      "buildType": "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
      "externalParameters": {"workflow": {"ref": "refs/heads/main", "repository": "https://github.com/Example/Router", "path": ".github/workflows/release.yml"}},
      "internalParameters": {"github": {"event_name": "pull_request_target", "runner_environment": "self-hosted"}},
      "resolvedDependencies": [
        {"uri": "git+https://github.com/Example/Router@refs/heads/main", "digest": {"gitCommit": "91AE5d2288a28c9798373fbe8a6ef1136ba37e91"}},
        {"uri": "pkg:docker/node@22", "digest": {"sha256": "ee"}}
      ]
    },
    "runDetails": {"builder": {"id": "https://github.com/actions/runner/self-hosted"}, "metadata": {"invocationId": "https://github.com/Example/Router/actions/runs/25690000001/attempts/1"}}
  }
})";

TEST(Statement, SlsaThird) {
  test::Reading read = reading(third);
  EXPECT_EQ(read.outcome().coverage, Coverage::read);
  EXPECT_EQ(read.one("SELECT format, version, envelope, builder, workflow, reference, trigger_event, repository, "
                     "run_id, source_commit, self_hosted, subjects, "
                     "materials FROM attestation"),
            "slsa-provenance|v1|statement|https://github.com/actions/runner/self-hosted|.github/workflows/"
            "release.yml|refs/heads/main|pull_request_target|"
            "github.com/example/router|25690000001|91ae5d2288a28c9798373fbe8a6ef1136ba37e91|1|2|2");
  EXPECT_THAT(read.ask("SELECT s.purl_type, s.full_name, s.version, s.algorithm, s.digest, l.line, l.\"column\" FROM "
                       "attestation_subject s JOIN location l ON "
                       "l.location_id = s.at"),
              ElementsAre("npm|@scope/name|1.2.3|sha512|ab12|4|5", "pypi|demo-pkg|2.0|sha256|cd34|5|5"));
  EXPECT_THAT(
      read.ask("SELECT repository, reference, digest, source FROM attestation_material"),
      ElementsAre("github.com/example/router|refs/heads/main|91ae5d2288a28c9798373fbe8a6ef1136ba37e91|1", "|22|ee|0"));
}

TEST(Statement, SlsaSecondFromGenerator) {
  test::Reading read = reading(
      R"({"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.2","subject":[{"name":"a","digest":{"sha256":"00"}}],
"predicate":{"builder":{"id":"https://github.com/slsa-framework/slsa-github-generator/x.yml@refs/tags/v1"},"buildType":"t",
"invocation":{"configSource":{"uri":"git+https://github.com/o/r@refs/tags/v2","digest":{"sha1":"0123456789012345678901234567890123456789"},"entryPoint":".github/workflows/r.yml"},
"environment":{"github_event_name":"push","github_run_id":"12345"}},"metadata":{"buildInvocationId":"12345-1","completeness":{"materials":false}},"materials":[]}})");
  EXPECT_EQ(read.one("SELECT repository, reference, source_commit, trigger_event, run, run_id, complete, materials, "
                     "self_hosted FROM attestation"),
            "github.com/o/r|refs/tags/v2|0123456789012345678901234567890123456789|push|12345-1|12345|0|0|NULL");
}

TEST(Statement, SlsaFirstLinkAndOthers) {
  EXPECT_EQ(
      reading(
          R"({"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.1","subject":[],"predicate":{"builder":{"id":"b"},
"recipe":{"type":"y","entryPoint":"build","environment":{"GITHUB_REF":"refs/heads/x"}},"metadata":{"buildFinishedOn":"2026-01-01T00:00:00Z"},
"materials":[{"uri":"git+https://example.com/group/sub/proj.git","digest":{"sha1":"0123456789012345678901234567890123456789"}}]}})")
          .one("SELECT builder, build_type, workflow, reference, finished, repository, source_commit FROM attestation"),
      "b|y|build|refs/heads/x|2026-01-01T00:00:00Z|example.com/group/sub/"
      "proj|0123456789012345678901234567890123456789");
  EXPECT_EQ(
      reading(
          R"({"signed":{"_type":"link","name":"build","materials":{"a.c":{"sha256":"1"}},"products":{"a.o":{"sha256":"2"},"b.o":{"sha256":"3"}}}})")
          .one("SELECT format, workflow, subjects, materials FROM attestation"),
      "link|build|2|1");
  EXPECT_EQ(
      reading(
          R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/verification_summary/v1","subject":[],"predicate":{"verifier":{"id":"v"}}})")
          .one("SELECT format, builder, materials FROM attestation"),
      "vsa|v|-1");
}

// An envelope whose payload is `statement`, signed by `signer`; `sent` replaces the payload after signing.
std::string dsse(const test::Signer& signer, const std::string& statement, const std::string& sent,
                 const std::string& more = {}) {
  const std::string signature = signer.sign(pre_authentication_encoding("application/vnd.in-toto+json", statement));
  return R"({"payload":")" + test::base64_of(sent) +
         R"(","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":")" + test::base64_of(signature) +
         "\"" + more + "}]}";
}

std::string bundle(const test::Signer& signer, const std::string& statement, const std::string& sent) {
  return R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":")" +
         test::base64_of(signer.der()) + R"("},"tlogEntries":[{"integratedTime":"1778526000"}]},"dsseEnvelope":)" +
         dsse(signer, statement, sent) + "}";
}

const std::vector<std::pair<std::string, std::string>> claims = {
    {"1", "https://token.actions.example.com"},
    {"2", "push"},
    {"8", "https://token.actions.example.com"},
    {"11", "github-hosted"},
    {"12", "https://github.com/Example/Router"},
    {"13", "91ae5d22"},
    {"14", "refs/heads/main"},
    {"18", "https://github.com/Example/Router/.github/workflows/release.yml@refs/heads/main"},
    {"20", "workflow_dispatch"},
    {"21", "https://github.com/Example/Router/actions/runs/9/attempts/1"},
    {"22", "public"}};

TEST(Bundle, SignatureFitsItsCertificate) {
  const test::Signer signer(claims);
  test::Reading read = reading(bundle(signer, third, third));
  EXPECT_EQ(read.outcome().coverage, Coverage::read);
  EXPECT_EQ(read.one("SELECT s.kind, s.fits, s.verified, s.algorithm, s.identity, s.issuer, s.authority, s.not_before, "
                     "s.logged FROM signature s JOIN attestation a USING (attestation_id)"),
            "dsse|1|NULL|ecdsa-sha256|https://github.com/example/router/.github/workflows/release.yml@refs/heads/"
            "main|https://token.actions.example.com|"
            "test-authority|2026-05-11T19:16:00Z|2026-05-11T19:00:00Z");
  EXPECT_EQ(
      read.one("SELECT repository, reference, source_commit, trigger_event, run, runner, visibility FROM signature"),
      "github.com/example/router|refs/heads/main|91ae5d22|workflow_dispatch|https://github.com/Example/Router/actions/"
      "runs/9/attempts/1|github-hosted|public");
  // Rows of the payload stand at the payload.
  EXPECT_EQ(
      read.one(
          "SELECT DISTINCT l.line, l.\"column\" FROM attestation_subject s JOIN location l ON l.location_id = s.at"),
      "1|" + std::to_string(bundle(signer, third, third).find("\"payload\":") + 11));
}

TEST(Bundle, PayloadChangedAfterSigning) {
  std::string changed = third;
  changed.replace(changed.find("1.2.3"), 5, "1.2.4");
  EXPECT_EQ(reading(bundle(test::Signer(), third, changed)).one("SELECT fits FROM signature"), "0");
  const test::Signer one;
  const test::Signer other;
  const std::string swapped = R"({"verificationMaterial":{"x509CertificateChain":{"certificates":[{"rawBytes":")" +
                              test::base64_of(other.der()) + R"("}]}},"dsseEnvelope":)" + dsse(one, third, third) + "}";
  EXPECT_EQ(reading(swapped).one("SELECT fits FROM signature"), "0");
}

TEST(Bundle, WithoutCertificateNothingIsExamined) {
  test::Reading read = reading(R"({"verificationMaterial":{"publicKey":{"hint":"SHA256:abc"}},"dsseEnvelope":)" +
                               dsse(test::Signer(), third, third) + "}");
  EXPECT_EQ(read.one("SELECT fits, verified, key_id, signer FROM signature"), "NULL|NULL|SHA256:abc|SHA256:abc");
}

TEST(Bundle, MessageSignature) {
  const test::Signer signer;
  const std::string digest = *formats::base64("LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=", 100);  // SHA-256 of "foo"
  const auto text = [&](const std::string& signed_text) {
    return R"({"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.2","verificationMaterial":{"certificate":{"rawBytes":")" +
           test::base64_of(signer.der()) +
           R"("}},"messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":")" + test::base64_of(digest) +
           R"("},"signature":")" + test::base64_of(signer.sign(signed_text)) + "\"}}";
  };
  test::Reading read = reading(text("foo"));
  EXPECT_EQ(read.one("SELECT a.format, s.fits, s.kind FROM signature s JOIN attestation a USING (attestation_id)"),
            "signed-digest|1|x509");
  EXPECT_EQ(read.one("SELECT algorithm, digest FROM attestation_subject"),
            "sha256|2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
  EXPECT_EQ(reading(text("fob")).one("SELECT fits FROM signature"), "0");
}

TEST(Bundle, LargerCurve) {
  const test::Signer signer({}, "P-384");
  const std::string message = pre_authentication_encoding("t", "x");
  const std::unique_ptr<Certificate> certificate = Certificate::read(signer.der());
  ASSERT_NE(certificate, nullptr);
  std::string algorithm;
  EXPECT_EQ(certificate->fits(message, signer.sign(message, EVP_sha384()), algorithm), evidence::Tri::yes);
  EXPECT_EQ(algorithm, "ecdsa-sha384");
  EXPECT_EQ(certificate->fits(message + "y", signer.sign(message, EVP_sha384()), algorithm), evidence::Tri::no);
  EXPECT_EQ(Certificate::read("nonsense"), nullptr);
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST(Responses, NpmAndGithub) {
  const test::Signer signer(claims);
  const std::string one = bundle(signer, third, third);
  test::Reading npm =
      reading(R"({"attestations":[{"predicateType":"https://slsa.dev/provenance/v1","bundle":)" + one + "}]}");
  EXPECT_EQ(npm.one("SELECT a.envelope, s.fits FROM attestation a JOIN signature s USING (attestation_id)"),
            "npm-response|1");
  test::Reading github = reading("[{\"attestation\":{\"bundle\":" + one + "},\"verificationResult\":{}}]");
  EXPECT_EQ(github.one("SELECT a.envelope, s.fits FROM attestation a JOIN signature s USING (attestation_id)"),
            "github-response|1");
}

TEST(Responses, JsonLines) {
  const test::Signer signer;
  test::Reading read = reading(bundle(signer, third, third) + "\n\n" + bundle(signer, third, third + " ") + "\n");
  EXPECT_THAT(read.ask("SELECT l.line, s.fits FROM signature s JOIN location l ON l.location_id = s.at"),
              ElementsAre("1|1", "3|0"));
}

TEST(Responses, PypiProvenance) {
  const test::Signer signer(claims);
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"demo-1.0.tar.gz","digest":{"sha256":"aa"}}],"predicateType":"https://docs.pypi.org/attestations/publish/v1","predicate":null})";
  const std::string signature = signer.sign(pre_authentication_encoding("application/vnd.in-toto+json", statement));
  const std::string attestation =
      R"({"version":1,"verification_material":{"certificate":")" + test::base64_of(signer.der()) +
      R"(","transparency_entries":[]},"envelope":{"statement":")" + test::base64_of(statement) + R"(","signature":")" +
      test::base64_of(signature) + "\"}}";
  test::Reading read = reading(
      R"({"version":1,"attestation_bundles":[{"publisher":{"kind":"GitHub","repository":"Example/Demo","workflow":"release.yml","environment":"pypi"},"attestations":[)" +
      attestation + "]}]}");
  EXPECT_EQ(read.one("SELECT a.format, a.envelope, a.publisher, a.environment, a.repository, s.fits FROM attestation a "
                     "JOIN signature s USING (attestation_id)"),
            "pypi-publish|pypi|release.yml|pypi|github.com/example/demo|1");
}

TEST(Responses, PypiAttestationNamesItsDistribution) {
  const test::Signer signer(claims);
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"Demo_x-1.0.tar.gz","digest":{"sha256":"aa"}}],"predicateType":"https://docs.pypi.org/attestations/publish/v1","predicate":null})";
  const std::string signature = signer.sign(pre_authentication_encoding("application/vnd.in-toto+json", statement));
  test::Reading read =
      reading(R"({"version":1,"verification_material":{"certificate":")" + test::base64_of(signer.der()) +
              R"(","transparency_entries":[]},"envelope":{"statement":")" + test::base64_of(statement) +
              R"(","signature":")" + test::base64_of(signature) + "\"}}");
  EXPECT_EQ(read.one("SELECT purl_type, full_name, version FROM attestation_subject"), "pypi|demo-x|1.0");
  EXPECT_EQ(read.one("SELECT fits FROM signature"), "1");
}

TEST(Buildinfo, SubjectsAndMaterials) {
  const std::string text =
      "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nFormat: 1.0\nSource: demo\nBinary: demo\nArchitecture: "
      "amd64\nVersion: 1.2-3\nChecksums-Sha256:\n"
      " 00ff 1234 demo_1.2-3_amd64.deb\nBuild-Origin: Debian\nBuild-Architecture: amd64\nInstalled-Build-Depends:\n "
      "autoconf (= 2.71-3),\n gcc (= 4:12.2.0-3)\nEnvironment:\n LANG=\"C\"\n";
  ASSERT_TRUE(looks_like_attestation(text));
  test::Reading read = reading(text);
  EXPECT_EQ(read.one("SELECT format, builder, version, subjects, materials FROM attestation"),
            "buildinfo|Debian|1.0|1|2");
  EXPECT_EQ(read.one("SELECT s.name, s.digest, s.full_name, s.version, l.line, l.\"column\" FROM attestation_subject s "
                     "JOIN location l ON l.location_id = s.at"),
            "demo_1.2-3_amd64.deb|00ff|debian/demo|1.2-3|10|12");
  EXPECT_THAT(read.ask("SELECT m.uri, l.line FROM attestation_material m JOIN location l ON l.location_id = m.at"),
              ElementsAre("pkg:deb/debian/autoconf@2.71-3|14", "pkg:deb/debian/gcc@4:12.2.0-3|15"));
  EXPECT_EQ(read.one("SELECT kind, fits FROM signature"), "openpgp|NULL");
}

TEST(Buildinfo, OfArchAndOfTheJvm) {
  const std::string arch =
      "format = 2\npkgname = demo\npkgbase = demo\npkgver = 1.2-1\npkgbuild_sha256sum = AA\npackager = "
      "Someone\ninstalled = gcc-libs-13.2.1-5-x86_64\n";
  ASSERT_TRUE(looks_like_attestation(arch));
  test::Reading first = reading(arch);
  EXPECT_EQ(first.one("SELECT builder, version, subjects, materials FROM attestation"), "Someone|2|1|2");
  EXPECT_EQ(first.one("SELECT full_name, version FROM attestation_subject"), "arch/demo|1.2-1");
  EXPECT_THAT(first.ask("SELECT m.uri, m.digest, l.line, l.\"column\" FROM attestation_material m JOIN location l ON "
                        "l.location_id = m.at ORDER BY m.uri"),
              ElementsAre("PKGBUILD|aa|0|0", "pkg:alpm/arch/gcc-libs@13.2.1-5||7|13"));
  const std::string java =
      "buildinfo.version=1.0-SNAPSHOT\n\nname=Demo\ngroup-id=org.example\nversion=1.0\nsource.scm.uri=scm:git:https://"
      "github.com/Example/"
      "Demo.git\nsource.scm.tag=v1.0\noutputs.0.filename=demo-1.0.jar\noutputs.0.checksums.sha512=BB\n";
  ASSERT_TRUE(looks_like_attestation(java));
  test::Reading second = reading(java);
  EXPECT_EQ(second.one("SELECT workflow, repository, reference, subjects FROM attestation"),
            "Demo|github.com/example/demo|v1.0|1");
  EXPECT_EQ(
      second.one("SELECT s.name, s.digest, l.line FROM attestation_subject s JOIN location l ON l.location_id = s.at"),
      "demo-1.0.jar|bb|8");
}

TEST(Recognition, ByContent) {
  EXPECT_TRUE(looks_like_attestation(third));
  EXPECT_TRUE(looks_like_attestation(bundle(test::Signer(), third, third)));
  EXPECT_TRUE(
      looks_like_attestation(bundle(test::Signer(), third, third) + "\n" + bundle(test::Signer(), third, third)));
  EXPECT_FALSE(
      looks_like_attestation(R"({"name":"x","description":"speaks of in-toto.io/Statement/v1 and payloads"})"));
  EXPECT_FALSE(
      looks_like_attestation(R"({"$schema":"x","properties":{"_type":{"const":"https://in-toto.io/Statement/v1"}}})"));
  EXPECT_FALSE(looks_like_attestation(R"({"payload":{"id":1},"event":"push"})"));
  EXPECT_FALSE(looks_like_attestation("Format: 1.0\nSource: demo\nDistribution: unstable\nArchitecture: source\n"));
  EXPECT_FALSE(looks_like_attestation(""));
}

TEST(BadInput, IsReportedAndBounded) {
  EXPECT_EQ(reading("{}").outcome().coverage, Coverage::not_read);
  test::Reading garbled =
      reading(R"({"payload":"%%%","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"!"}]})");
  EXPECT_THAT(garbled.outcome().gaps, ElementsAre("a payload is not base64"));
  EXPECT_THAT(garbled.ask("SELECT * FROM attestation"), IsEmpty());
  test::Reading foreign = reading(R"({"payload":"e30=","payloadType":"application/json","signatures":[]})");
  EXPECT_EQ(foreign.outcome().coverage, Coverage::partly_read);
  test::Reading cut = reading(third.substr(0, third.size() / 2));
  EXPECT_EQ(cut.outcome().coverage, Coverage::partly_read);
  const std::string deep =
      R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"x","predicate":)" + std::string(100'000, '[');
  EXPECT_EQ(reading(deep).outcome().coverage, Coverage::partly_read);
  std::string many = R"({"payload":"e30=","payloadType":"t","signatures":[)";
  const test::Signer signer;
  const std::string certificate = test::base64_of(signer.der());
  for (int i = 0; i < 1'100; ++i)
    many += (i == 0 ? "" : ",") + std::string(R"({"sig":"AA==","cert":")") + certificate + "\"}";
  test::Reading capped = reading(many + "]}");
  EXPECT_THAT(capped.ask("SELECT 1 FROM signature WHERE fits = 0"), SizeIs(1'000));
  EXPECT_THAT(capped.outcome().gaps, ::testing::Contains(HasSubstr("1000")));
}

TEST(Names, Repositories) {
  EXPECT_EQ(repository_of("git+https://github.com/O/N.git@refs/heads/main").repository, "github.com/o/n");
  EXPECT_EQ(repository_of("git+https://github.com/O/N.git@refs/heads/main").reference, "refs/heads/main");
  EXPECT_EQ(repository_of("git@github.com:O/N.git").repository, "github.com/o/n");
  EXPECT_EQ(repository_of("ssh://git@example.com:2222/g/s/n").repository, "example.com/g/s/n");
  EXPECT_EQ(repository_of("https://user:pass@github.com/o/n/actions/runs/1").repository, "github.com/o/n");
  EXPECT_EQ(repository_of("pkg:github/O/N@v4").repository, "github.com/o/n");
  EXPECT_EQ(repository_of("https://gitlab.example.com/g/s/n/-/jobs/12").repository, "gitlab.example.com/g/s/n");
  EXPECT_EQ(repository_of("src/a.c").repository, "");
  EXPECT_EQ(repository_of("pkg:docker/node@22").repository, "");
  EXPECT_EQ(repository_of("https://example.com").repository, "");
}

TEST(Names, PackagesAndRuns) {
  EXPECT_EQ(package_of("pkg:golang/github.com/Azure/go@v1?x=y#z", false).full, "github.com/Azure/go");
  EXPECT_EQ(package_of("demo-1.0.tar.gz", false).type, "");
  EXPECT_EQ(package_of("demo-1.0.tar.gz", true).full, "demo");
  EXPECT_EQ(run_number("https://gitlab.com/g/p/-/jobs/77"), "77");
  EXPECT_EQ(run_number("1234567-1"), "1234567");
  EXPECT_EQ(run_number("abc"), "");
  EXPECT_EQ(rfc3339(-1), "");
}

}  // namespace
}  // namespace assay::provenance
