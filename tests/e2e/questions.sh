#!/usr/bin/env bash
# assay query matrix and state: foreign code beside secrets, and what one job leaves for another.
set -euo pipefail
assay=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/.github/workflows"
cat > "$work/.github/workflows/a.yml" <<'YAML'
on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: [self-hosted, big]
    steps:
      - uses: example/build@v1
        with: {token: "${{ secrets.FIRST }}"}
      - uses: actions/cache@v4
        with: {path: x, key: "k-${{ github.sha }}"}
      - run: npm ci
        env: {T: "${{ secrets.SECOND }}"}
YAML
cat > "$work/.github/workflows/b.yml" <<'YAML'
on: push
permissions: {}
jobs:
  release:
    runs-on: [self-hosted, big]
    permissions: {id-token: write}
    steps:
      - uses: actions/cache@v4
        with: {path: x, key: "k-${{ github.ref }}"}
YAML
"$assay" query matrix "$work" -o csv > "$work/matrix"
grep -q 'a.yml","test","example/build@v1","action","no","FIRST","SECOND","","pull_request_target"' "$work/matrix" || { cat "$work/matrix"; exit 1; }
grep -q '"npm ci","packages: npm","yes","SECOND","FIRST"' "$work/matrix" || { cat "$work/matrix"; exit 1; }
if grep -q 'actions/cache' "$work/matrix"; then echo "the vendor's own actions are not foreign"; exit 1; fi
"$assay" query state "$work" -o csv > "$work/state"
grep -q '"cache".*a.yml test","pull_request_target",".*b.yml release","id-token: write"' "$work/state" || { cat "$work/state"; exit 1; }
grep -q '"machine","self-hosted,big",".*a.yml test","pull_request_target",".*b.yml release"' "$work/state" || { cat "$work/state"; exit 1; }
grep -q '"identity","",".*b.yml release"' "$work/state" || { cat "$work/state"; exit 1; }
