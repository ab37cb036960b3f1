#include "analyzer/fleet/rotation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "analyzer/fleet/window.h"

namespace assay::fleet {
namespace {

struct NamePart {
  std::string_view part;
  CredentialPower power;
};
// Parts of names as people give them to secrets, capitals, between '_' and '-'.
constexpr auto name_parts = std::to_array<NamePart>({
    {"NPM", CredentialPower::publishes},
    {"NODE", CredentialPower::publishes},
    {"PYPI", CredentialPower::publishes},
    {"TWINE", CredentialPower::publishes},
    {"CARGO", CredentialPower::publishes},
    {"CRATES", CredentialPower::publishes},
    {"GEM", CredentialPower::publishes},
    {"RUBYGEMS", CredentialPower::publishes},
    {"NUGET", CredentialPower::publishes},
    {"MAVEN", CredentialPower::publishes},
    {"OSSRH", CredentialPower::publishes},
    {"SONATYPE", CredentialPower::publishes},
    {"PACKAGIST", CredentialPower::publishes},
    {"DOCKER", CredentialPower::publishes},
    {"DOCKERHUB", CredentialPower::publishes},
    {"REGISTRY", CredentialPower::publishes},
    {"VSCE", CredentialPower::publishes},
    {"OVSX", CredentialPower::publishes},
    {"SIGNING", CredentialPower::publishes},
    {"GPG", CredentialPower::publishes},
    {"COSIGN", CredentialPower::publishes},
    {"KEYSTORE", CredentialPower::publishes},
    {"GITHUB", CredentialPower::pushes_code},
    {"GH", CredentialPower::pushes_code},
    {"GITLAB", CredentialPower::pushes_code},
    {"BITBUCKET", CredentialPower::pushes_code},
    {"PAT", CredentialPower::pushes_code},
    {"GIT", CredentialPower::pushes_code},
    {"BOT", CredentialPower::pushes_code},
    {"AWS", CredentialPower::runs_elsewhere},
    {"AZURE", CredentialPower::runs_elsewhere},
    {"ARM", CredentialPower::runs_elsewhere},
    {"GCP", CredentialPower::runs_elsewhere},
    {"GOOGLE", CredentialPower::runs_elsewhere},
    {"GCLOUD", CredentialPower::runs_elsewhere},
    {"KUBE", CredentialPower::runs_elsewhere},
    {"KUBECONFIG", CredentialPower::runs_elsewhere},
    {"TF", CredentialPower::runs_elsewhere},
    {"TERRAFORM", CredentialPower::runs_elsewhere},
    {"VAULT", CredentialPower::runs_elsewhere},
    {"CLOUDFLARE", CredentialPower::runs_elsewhere},
    {"SSH", CredentialPower::runs_elsewhere},
    {"DEPLOY", CredentialPower::runs_elsewhere},
    {"HEROKU", CredentialPower::runs_elsewhere},
    {"NETLIFY", CredentialPower::runs_elsewhere},
    {"VERCEL", CredentialPower::runs_elsewhere},
    {"DATABASE", CredentialPower::runs_elsewhere},
    {"DB", CredentialPower::runs_elsewhere},
    {"PROD", CredentialPower::runs_elsewhere},
});

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// The token every job is given, under the names the CI system gives it; it ends with the job.
bool is_job_token(const std::string& name) {
  return name == "GITHUB_TOKEN" || name == "CI_JOB_TOKEN" || name == "SYSTEM_ACCESSTOKEN";
}

std::string in_job(const std::string& job) {
  return job.empty() ? "a job" : "job " + job;
}

class Gathering {
 public:
  explicit Gathering(const Connection& connection) : connection_(connection) {}

  void add(const Exposure& exposure) {
    if (exposure.trace.log_run_id != 0) {
      if (runs_.insert({exposure.subject_id, exposure.trace.log_run_id}).second) of_run(exposure);
    } else if (exposure.trace.job_id != 0) {
      if (jobs_.insert({exposure.subject_id, exposure.trace.job_id}).second) of_jobs(exposure);
    } else if (jobs_.insert({exposure.subject_id, 0}).second) {
      of_jobs(exposure);
    }
  }

