#!/usr/bin/env bash
# sweep and hunt over a fleet of two: who was hit, who lies outside of the incident's window, what to rotate first.
set -euo pipefail
assay=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/web/.github/workflows" "$work/lib" "$work/logs/web" "$work/logs/lib"
cat > "$work/web/.github/workflows/release.yml" <<'YAML'
on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: tj-actions/changed-files@v45
      - run: npm publish
        env: {NODE_AUTH_TOKEN: "${{ secrets.NPM_TOKEN }}"}
YAML
echo x > "$work/lib/file"
log() { # DAY COMMIT
  sed "s/@/$1/; s/%/$2/" <<'LOG'
@T10:00:00.0000000Z Current runner version: '2.322.0'
@T10:00:00.1000000Z ##[group]GITHUB_TOKEN Permissions
@T10:00:00.2000000Z Contents: write
@T10:00:00.3000000Z ##[endgroup]
@T10:00:00.4000000Z Secret source: Actions
@T10:00:01.0000000Z Download action repository 'tj-actions/changed-files@v45' (SHA:%)
@T10:00:02.0000000Z Complete job name: release
@T10:00:03.0000000Z ##[group]Run npm publish
@T10:00:03.1000000Z env:
@T10:00:03.2000000Z   NODE_AUTH_TOKEN: ***
@T10:00:03.3000000Z ##[endgroup]
@T10:00:09.0000000Z Cleaning up orphan processes
LOG
}
log 2025-03-14 0e58ed8671d6b60d0890c21b07f8835ace038e67 > "$work/logs/web/1.txt"
log 2025-03-13 9200e69727eb73eb060652b19946b8a2fdfb654b > "$work/logs/lib/1.txt"
cat > "$work/fleet.yaml" <<'YAML'
fleet:
  - {name: web, path: web, logs: [logs/web]}
  - {name: lib, path: lib, logs: [logs/lib]}
YAML
cd "$work"
"$assay" sweep fleet.yaml --fail-on none > sweep.txt || { cat sweep.txt; exit 1; }
code=0; "$assay" hunt tj-actions-changed-files > hunt.txt || code=$?
[ $code = 1 ] || { echo "exit $code"; cat hunt.txt; exit 1; }
"$assay" hunt tj-actions-changed-files -o json > hunt.json || true
if [ "${SHOW:-}" ]; then cat hunt.txt; fi
python3 - <<'P'
import json
report = json.load(open("hunt.json"))
by_name = {one["subject"]: one for one in report["subjects"]}
web = by_name["web"]
assert web["answer"] == "AFFECTED", web
assert any(one["path"].endswith("1.txt") and one["line"] == 6 and one["time"].startswith("2025-03-14T10:00:01") for one in web["sightings"]), web
assert by_name["lib"]["answer"] != "AFFECTED", by_name["lib"]
first = report["rotate_first"][0]
assert (first["answer"], first["power"], first["credential"], first["subject"]) == ("AFFECTED", "publishes", "NODE_AUTH_TOKEN", "web"), report["rotate_first"]
assert all(one["subject"] == "web" for one in report["rotate_first"]), report["rotate_first"]
P
# The tag by hand, with a window of one's own: the run of the day before is excluded, to the second.
ask() { "$assay" hunt tj-actions/changed-files@v45 --from "$1" --until "$2" > asked.txt || true; }
ask 2025-03-13T10:00:02Z 2025-03-15
grep -qE '^AFFECTED +web' asked.txt && grep -qE '^EXCLUDED +lib' asked.txt || { cat asked.txt; exit 1; }
ask 2025-03-13T10:00:01Z 2025-03-13T10:00:01Z
grep -qE '^AFFECTED +lib' asked.txt || { cat asked.txt; exit 1; }
code=0; "$assay" hunt axios --from yesterday > /dev/null 2>&1 || code=$?
[ $code = 2 ] || { echo "a time that is none: exit $code"; exit 1; }
