# File names are bytes an attacker chose: none may end up as a control sequence, a workflow command, or hide another file.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/t/.github/workflows"
body='on: issues
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.event.issue.title }}"
'
esc=$(printf '\033]0;owned\007')
printf '%s' "$body" > "$work/t/.github/workflows/${esc}.yml"
printf '%s' "$body" > "$work/t/.github/workflows/--help.yml"
nl=$(printf 'x\n::error::forged'); printf '%s' "$body" > "$work/t/.github/workflows/${nl}.yml"
CI=true "$assay" scan "$work/t" --fail-on none > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
if grep -q $'\033' "$work/out"; then echo "an escape reached the terminal"; exit 1; fi
if grep -q '^::error' "$work/out"; then echo "a workflow command was forged"; exit 1; fi
n=$("$assay" query "SELECT count(*) FROM workflow" "$work/t" -o csv | tail -1 | tr -d '"')
[ "$n" = 3 ] || { echo "3 workflows expected, $n read"; exit 1; }