  bool finish(std::vector<Rotation>& out) {
    for (auto& [key, one] : found_) out.push_back(std::move(one));
    std::sort(out.begin(), out.end(), [](const Rotation& a, const Rotation& b) {
      return std::tie(a.answer, a.power, a.subject, a.credential) <
             std::tie(b.answer, b.power, b.subject, b.credential);
    });
    return !failed_;
  }

 private:
  static constexpr std::string_view place_joins =
      " LEFT JOIN location l ON l.subject_id = t.subject_id AND l.location_id = t.at"
      " LEFT JOIN artifact a ON a.subject_id = t.subject_id AND a.artifact_id = l.artifact_id ";
  static constexpr std::string_view place_columns = "coalesce(a.path, ''), coalesce(l.line, 0)";

  template <class Row>
  void each(Query query, Row&& row) {
    while (query.step()) row(query);
    failed_ = failed_ || query.failed();
  }

  // The first evidence of a credential stays unless this one is surer; times grow together.
  void keep(Rotation one) {
    const auto [entry, fresh] = found_.try_emplace({one.subject, one.credential}, one);
    if (fresh) return;
    Rotation& before = entry->second;
    const auto earlier = [](const std::string& a, const std::string& b) {
      const auto left = read_time(a);
      const auto right = read_time(b);
      return left && (!right || left->first < right->first);
    };
    std::string from = earlier(one.from, before.from) ? one.from : before.from;
    std::string until = earlier(before.until, one.until) || before.until.empty() ? one.until : before.until;
    if (one.answer < before.answer) before = std::move(one);
    before.from = std::move(from);
    before.until = std::move(until);
  }

  void of_run(const Exposure& exposure) {
    Rotation run{.answer = exposure.answer, .subject = exposure.subject, .credential = {}, .held_by = {}, .path = {}};
    std::string job;
    Query about = connection_.query(fmt::format(
        "SELECT t.job, t.started, t.ended, t.runner, t.self_hosted, {} FROM log_run t{} WHERE t.subject_id = ? AND "
        "t.log_run_id = ?",
        place_columns, place_joins));
    about.bind(exposure.subject_id).bind(exposure.trace.log_run_id);
    each(std::move(about), [&](const Query& row) {
      job = row.text(0);
      run.from = row.text(1);
      run.until = row.text(2).empty() ? row.text(1) : row.text(2);
      run.path = row.text(5);
      run.line = static_cast<std::uint32_t>(row.integer(6));
      if (row.integer(4) != 1) return;
      Rotation machine = run;
      machine.power = CredentialPower::machine;
      machine.credential = row.text(3).empty() ? "the runner" : "runner " + row.text(3);
      machine.held_by =
          fmt::format("the owner's machine that ran {}: rebuild it, and rotate what is kept on it", in_job(job));
      keep(std::move(machine));
    });
    Query events = connection_.query(fmt::format(
        "SELECT t.kind, t.name, t.value, t.ecosystem, t.host, {} FROM log_event t{} WHERE t.subject_id = ? AND "
        "t.log_run_id "
        "= ? AND t.kind IN ('secret-in-environment', 'secret-in-input', 'permission-granted', 'published') ORDER BY "
        "t.log_event_id",
        place_columns, place_joins));
    events.bind(exposure.subject_id).bind(exposure.trace.log_run_id);
    each(std::move(events), [&](const Query& row) {
      Rotation one = run;
      one.path = row.text(5);
      one.line = static_cast<std::uint32_t>(row.integer(6));
      of_event(row, job, std::move(one));
    });
  }

