#include "analyzer/formats/yaml_tree.h"
#include "analyzer/product/privilege_sink.h"

namespace assay::product {
namespace {

using formats::YamlNode;
using formats::YamlTree;

// Aliases make a small file a large tree; nobody's manifest has this many nodes.
constexpr std::size_t most_visits = 200'000;
constexpr int deepest = 100;

class TreeReader {
 public:
  TreeReader(PrivilegeSink& sink, ReadOutcome& outcome) : sink_(sink), outcome_(outcome) {}

  void kubernetes(const YamlNode& document) {
    const std::string_view kind = document.at("kind").text();
    if (kind == "List") {
      for (const YamlNode& item : document.at("items").items()) {
        if (item.at("kind").text() != "List" && visit()) kubernetes(item);
      }
    } else if (kind == "ClusterRole" || kind == "Role") {
      for (const YamlNode& rule : document.at("rules").items()) role_rule(rule, kind == "ClusterRole");
    } else if (kind == "ClusterRoleBinding" || kind == "RoleBinding") {
      const YamlNode name = document.at("roleRef").at("name");
      if (name.text() == "cluster-admin") {
        const bool whole = kind == "ClusterRoleBinding";
        found(name, "HYP", whole ? 4 : 2,
              whole ? "an account is bound to cluster-admin" : "an account is bound to cluster-admin in one namespace");
      }
    } else {
      pods(document, 0);
    }
  }

  void compose(const YamlNode& root) {
    for (const auto& [name, service] : root.at("services").entries()) {
      const std::string who = fmt::format("container `{}`", name.text());
      if (const YamlNode node = service.at("privileged"); node.text() == "true")
        found(node, "AGT", 4, who + " is privileged: root on the host");
      if (const YamlNode node = service.at("pid"); node.text() == "host")
        found(node, "AGT", 2, who + " sees the host's processes");
      if (const YamlNode node = service.at("network_mode"); node.text() == "host")
        found(node, "NET", 1, who + " uses the host's network");
      for (const YamlNode& node : service.at("cap_add").items()) capability(node, who);
      for (const YamlNode& node : service.at("volumes").items()) {
        const YamlNode source = node.is_mapping() ? node.at("source") : node;
        host_path(source, source.text().substr(0, source.text().find(':')), who);
      }
    }
  }

  // AWS: Statement[].Action; Azure: actions; GCP: bindings[].role.
  void iam(const YamlNode& root) {
    for (const YamlNode& statement : root.at("Statement").one_or_many()) {
      if (statement.at("Effect").text() != "Allow") continue;
      if (statement.at("NotAction").exists())
        found(statement.at("NotAction"), "HYP", 4, "the policy allows every action but a few");
      const bool narrow = !statement.at("Resource").exists() ? false : !any_star(statement.at("Resource"));
      for (const YamlNode& action : statement.at("Action").one_or_many())
        grant(action, iam_words(), "the policy allows", narrow ? 1 : 0);
    }
    for (const YamlNode& permission : root.at("properties").at("permissions").items()) azure(permission);
    for (const YamlNode& permission : root.at("permissions").items()) azure(permission);
    azure(root);
    for (const YamlNode& binding : root.at("bindings").items())
      grant(binding.at("role"), iam_words(), "the binding gives", 0);
  }

  void extension(const YamlNode& root) {
    for (const std::string_view key : {"permissions", "host_permissions"}) {
      for (const YamlNode& node : root.at(key).items()) grant(node, extension_words(), "the browser extension", 0);
    }
    for (const YamlNode& script : root.at("content_scripts").items()) {
      for (const YamlNode& node : script.at("matches").items())
        grant(node, extension_words(), "the browser extension", 0);
    }
    if (const YamlNode node = root.at("update_url"); node.exists())
      found(node, "UPD", 3, "the browser extension updates itself");
  }

