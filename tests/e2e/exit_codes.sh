# Exit codes are a promise: 0 nothing, 1 findings, 2 usage, 3 nothing to examine, 4 invalid rule, 5 incomplete under --strict.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
fault=0
expect() { # CODE COMMAND…
  local wanted=$1; shift
  "$@" >"$work/out" 2>"$work/err"
  local got=$?
  [ "$got" = "$wanted" ] || { echo "wanted $wanted, got $got: $*"; cat "$work/err"; fault=1; }
}
mkdir -p "$work/clean" "$work/empty" "$work/bad/.github/workflows" "$work/rules/pipeline"
echo hello > "$work/clean/a.txt"
printf 'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n' > "$work/bad/.github/workflows/a.yml"
expect 0 "$assay" scan "$work/clean"
expect 1 "$assay" scan "$work/bad"
expect 0 "$assay" scan "$work/bad" --fail-on none
expect 1 "$assay" scan "$work/bad" -o sarif
expect 2 "$assay" scan
expect 2 "$assay" scan "$work/does-not-exist"
expect 2 "$assay" scan "$work/clean" --fail-on sometimes
expect 2 "$assay" scan "$work/clean" -o no-such-format
expect 3 "$assay" scan "$work/empty"
ln -s /etc/passwd "$work/clean/link"
expect 0 "$assay" scan "$work/clean" --strict
head -c 100 /dev/urandom > "$work/noise"; { printf '\x1f\x8b\x08\x00'; cat "$work/noise"; } > "$work/clean/broken.gz"
expect 5 "$assay" scan "$work/clean" --strict
expect 0 "$assay" scan "$work/clean"
echo 'id: wrong' > "$work/rules/pipeline/x.yaml"
expect 4 "$assay" scan "$work/clean" --rules "$work/rules"
grep -q 'x.yaml:1' "$work/err" || { echo "the error does not name the place:"; cat "$work/err"; fault=1; }
exit $fault
