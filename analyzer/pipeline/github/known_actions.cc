#include "analyzer/pipeline/github/known_actions.h"

#include <algorithm>
#include <array>

namespace assay::pipeline::github {
namespace {

using formats::YamlNode;

struct CodeInput {
  std::string_view action;
  std::string_view input;
};

constexpr auto code_inputs = std::to_array<CodeInput>({
    {"8398a7/action-slack", "custom_payload"},
    {"actions/github-script", "script"},
    {"addnab/docker-run-action", "run"},
    {"amadevus/pwsh-script", "script"},
    {"appleboy/ssh-action", "script"},
    {"azure/cli", "inlinescript"},
    {"azure/powershell", "inlinescript"},
    {"borales/actions-yarn", "cmd"},
    {"coactions/setup-xvfb", "run"},
    {"cypress-io/github-action", "build"},
    {"cypress-io/github-action", "command"},
    {"cypress-io/github-action", "install-command"},
    {"cypress-io/github-action", "start"},
    {"devorbitus/yq-action-output", "cmd"},
    {"gabrielbb/xvfb-action", "run"},
    {"garygrossgarten/github-action-ssh", "command"},
    {"jannekem/run-python-script-action", "script"},
    {"ludeeus/action-shellcheck", "additional_files"},
    {"mikefarah/yq", "cmd"},
    {"nick-fields/retry", "command"},
    {"nick-invision/retry", "command"},
    {"reactivecircus/android-emulator-runner", "script"},
    {"satackey/action-js-inline", "script"},
    {"vmactions/freebsd-vm", "run"},
    {"wei/curl", "args"},
});

// Actions that restore and save a cache, and the input that decides. `on_when`: the cache is on by default.
struct CacheAction {
  std::string_view action;
  std::string_view toggle;
  bool on_when_absent;
  std::string_view off_value;
  std::string_view prefix;
};

constexpr auto cache_actions = std::to_array<CacheAction>({
    {"actions-rust-lang/setup-rust-toolchain", "cache", true, "false", "v0-rust"},
    {"actions/setup-dotnet", "cache", false, "false", "dotnet-cache-"},
    {"actions/setup-go", "cache", true, "false", "setup-go-"},
    {"actions/setup-java", "cache", false, "", "setup-java-"},
    {"actions/setup-node", "cache", false, "", "node-cache-"},
    {"actions/setup-python", "cache", false, "", "setup-python-"},
    {"astral-sh/setup-uv", "enable-cache", true, "false", "setup-uv-"},
    {"awalsh128/cache-apt-pkgs-action", "", true, "", "cache-apt-pkgs_"},
    {"determinatesystems/magic-nix-cache-action", "use-gha-cache", true, "disabled", ""},
    {"golangci/golangci-lint-action", "skip-cache", true, "true", "golangci-lint.cache-"},
    {"docker/setup-buildx-action", "cache-binary", true, "false", "buildx-dl-bin-"},
    {"gradle/actions", "cache-disabled", true, "true", "gradle-"},
    {"gradle/gradle-build-action", "cache-disabled", true, "true", "gradle-"},
    {"graalvm/setup-graalvm", "cache", false, "", "setup-graalvm-"},
    {"hendrikmuhs/ccache-action", "", true, "", "ccache-"},
    {"jdx/mise-action", "cache", true, "false", "mise-"},
    {"mamba-org/setup-micromamba", "cache-environment", false, "false", "micromamba-"},
    {"mlugg/setup-zig", "use-cache", true, "false", "setup-zig-"},
    {"mozilla-actions/sccache-action", "", true, "", ""},
    {"pnpm/action-setup", "cache", false, "false", "pnpm-cache-"},
    {"pyo3/maturin-action", "sccache", false, "false", "sccache"},
    {"ramsey/composer-install", "ignore-cache", true, "yes", "composer-"},
    {"ruby/setup-ruby", "bundler-cache", false, "false", "setup-ruby-"},
    {"swatinem/rust-cache", "", true, "", "v0-rust-"},
});

std::string text_of(const YamlNode& with, std::string_view name) {
  return std::string(input_of(with, name).text());
}

bool enabled(const YamlNode& with, std::string_view name) {
  const std::string_view value = input_of(with, name).text();
  return !value.empty() && value != "false";
}

// ${{ !startsWith(github.ref, 'refs/tags/') }} and the like: no cache in runs for a tag.
bool spares_releases(std::string_view toggle) {
  const auto names = [&](std::string_view word) { return toggle.find(word) != std::string_view::npos; };
  return names("${{") && names("!") && (names("refs/tags") || names("ref_type") || names("'release'"));
}

// The major version a tag or a comment behind a commit names; 0 when it names none.
int major_version(std::string_view text) {
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string_view::npos || digit > 5) return 0;
  int value = 0;
  for (std::size_t i = digit; i < text.size() && i < digit + 3 && text[i] >= '0' && text[i] <= '9'; ++i)
    value = value * 10 + (text[i] - '0');
  return value;
}

void caches(std::string_view action, std::string_view path, std::string_view reference, const YamlNode& with,
            std::vector<Sharing>& out) {
  if (action == "actions/cache") {
    const bool read_only = path == "restore" || input_of(with, "lookup-only").text() == "true";
    out.push_back({"cache",
                   path == "save" ? "write"
                   : read_only    ? "read"
                                  : "both",
                   text_of(with, "key"), text_of(with, "path"), text_of(with, "restore-keys")});
    return;
  }
  if (action == "docker/build-push-action" || action == "docker/bake-action") {
    const bool from = input_of(with, "cache-from").text().find("type=gha") != std::string_view::npos;
    const bool to = input_of(with, "cache-to").text().find("type=gha") != std::string_view::npos;
    if (from || to) out.push_back({"cache", from && to ? "both" : from ? "read" : "write", "buildkit", {}, {}});
    return;
  }
  if (action == "actions/setup-node") {
    const std::string_view automatic = input_of(with, "package-manager-cache").text();
    if (automatic == "true" || (automatic.empty() && major_version(reference) >= 5)) {
      out.push_back({"cache", "both", "node-cache-", {}, {}});
      return;
    }
  }
  for (const CacheAction& known : cache_actions) {
    if (known.action != action) continue;
    bool on = known.on_when_absent;
    bool spared = false;
    if (action == "actions/setup-go" && (reference == "v1" || reference == "v2" || reference == "v3")) on = false;
    if (!known.toggle.empty()) {
      if (const YamlNode toggle = input_of(with, known.toggle); toggle.exists()) {
        on = toggle.text() != known.off_value && !toggle.text().empty();
        spared = spares_releases(toggle.text());
      }
    }
    if (!on) return;
    const bool read_only =
        input_of(with, "cache-read-only").text() == "true" || input_of(with, "save-if").text() == "false" ||
        input_of(with, "save-cache").text() == "false" || input_of(with, "cache-save-if").text() == "false";
    if (input_of(with, "lookup-only").text() == "true") return;
    out.push_back({"cache", read_only ? "read" : "both", std::string(known.prefix), {}, {}, spared ? "tags" : ""});
    return;
  }
}

}  // namespace

