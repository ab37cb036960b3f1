# One examination, every format; SARIF obeys the schema; a report can be shown again.
set -u
assay=$1; root=$2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$root"
"$assay" scan ci/demo --fail-on none -o json="$work/run.json" -o sarif="$work/run.sarif" -o html="$work/run.html" -o markdown="$work/run.md" -o csv="$work/run.csv" > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
for f in run.json run.sarif run.html run.md run.csv; do [ -s "$work/$f" ] || { echo "$f is empty"; exit 1; }; done
"$assay" report "$work/run.json" -o sarif="$work/again.sarif" > /dev/null; [ $? -le 1 ] || exit 1
cmp -s "$work/run.sarif" "$work/again.sarif" || { echo "the report shown again differs"; exit 1; }
print=$(sed -n 's/.*"fingerprint": *"\([0-9a-f]*\)".*/\1/p' "$work/run.json" | head -1)
[ -n "$print" ] || { echo "the demo has no finding"; exit 1; }
"$assay" explain "$print" --run "$work/run.json" | grep -qE 'Why|break it' || { echo "explain"; exit 1; }
"$assay" scan ci/demo -o sarif --fail-on none | cmp -s - "$work/run.sarif" || { echo "two runs differ"; exit 1; }
if [ -d "$root/ci/npm/node_modules" ]; then
  node "$root/tests/e2e/validate_sarif.mjs" "$work/run.sarif" || exit 1
fi
exit 0
