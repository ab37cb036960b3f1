#include "analyzer/app/named_questions.h"

#include <algorithm>
#include <array>

namespace assay::app {
namespace {

// Foreign code of a job: what it uses, what it installs, what it fetches. `step_id` is NULL where the whole job has it.
constexpr std::string_view matrix = R"(
WITH code(workflow_id, job_id, step_id, code, kind, fixed) AS (
    SELECT workflow_id, job_id, step_id, text, kind, immutable FROM uses
    WHERE kind <> 'local' AND first_party IS NOT 1 AND job_id IS NOT NULL
    UNION
    SELECT workflow_id, job_id, step_id, CASE origin WHEN 'run' THEN text ELSE text || ' [' || origin || ']' END,
           'packages: ' || installs, CASE WHEN text REGEXP '\bci\b|--frozen|--locked|--require-hashes|--immutable' THEN 1 ELSE 0 END
    FROM command WHERE installs <> '' AND job_id IS NOT NULL
    UNION
    SELECT workflow_id, job_id, step_id, downloads, 'download', NULL FROM command
    WHERE downloads <> '' AND installs = '' AND job_id IS NOT NULL),
  secret(job_id, step_id, name) AS (
    SELECT j.job_id, s.step_id, s.name FROM secret_use s JOIN job j ON j.workflow_id = s.workflow_id AND (s.job_id = j.job_id OR s.job_id IS NULL)
    WHERE s.name <> ''),
  rights(job_id, name) AS (SELECT job_id, group_concat(DISTINCT scope || CASE declared WHEN 'default' THEN ' (default)' ELSE '' END)
    FROM permission WHERE level = 'write' GROUP BY job_id),
  outsiders(workflow_id, events) AS (SELECT workflow_id, group_concat(DISTINCT event) FROM trigger WHERE outsider = 1 AND privileged = 1 GROUP BY workflow_id)
SELECT DISTINCT w.path AS workflow, j.name AS job, c.code, c.kind, CASE c.fixed WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE '?' END AS fixed,
       coalesce((SELECT group_concat(DISTINCT name) FROM secret s WHERE s.job_id = c.job_id AND s.step_id = c.step_id), '') AS is_given,
       coalesce((SELECT group_concat(DISTINCT name) FROM secret s WHERE s.job_id = c.job_id AND s.step_id IS NOT c.step_id), '') AS stands_beside,
       coalesce(r.name, '') AS rights, CASE WHEN j.rights_guarded = 1 THEN '' ELSE coalesce(o.events, '') END AS outsiders_start_it_by
FROM code c JOIN job j ON j.job_id = c.job_id JOIN workflow w ON w.workflow_id = c.workflow_id
LEFT JOIN rights r ON r.job_id = c.job_id LEFT JOIN outsiders o ON o.workflow_id = c.workflow_id
WHERE r.name IS NOT NULL OR EXISTS (SELECT 1 FROM secret s WHERE s.job_id = c.job_id)
ORDER BY 1, 2, 3, 6)";

// Who leaves what, who takes it. Artifacts only inside one workflow or into one that its end starts.
constexpr std::string_view state = R"(
WITH reach(workflow_id, outsiders) AS (SELECT workflow_id, group_concat(DISTINCT event) FROM trigger WHERE outsider = 1 GROUP BY workflow_id),
  holds(job_id, what) AS (
    SELECT job_id, group_concat(DISTINCT name) FROM (SELECT job_id, name FROM secret_use WHERE job_id IS NOT NULL AND name <> ''
      UNION SELECT job_id, scope || ': write' FROM permission WHERE level = 'write') GROUP BY job_id)
SELECT DISTINCT a.kind, a.key AS name, aw.path || ' ' || aj.name AS left_by, coalesce(ar.outsiders, '') AS outsiders_start_it_by,
       coalesce(bw.path || ' ' || bj.name, '') AS taken_by, coalesce(bh.what, '') AS who_holds
FROM shared_state a JOIN job aj ON aj.job_id = a.job_id JOIN workflow aw ON aw.workflow_id = a.workflow_id
LEFT JOIN reach ar ON ar.workflow_id = a.workflow_id
LEFT JOIN shared_state b ON b.kind = a.kind AND b.direction <> 'write' AND b.job_id <> a.job_id
  AND (b.key = a.key OR (a.kind = 'artifact' AND b.key = '')
       OR (a.kind = 'cache' AND a.key_prefix <> '' AND b.key_prefix <> ''
           AND (substr(a.key_prefix, 1, length(b.key_prefix)) = b.key_prefix OR substr(b.key_prefix, 1, length(a.key_prefix)) = a.key_prefix)))
  AND (a.kind <> 'artifact' OR a.workflow_id = b.workflow_id
       OR EXISTS (SELECT 1 FROM trigger t WHERE t.workflow_id = b.workflow_id AND t.event = 'workflow_run' AND ',' || t.workflows || ',' LIKE '%,' || aw.name || ',%'))
LEFT JOIN job bj ON bj.job_id = b.job_id LEFT JOIN workflow bw ON bw.workflow_id = b.workflow_id LEFT JOIN holds bh ON bh.job_id = b.job_id
WHERE a.direction <> 'read'
UNION ALL
SELECT 'machine', a.runs_on, aw.path || ' ' || a.name, coalesce(ar.outsiders, ''), bw.path || ' ' || b.name, coalesce(bh.what, '')
FROM job a JOIN workflow aw USING (workflow_id) LEFT JOIN reach ar USING (workflow_id)
JOIN job b ON b.self_hosted = 1 AND b.runs_on = a.runs_on AND b.job_id <> a.job_id JOIN workflow bw ON bw.workflow_id = b.workflow_id
LEFT JOIN holds bh ON bh.job_id = b.job_id
WHERE a.self_hosted = 1
UNION ALL
SELECT 'identity', p.comment, w.path || ' ' || j.name, CASE WHEN j.rights_guarded = 1 THEN '' ELSE coalesce(r.outsiders, '') END, '', coalesce(j.environment, '')
FROM permission p JOIN job j USING (job_id) JOIN workflow w ON w.workflow_id = p.workflow_id LEFT JOIN reach r ON r.workflow_id = w.workflow_id
WHERE p.scope = 'id-token' AND p.level = 'write'
ORDER BY 1, 2, 3, 5)";

constexpr auto questions = std::to_array<NamedQuestion>({
    {"matrix", "which foreign code runs in a job that holds a secret or a writing right", matrix},
    {"state", "caches, artifacts, images, releases, machines and identities: who leaves them, who takes them", state},
});

}  // namespace

std::span<const NamedQuestion> named_questions() {
  return questions;
}

const NamedQuestion* find_question(std::string_view name) {
  const auto* const found =
      std::find_if(questions.begin(), questions.end(), [&](const NamedQuestion& one) { return one.name == name; });
  return found == questions.end() ? nullptr : &*found;
}

}  // namespace assay::app