YamlNode input_of(const YamlNode& with, std::string_view name) {
  if (const YamlNode exact = with.at(name); exact.exists()) return exact;
  for (const auto& [key, value] : with.entries()) {
    const std::string_view text = key.text();
    if (text.size() == name.size() && std::equal(text.begin(), text.end(), name.begin(), [](char a, char b) {
          const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
          return lower(a) == lower(b);
        })) {
      return value;
    }
  }
  return {};
}

bool executes_input(std::string_view action, std::string_view input) {
  return std::any_of(code_inputs.begin(), code_inputs.end(),
                     [&](const CodeInput& known) { return known.action == action && known.input == input; });
}

std::vector<Sharing> sharing_of(std::string_view action, std::string_view path, std::string_view reference,
                                const YamlNode& with) {
  std::vector<Sharing> out;
  caches(action, path, reference, with, out);
  const auto is = [&](std::string_view name) { return action == name; };
  if (is("actions/upload-artifact")) {
    const std::string name = text_of(with, "name");
    out.push_back({"artifact", "write", name.empty() ? "artifact" : name, text_of(with, "path"), {}});
  } else if (is("actions/upload-pages-artifact")) {
    out.push_back({"artifact", "write", "github-pages", text_of(with, "path"), {}});
  } else if (is("actions/download-artifact") || is("dawidd6/action-download-artifact") ||
             is("levonet/action-download-last-artifact") || is("aochmann/actions-download-artifact") ||
             is("marcofaggian/action-download-multiple-artifacts") ||
             is("redhat-plumbers-in-action/download-artifact") || is("actions-cool/download-artifact")) {
    out.push_back({"artifact", "read", text_of(with, "name"), text_of(with, "path"), {}});
  } else if (is("softprops/action-gh-release") || is("ncipollo/release-action") || is("actions/create-release") ||
             is("actions/upload-release-asset") || is("svenstaro/upload-release-action") ||
             is("marvinpinto/action-automatic-releases") || is("goreleaser/goreleaser-action") ||
             is("elgohr/github-release-action") || is("release-drafter/release-drafter") ||
             is("googleapis/release-please-action") || is("google-github-actions/release-please-action") ||
             is("taiki-e/upload-rust-binary-action")) {
    const std::string args = text_of(with, "args");
    const bool snapshot = is("goreleaser/goreleaser-action") &&
                          (args.find("release") == std::string::npos || args.find("--snapshot") != std::string::npos);
    if (!snapshot) out.push_back({"release", "write", text_of(with, "tag_name"), text_of(with, "files"), {}});
  } else if (is("docker/build-push-action") || is("docker/bake-action") || is("redhat-actions/push-to-registry") ||
             is("elgohr/publish-docker-github-action")) {
    if (enabled(with, "push") || is("redhat-actions/push-to-registry") || is("elgohr/publish-docker-github-action")) {
      out.push_back({"image", "write", text_of(with, "tags"), {}, {}});
    }
  } else if (is("pypa/gh-action-pypi-publish") || is("js-devtools/npm-publish") || is("rubygems/release-gem") ||
             is("changesets/action") || is("cycjimmy/semantic-release-action") ||
             is("python-semantic-release/python-semantic-release") || is("dart-lang/setup-dart") ||
             is("katyo/publish-crates") || is("haaleo/publish-vscode-extension") || is("dsherret/rust-publish") ||
             is("release-plz/action") || is("ramonh/publish-to-npm") || is("primer/publish") ||
             is("brandboat/nuget-push") || is("pascalgn/npm-publish-action") || is("alirezanet/publish-nuget") ||
             is("brandedoutcast/publish-nuget") || is("krzema12/pypi-publish")) {
    if (!is("dart-lang/setup-dart")) out.push_back({"package", "write", {}, {}, {}});
  } else if (is("peaceiris/actions-gh-pages") || is("jamesives/github-pages-deploy-action") ||
             is("stefanzweifel/git-auto-commit-action") || is("ad-m/github-push-action") ||
             is("endbug/add-and-commit") || is("peter-evans/create-pull-request")) {
    out.push_back({"branch", "write", text_of(with, "branch"), {}, {}});
  }
  return out;
}

}  // namespace assay::pipeline::github
