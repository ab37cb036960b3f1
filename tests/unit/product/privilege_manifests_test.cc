#include "analyzer/product/privilege_manifests.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/support/reading.h"

namespace assay::product {
namespace {

using assay::test::Reading;
using testing::ElementsAre;
using testing::IsEmpty;

// "DIM level line:column" of each row, in order.
std::vector<std::string> privileges(std::string_view path, std::string_view text) {
  EXPECT_TRUE(looks_like_privilege_manifest(path, text)) << path;
  Reading reading(read_privilege_manifest, path, text, ArtifactKind::privilege_manifest);
  return reading.ask(
      "SELECT dimension || ' ' || level || ' ' || line || ':' || column FROM privilege JOIN location ON at = "
      "location_id "
      "WHERE known_from = 'manifest' AND exposure = 1 AND reason <> '' ORDER BY line, column, dimension");
}

TEST(PrivilegeManifest, SystemdServiceWithoutUserRunsAsRoot) {
  EXPECT_THAT(privileges("a.service", "[Unit]\nDescription=x\n[Service]\nExecStart=/usr/bin/a\n"),
              ElementsAre("AGT 3 3:1"));
  EXPECT_THAT(privileges("a.service", "[Service]\nUser=root\nExecStart=/usr/bin/a\n"), ElementsAre("AGT 3 2:1"));
  EXPECT_THAT(privileges("a.service", "[Service]\nUser=root\nCapabilityBoundingSet=~\n"), ElementsAre("AGT 3 2:1"));
  EXPECT_THAT(privileges("a.service", "[Service]\nUser=root\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"),
              ElementsAre("AGT 2 2:1"));
  EXPECT_THAT(privileges("a.service", "[Service]\nUser=agent\nExecStart=/usr/bin/a\n"), IsEmpty());
  EXPECT_THAT(privileges("a.service", "[Service]\nDynamicUser=yes\nExecStart=/usr/bin/a\n"), IsEmpty());
}

TEST(PrivilegeManifest, SystemdCapabilitiesAndUpdaters) {
  EXPECT_THAT(privileges("a.service", "[Service]\nUser=a\nAmbientCapabilities=CAP_NET_ADMIN CAP_SYS_MODULE\n"),
              ElementsAre("KRN 4 3:1", "NET 2 3:1"));
  EXPECT_THAT(privileges("a.service", "[Unit]\nDescription=Example agent updater\n[Service]\nUser=a\n"),
              ElementsAre("UPD 3 2:1"));
  EXPECT_THAT(privileges("a.service", "[Unit]\nDescription=Update the clock\n[Service]\nUser=a\n"), IsEmpty());
}

TEST(PrivilegeManifest, KubernetesRoles) {
  constexpr std::string_view role =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: agent}\nrules:\n"
      "  - apiGroups: [\"\"]\n    resources: [secrets]\n    verbs: [get, list]\n"
      "  - apiGroups: [\"*\"]\n    resources: [\"*\"]\n    verbs: [\"*\"]\n"
      "  - apiGroups: [\"\"]\n    resources: [configmaps]\n    verbs: [get]\n";
  EXPECT_THAT(privileges("role.yaml", role), ElementsAre("SEC 3 5:5", "HYP 4 8:5"));
  EXPECT_THAT(
      privileges("role.yaml", "apiVersion: v1\nkind: Role\nrules:\n  - resources: [secrets]\n    verbs: [get]\n"),
      ElementsAre("SEC 2 4:5"));
  EXPECT_THAT(privileges("b.yaml", "apiVersion: v1\nkind: ClusterRoleBinding\nroleRef:\n  name: cluster-admin\n"),
              ElementsAre("HYP 4 4:9"));
  EXPECT_THAT(privileges("b.yaml", "apiVersion: v1\nkind: ClusterRoleBinding\nroleRef:\n  name: view\n"), IsEmpty());
}

TEST(PrivilegeManifest, KubernetesPods) {
  EXPECT_THAT(privileges("ds.yaml",
                         "apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  template:\n    spec:\n      hostPID: true\n   "
                         "   containers:\n"
                         "        - securityContext:\n            privileged: true\n            capabilities: {add: "
                         "[NET_ADMIN, CHOWN]}\n"
                         "      volumes:\n        - hostPath: {path: /var/run/docker.sock}\n        - hostPath: {path: "
                         "/var/log/app}\n"),
              ElementsAre("AGT 2 6:16", "AGT 4 9:25", "NET 2 10:34", "RCE 3 12:28"));
  EXPECT_THAT(privileges("d.yaml",
                         "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
                         "        - securityContext: {privileged: false}\n"),
              IsEmpty());
}

TEST(PrivilegeManifest, ScriptsOfPackages) {
  EXPECT_THAT(privileges("debian/postinst", "#!/bin/sh\n# chmod u+s is gone\nchmod u+s /opt/a/helper\n"),
              ElementsAre("AGT 2 3:1"));
  EXPECT_THAT(privileges("debian/postinst", "chmod 4755 /opt/a/helper\nchmod 444 /opt/a/x\nchmod 4 f\n"),
              ElementsAre("AGT 2 1:1"));
  EXPECT_THAT(
      privileges("a.spec", "Name: a\n%files\n%attr(4755,root,root) /usr/bin/a\n%attr(0755,root,root) /usr/bin/b\n"),
      ElementsAre("AGT 2 3:1"));
  EXPECT_THAT(privileges("install.sh", "  modprobe a_filter\nmodprobe -r old\n"), ElementsAre("KRN 3 1:3"));
  EXPECT_THAT(privileges("install.sh", "echo 'deb https://example.com stable main' > /etc/apt/sources.list.d/a.list\n"),
              ElementsAre("UPD 2 1:46"));
  EXPECT_THAT(privileges("install.sh", "mkdir -p /opt/a\ncp a /opt/a\n"), IsEmpty());
}

TEST(PrivilegeManifest, WindowsInstallers) {
  EXPECT_THAT(privileges("a.wxs", "<Wix>\n  <ServiceInstall Id=\"A\"\n    Account=\"LocalSystem\" />\n</Wix>\n"),
              ElementsAre("AGT 3 2:3"));
  EXPECT_THAT(privileges("a.wxs", "<Wix>\n  <ServiceInstall Id=\"A\" />\n</Wix>\n"), ElementsAre("AGT 3 2:3"));
  EXPECT_THAT(
      privileges("a.wxs", "<Wix>\n  <ServiceInstall Id=\"A\" Account=\"NT AUTHORITY\\LocalService\" />\n</Wix>\n"),
      IsEmpty());
  EXPECT_THAT(privileges("a.wxs", "<!-- <ServiceInstall Account=\"LocalSystem\"/> -->\n"), IsEmpty());
  EXPECT_THAT(
      privileges("a.wxs", "<RegistryKey Key=\"SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Exclusions\\Paths\">"),
      ElementsAre("SUP 4 1:47"));
  EXPECT_THAT(
      privileges(
          "a.nsi",
          "; sc create old\nExecWait 'sc create A binPath= \"$INSTDIR\\a.sys\" type= kernel start= boot obj= x'\n"),
      ElementsAre("KRN 4 2:11"));
  EXPECT_THAT(privileges("install.bat", "sc create A binPath= \"C:\\a.exe\"\r\n"), ElementsAre("AGT 3 1:1"));
  EXPECT_THAT(privileges("install.bat",
                         "sc create A binPath= \"C:\\a.exe\" obj= \"NT AUTHORITY\\LocalService\"\r\nmisc create x\r\n"),
              IsEmpty());
  EXPECT_THAT(privileges("setup.ps1", "Add-MpPreference -ExclusionPath 'C:\\a'\n"), ElementsAre("SUP 4 1:1"));
  EXPECT_THAT(privileges("a.inf", "[Version]\n[svc]\nServiceType = 1\nStartType = 0\n"),
              ElementsAre("KRN 4 3:1", "KRN 4 4:1"));
  EXPECT_THAT(privileges("a.inf", "[Version]\n[svc]\nServiceType = 0x10\nStartType = 3\n"), IsEmpty());
}

TEST(PrivilegeManifest, PhonesBrowsersAndMacs) {
  EXPECT_THAT(privileges("AndroidManifest.xml",
                         "<manifest>\n<receiver android:permission=\"android.permission.BIND_DEVICE_ADMIN\"/>\n"
                         "<uses-permission android:name=\"android.permission.INTERNET\"/>\n</manifest>"),
              ElementsAre("AGT 4 2:31"));
  EXPECT_THAT(privileges("manifest.json",
                         "{\"manifest_version\": 3,\n \"permissions\": [\"cookies\", \"storage\"],\n "
                         "\"host_permissions\": [\"<all_urls>\"]}"),
              ElementsAre("SEC 2 2:18", "DAT 3 3:23"));
  EXPECT_THAT(privileges("manifest.json", "{\"manifest_version\": 3, \"permissions\": [\"storage\"]}"), IsEmpty());
  EXPECT_THAT(
      privileges(
          "a.plist",
          "<plist><dict>\n<key>Label</key><string>a</string>\n<key>ProgramArguments</key><array/>\n</dict></plist>"),
      ElementsAre("AGT 3 2:1"));
  EXPECT_THAT(privileges("a.plist",
                         "<plist><dict>\n<key>Label</key><string>a</string>\n<key>Program</key><string>x</string>\n"
                         "<key>UserName</key>\n<string>nobody</string></dict></plist>"),
              IsEmpty());
}

TEST(PrivilegeManifest, SudoersComposeAndClouds) {
  EXPECT_THAT(privileges("etc/sudoers.d/agent",
                         "Defaults:agent !requiretty\nagent ALL=(ALL) NOPASSWD: ALL\nagent ALL=(root) NOPASSWD: "
                         "/usr/bin/x\nroot ALL=(ALL) ALL\n"),
              ElementsAre("RCE 3 2:1", "AGT 2 3:1"));
  EXPECT_THAT(privileges("docker-compose.yml",
                         "services:\n  a:\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n      - "
                         "data:/data\n    privileged: true\n"),
              ElementsAre("RCE 3 4:9", "AGT 4 6:17"));
  EXPECT_THAT(
      privileges("policy.json",
                 "{\"Statement\": [\n {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},\n"
                 " {\"Effect\": \"Deny\", \"Action\": \"iam:*\", \"Resource\": \"*\"},\n"
                 " {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\"], \"Resource\": \"arn:aws:s3:::a/*\"}]}"),
      ElementsAre("HYP 4 2:32", "DAT 1 4:33"));
  EXPECT_THAT(
      privileges("app.json", "{\"oauthScopes\": [\"Directory.ReadWrite.All\", \"openid\"], \"name\": \"repo\"}"),
      ElementsAre("DOM 4 1:18"));
}

TEST(PrivilegeManifest, OrdinaryFilesAreNone) {
  EXPECT_FALSE(looks_like_privilege_manifest("a.yaml", "on: push\njobs: {}\n"));
  EXPECT_FALSE(looks_like_privilege_manifest("package.json", "{\"name\": \"a\"}"));
  EXPECT_FALSE(looks_like_privilege_manifest("manifest.json", "{\"name\": \"pwa\", \"icons\": []}"));
  EXPECT_FALSE(looks_like_privilege_manifest("a.service", "text about [Service]"));
  EXPECT_FALSE(looks_like_privilege_manifest("build.sh", "modprobe x\n"));
  EXPECT_FALSE(looks_like_privilege_manifest("values.yaml", "services:\n  a: 1\n"));
  EXPECT_FALSE(looks_like_privilege_manifest("kustomization.yaml", "apiVersion: v1\nkind: Kustomization\n"));
}

TEST(PrivilegeManifest, SurvivesBrokenAndHostileFiles) {
  Reading broken(read_privilege_manifest, "role.yaml",
                 "apiVersion: v1\nkind: ClusterRoleBinding\nroleRef: {name: cluster-admin}\nx: [",
                 ArtifactKind::privilege_manifest);
  EXPECT_EQ(broken.outcome().coverage, Coverage::partly_read);
  std::string bomb = "apiVersion: v1\nkind: Pod\na0: &a0 [x, x]\n";
  for (int i = 1; i < 30; ++i) bomb += fmt::format("a{}: &a{} [*a{}, *a{}]\n", i, i, i - 1, i - 1);
  Reading many(read_privilege_manifest, "pod.yaml", bomb, ArtifactKind::privilege_manifest);
  EXPECT_EQ(many.outcome().coverage, Coverage::partly_read);
  Reading none(read_privilege_manifest, "readme.md", "hello", ArtifactKind::privilege_manifest);
  EXPECT_EQ(none.outcome().coverage, Coverage::not_read);
  Reading open_tag(read_privilege_manifest, "a.wxs", "<ServiceInstall Account=\"LocalSystem",
                   ArtifactKind::privilege_manifest);
  EXPECT_TRUE(open_tag.rows().privilege.empty());
}

}  // namespace
}  // namespace assay::product