  void of_event(const Query& row, const std::string& job, Rotation one) {
    const std::string kind = row.text(0);
    const std::string name = row.text(1);
    if (kind == "permission-granted") {
      if (row.text(2) != "write") return;
      const bool identity = name == "idtoken" || name == "id-token";
      one.power = identity ? CredentialPower::identity : CredentialPower::job_token;
      one.credential = identity ? "identity of the run (id-token: write)" : fmt::format("job token ({}: write)", name);
      one.held_by = identity ? fmt::format("{}: end the sessions of every role that trusts it", in_job(job))
                             : fmt::format("{}: it ended with the job; look at what it wrote", in_job(job));
    } else if (kind == "published") {
      one.power = CredentialPower::publishes;
      one.credential = fmt::format("publisher of {}{}", row.text(3).empty() ? "" : row.text(3) + " ", name);
      one.held_by = fmt::format("{}, which published", in_job(job));
    } else if (is_job_token(upper(name))) {
      return;  // its rights are told by themselves
    } else {
      one.power = power_of(name);
      one.credential = name;
      one.held_by = fmt::format("{} of {}", kind == "secret-in-input" ? "an input" : "the environment", in_job(job));
    }
    keep(std::move(one));
  }

  // Of one job's definition, or of all of the subject where it is not known which of them ran it.
  void of_jobs(const Exposure& exposure) {
    const bool known = exposure.trace.job_id != 0;
    const Answer answer = known ? exposure.answer : Answer::possible;
    const auto ask = [&](std::string_view table, std::string_view columns, std::string_view more, auto&& row) {
      Query query = connection_.query(
          fmt::format("SELECT {}, coalesce(j.name, ''), {} FROM \"{}\" t LEFT JOIN job j ON j.subject_id = "
                      "t.subject_id AND j.job_id = "
                      "t.job_id{} WHERE t.subject_id = ?1 AND (?2 = 0 OR t.job_id = ?2 OR (t.job_id IS NULL AND "
                      "t.workflow_id = (SELECT "
                      "k.workflow_id FROM job k WHERE k.subject_id = ?1 AND k.job_id = ?2))){} ORDER BY 4, 5, 1",
                      columns, place_columns, table, place_joins, more));
      query.bind(exposure.subject_id).bind(exposure.trace.job_id);
      each(std::move(query), [&](const Query& one) {
        row(one, Rotation{.answer = answer,
                          .subject = exposure.subject,
                          .credential = {},
                          .held_by = {},
                          .path = one.text(3),
                          .line = static_cast<std::uint32_t>(one.integer(4))});
      });
    };
    ask("secret_use", "t.name, t.sink", "", [&](const Query& row, Rotation one) {
      if (is_job_token(upper(row.text(0)))) return;
      one.power = power_of(row.text(0));
      one.credential = row.text(0) == "*" ? "every secret of the repository" : row.text(0);
      one.held_by =
          known ? fmt::format("definition of {}", in_job(row.text(2)))
                : fmt::format("definition of {}; which jobs take the package is not known", in_job(row.text(2)));
      keep(std::move(one));
    });
    if (!known) return;
    ask("permission", "t.scope, t.level", " AND t.level = 'write' AND t.scope = 'id-token'",
        [&](const Query& row, Rotation one) {
          one.power = CredentialPower::identity;
          one.credential = "identity of the run (id-token: write)";
          one.held_by =
              fmt::format("definition of {}: end the sessions of every role that trusts it", in_job(row.text(2)));
          keep(std::move(one));
        });
  }

  const Connection& connection_;
  std::map<std::pair<std::string, std::string>, Rotation> found_;
  std::set<std::pair<std::int64_t, std::int64_t>> runs_;
  std::set<std::pair<std::int64_t, std::int64_t>> jobs_;
  bool failed_ = false;
};

}  // namespace

CredentialPower power_of(std::string_view name) {
  CredentialPower best = CredentialPower::unknown;
  const std::string capitals = upper(name);
  std::string_view rest = capitals;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("_-."), rest.size());
    const std::string_view part = rest.substr(0, end);
    for (const NamePart& known : name_parts) {
      if (known.part == part) best = std::min(best, known.power);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return best;
}

bool find_rotations(const Connection& connection, const std::vector<Exposure>& exposures, std::vector<Rotation>& out) {
  Gathering gathering(connection);
  // Surer exposures first: a run is asked once.
  std::vector<const Exposure*> order;
  for (const Exposure& one : exposures) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(),
                   [](const Exposure* a, const Exposure* b) { return a->answer < b->answer; });
  for (const Exposure* one : order) gathering.add(*one);
  return gathering.finish(out);
}

}  // namespace assay::fleet
