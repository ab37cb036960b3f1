#!/usr/bin/env bash
# scan --fix prints a diff that patch takes; --fix=apply makes the same change, the findings are gone and the rest of the
# files is as it was. Commits come from a mirror on disk, links are not followed.
set -euo pipefail
assay=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/a/.github/workflows" "$work/mirror/example/build"
cat > "$work/a/.github/workflows/w.yml" <<'YAML'
on: issues   # odd   spacing stays
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8
      - uses: example/build@v1
      - run: echo ${{ github.event.issue.title }}
YAML
git -C "$work/mirror/example/build" init -q
git -C "$work/mirror/example/build" -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m x
git -C "$work/mirror/example/build" tag v1
commit=$(git -C "$work/mirror/example/build" rev-parse HEAD)
ln -s /etc/hostname "$work/a/.github/workflows/link.yml"
cp -r "$work/a" "$work/b"

"$assay" scan "$work/a" --fix --mirror "$work/mirror" --fail-on none > "$work/diff" 2> "$work/said"
grep -q "can be mended in 1 file" "$work/said"
diff -r "$work/a" "$work/b" 2>/dev/null
patch -s -p1 -d "$work/b" < "$work/diff"
grep -q "example/build@$commit # v1" "$work/b/.github/workflows/w.yml"
grep -q '^on: issues   # odd   spacing stays$' "$work/b/.github/workflows/w.yml"

"$assay" scan "$work/a" --fix=apply --mirror "$work/mirror" --fail-on none 2> "$work/said"
grep -q "mended in 1 file" "$work/said"
cmp "$work/a/.github/workflows/w.yml" "$work/b/.github/workflows/w.yml"
"$assay" scan "$work/a" -o csv --fail-on none > "$work/after"
for rule in unpinned-action outsider-text-in-shell checkout-keeps-credentials; do
  if grep -q "pipeline/$rule" "$work/after"; then echo "$rule is still there"; exit 1; fi
done
