# Whatever is wrong with an input: the rest is examined, the input is listed with a reason, the exit code is as designed.
set -u
assay=$1
work=$(mktemp -d); trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
fault=0
t=$work/t
mkdir -p "$t/.github/workflows" "$t/locked" "$t/deep"
good='on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.issue.body }}"\n'
printf "$good" > "$t/.github/workflows/good.yml"
# truncated in the middle of a token
printf '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"left","version":"1.0.0"},{"type":"libr' > "$t/cut.cdx.json"
printf '{"lockfileVersion":3,"packages":{"":{"name":"a"},"node_modules/b":{"version":"1.0.0","resol' > "$t/package-lock.json"
# bytes that are no text under names that promise text
head -c 4096 /dev/urandom > "$t/.github/workflows/noise.yml"
printf 'on: push\njobs:\n  a:\n\tsteps: [}\n' > "$t/.github/workflows/broken.yml"
# larger than any cap, and no bytes on the disk
truncate -s 5G "$t/huge.json"
truncate -s 5G "$t/huge.log"
# deep and cyclic
{ printf '{"a":%.0s' $(seq 5000); } > "$t/deep/package.json"
printf 'a: &a\n  b: *a\njobs: *a\non: push\n' > "$t/.github/workflows/cycle.yml"
printf 'on: &x [*x]\njobs: {a: &j {steps: [*j], runs-on: *x}}\n' > "$t/.github/workflows/cycle2.yml"
# nothing that is a file
mkfifo "$t/pipe.yml"
mknod "$t/null" c 1 3 2>/dev/null || true
ln -s loop2 "$t/loop1"; ln -s loop1 "$t/loop2"; ln -s ../../.. "$t/up"; ln -s . "$t/self"
# names
touch "$t/$(printf 'two\nlines.txt')" "$t/ leading" "$t/-rf" "$t/$(printf 'bad\xff\xfe.txt')"
# a directory and a file nobody may read
printf "$good" > "$t/locked/a.yml"; echo secret > "$t/unreadable.txt"
chmod 0 "$t/unreadable.txt"; chmod 0 "$t/locked"
run=("$assay")
if [ "$(id -u)" = 0 ]; then
  if command -v setpriv > /dev/null; then
    chmod 711 "$work"; chmod 755 "$t" "$t/.github" "$t/.github/workflows" "$t/deep"
    run=(setpriv --reuid=65534 --regid=65534 --clear-groups env "HOME=/nonexistent" "$assay")
    "${run[@]}" --version > /dev/null 2>&1 || run=("$assay")   # the program itself may lie where nobody may go
  fi
fi
unprivileged=0
[ "${#run[@]}" -gt 1 ] || [ "$(id -u)" != 0 ] && unprivileged=1

( ulimit -v 6000000; timeout 100 "${run[@]}" scan "$t" -o json --fail-on none ) > "$work/out.json" 2> "$work/err"; code=$?
[ $code = 0 ] || { echo "exit $code"; head -5 "$work/err"; fault=1; }
[ -s "$work/err" ] && { echo "an input is no reason to write on standard error:"; head -3 "$work/err"; fault=1; }
listed() { # NAME REASON…
  local name=$1; shift
  python3 - "$work/out.json" "$name" "$@" <<'P' || fault=1
import json, sys
report = json.load(open(sys.argv[1]))
lines = [line for line in report["not_fully_read"] if line["path"].endswith(sys.argv[2])]
if not lines: sys.exit(f"{sys.argv[2]}: not listed as not fully read")
for wanted in sys.argv[3:]:
    if not any(wanted in line["reason"] for line in lines): sys.exit(f"{sys.argv[2]}: the reason does not say '{wanted}': {lines}")
P
}
command -v python3 > /dev/null || exit 77
listed cut.cdx.json
listed package-lock.json
listed broken.yml
listed huge.json max_document_bytes
listed huge.log max_document_bytes
listed deep/package.json max_json_depth
listed pipe.yml
for link in loop1 loop2 up self; do listed $link; done
if [ $unprivileged = 1 ]; then
  listed unreadable.txt
  listed locked
fi
grep -q 'good.yml' "$work/out.json" || { echo "the good workflow was lost"; fault=1; }
grep -q 'left' <("${run[@]}" query "SELECT name FROM component" "$t/cut.cdx.json" -o csv) || { echo "what stands before the cut was lost"; fault=1; }
timeout 100 "${run[@]}" scan "$t" --strict --fail-on none > /dev/null 2>&1; code=$?
[ $code = 5 ] || { echo "--strict: exit $code"; fault=1; }

# A single bad input named on the command line.
expect() { # CODE WORD COMMAND…
  local wanted=$1 word=$2; shift 2
  timeout 60 "$@" > "$work/out" 2>&1; local got=$?
  [ $got = "$wanted" ] || { echo "wanted $wanted, got $got: $*"; head -3 "$work/out"; fault=1; }
  grep -q -- "$word" "$work/out" || { echo "'$word' is not said: $*"; head -3 "$work/out"; fault=1; }
}
expect 0 'max_document_bytes' "$assay" scan "$t/huge.json" --fail-on none
expect 2 'no-such' "$assay" scan "$work/no-such"
expect 2 'pipe.yml' "$assay" scan "$t/pipe.yml"
printf 'product: [' > "$work/product.yaml"
expect 2 'product.yaml:1' "$assay" review "$work/product.yaml"
printf 'product: {name: A, vendor: B, version: C}\nassessed_on: 2026-05-01\nsurprise: 1\n' > "$work/product.yaml"
expect 2 'product.yaml:3:1' "$assay" review "$work/product.yaml"
printf 'fleet:\n  - {path: a, pathh: b}\n' > "$work/fleet.yaml"
expect 2 'fleet.yaml:2' "$assay" sweep "$work/fleet.yaml" --store "$work/s.sqlite"
printf 'exceptions:\n  - {rule: a}\n' > "$work/e.yaml"
expect 2 'e.yaml:2' "$assay" scan "$t/deep" --exceptions "$work/e.yaml"
echo '{"schema":"assay-report/1","findings":7}' > "$work/base.json"
expect 2 'base.json' "$assay" scan "$t/deep" --baseline "$work/base.json"
head -c 5000 /dev/urandom > "$work/past.sqlite"
expect 2 'past.sqlite' "$assay" scan "$t/deep" --past "$work/past.sqlite"
expect 2 'past.sqlite' "$assay" hunt axios@1.0.0 --store "$work/past.sqlite"
mkdir -p "$work/rules/pipeline"; printf 'id: pipeline/x\ntitle: [\n' > "$work/rules/pipeline/x.yaml"
expect 4 'x.yaml:' "$assay" scan "$t/deep" --rules "$work/rules"
mkdir "$work/empty-repo"; git -C "$work/empty-repo" init -q 2>/dev/null
echo a > "$work/empty-repo/a.txt"
expect 0 'input' "$assay" scan "$work/empty-repo" --fail-on none
expect 2 'HEAD\|main' "$assay" gate "$work/empty-repo" --base main
exit $fault