  void scopes(const YamlNode& node, int depth) {
    if (!visit() || depth > deepest) return;
    if (node.is_scalar()) {
      // One scope, or many in one text with spaces between them.
      const std::string_view text = node.text();
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" ,", begin), text.size());
        for (const PrivilegeWord& word : scope_words()) {
          std::string_view scope = text.substr(begin, end - begin);
          if (const std::size_t slash = scope.find("graph.microsoft.com/"); slash != scope.npos)
            scope.remove_prefix(slash + 20);
          if (same_word(scope, word.word))
            found(node, word.dimension, word.level, fmt::format("the application {}", word.reason));
        }
        begin = end + 1;
      }
      return;
    }
    for (const YamlNode& item : node.items()) scopes(item, depth + 1);
    for (const auto& [key, value] : node.entries()) scopes(value, depth + 1);
  }

  // Only what stands under a key that speaks of scopes: "repo" elsewhere is a word like any other.
  void scope_keys(const YamlNode& node, int depth) {
    if (!visit() || depth > deepest) return;
    for (const YamlNode& item : node.items()) scope_keys(item, depth + 1);
    for (const auto& [key, value] : node.entries()) {
      const std::string_view name = key.text();
      const bool speaks = find_word(name, "scope") != name.npos || same_word(name, "resourceAccess") ||
                          same_word(name, "oauthPermissions") || same_word(name, "requiredPermissions");
      if (speaks) scopes(value, depth + 1);
      if (!speaks) scope_keys(value, depth + 1);
    }
  }

 private:
  bool visit() {
    if (++visits_ <= most_visits) return true;
    if (visits_ == most_visits + 1)
      outcome_.partly(fmt::format("only the first {} nodes were examined for privileges", most_visits));
    return false;
  }

  void found(const YamlNode& node, std::string_view dimension, int level, std::string reason) {
    sink_.found(node.span(), dimension, level, std::move(reason));
  }

  void grant(const YamlNode& node, std::span<const PrivilegeWord> words, std::string_view who, int less) {
    for (const PrivilegeWord& word : words) {
      if (!same_word(node.text(), word.word)) continue;
      found(node, word.dimension, std::max(1, word.level - less),
            fmt::format("{} `{}`: {}", who, node.text(), word.reason));
      return;
    }
  }

  void azure(const YamlNode& permission) {
    for (const YamlNode& action : permission.at("actions").items()) grant(action, iam_words(), "the role allows", 0);
  }

  static bool any_star(const YamlNode& node) {
    for (const YamlNode& item : node.one_or_many()) {
      if (item.text() == "*") return true;
    }
    return false;
  }

  static bool contains(const YamlNode& list, std::string_view word) {
    for (const YamlNode& item : list.one_or_many()) {
      if (item.text() == word) return true;
    }
    return false;
  }

  // RBAC: which resources and verbs make one more than a reader of objects.
  void role_rule(const YamlNode& rule, bool cluster) {
    const YamlNode resources = rule.at("resources");
    const YamlNode verbs = rule.at("verbs");
    const bool every_verb = contains(verbs, "*");
    const auto may = [&](std::string_view verb) { return every_verb || contains(verbs, verb); };
    const auto on = [&](std::string_view resource) {
      return contains(resources, resource) || contains(resources, "*");
    };
    const int less = cluster ? 0 : 1;
    const std::string_view where = cluster ? "in the whole cluster" : "in its namespace";
    const auto give = [&](std::string_view dimension, int level, std::string_view what) {
      found(rule, dimension, level - less, fmt::format("the role {} {}", what, where));
    };
    if (every_verb && contains(resources, "*")) return give("HYP", 4, "may do everything");
    if (on("secrets") && (may("get") || may("list") || may("watch"))) give("SEC", 3, "reads secrets");
    if (on("pods/exec") && (may("create") || may("get"))) give("RCE", 3, "runs commands in any pod");
    if (on("nodes/proxy")) give("RCE", 3, "reaches every node's agent");
    if (may("create") && (on("pods") || on("deployments") || on("daemonsets") || on("jobs")))
      give("RCE", 2, "starts containers");
    if (contains(verbs, "impersonate") || contains(verbs, "escalate") || contains(verbs, "bind"))
      give("IDP", 3, "acts as others or gives itself rights");
    if (on("mutatingwebhookconfigurations") && (may("create") || may("update") || may("patch")))
      give("HYP", 3, "changes every object on its way in");
  }

  void capability(const YamlNode& node, const std::string& who) {
    std::string_view name = node.text();
    if (name.starts_with("CAP_")) name.remove_prefix(4);
    for (const PrivilegeWord& word : capability_words()) {
      if (same_word(name, word.word))
        found(node, word.dimension, word.level, fmt::format("{} has {}", who, word.reason));
    }
  }

  void host_path(const YamlNode& node, std::string_view path, const std::string& who) {
    if (path.ends_with("docker.sock") || path.ends_with("containerd.sock") || path.ends_with("crio.sock")) {
      found(node, "RCE", 3, who + " uses the container daemon's socket, which is root on the host");
    } else if (path == "/" || path == "/etc" || path == "/root" || path == "/var/lib/kubelet" || path == "/proc") {
      found(node, "AGT", 4, fmt::format("{} has `{}` of the host", who, path));
    } else if (path == "/lib/modules" || path == "/usr/src" || path == "/boot" || path == "/dev") {
      found(node, "KRN", 3, fmt::format("{} has `{}` of the host", who, path));
    }
  }

  // Pod specifications stand at different depths in pods, deployments, jobs and their templates.
  void pods(const YamlNode& node, int depth) {
    if (!visit() || depth > deepest) return;
    for (const YamlNode& item : node.items()) pods(item, depth + 1);
    for (const auto& [key, value] : node.entries()) {
      const std::string_view name = key.text();
      if (value.is_scalar()) {
        if (name == "hostPID" && value.text() == "true") found(value, "AGT", 2, "the pod sees the host's processes");
        if (name == "hostNetwork" && value.text() == "true") found(value, "NET", 2, "the pod uses the host's network");
        if (name == "privileged" && value.text() == "true")
          found(value, "AGT", 4, "the container is privileged: root on the host");
        continue;
      }
      if (name == "hostPath") host_path(value.at("path"), value.at("path").text(), "the pod");
      if (name == "capabilities") {
        for (const YamlNode& added : value.at("add").items()) capability(added, "the container");
      }
      pods(value, depth + 1);
    }
  }

  PrivilegeSink& sink_;
  ReadOutcome& outcome_;
  std::size_t visits_ = 0;
};

}  // namespace

void read_tree(std::string_view text, ManifestFormat format, PrivilegeSink& sink, ReadOutcome& outcome) {
  const YamlTree::Salvaged read = YamlTree::salvage(text);
  if (!read.complete) outcome.partly(fmt::format("{}: {}", read.error.where, read.error.message));
  TreeReader reader(sink, outcome);
  const YamlNode root = read.tree.root();
  if (format == ManifestFormat::kubernetes) {
    for (const YamlNode& document : read.tree.documents()) reader.kubernetes(document);
  } else if (format == ManifestFormat::compose) {
    reader.compose(root);
  } else if (format == ManifestFormat::iam) {
    reader.iam(root);
  } else if (format == ManifestFormat::extension) {
    reader.extension(root);
  } else {
    reader.scope_keys(root, 0);
  }
}

}  // namespace assay::product
