# What an attacker named (a file, a directory, a rule, a branch) never reaches a terminal as a control sequence, whatever the verb
# and whether it is an answer or an error.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
fault=0
evil=$(printf 'a\033]0;owned\007\rb\xe2\x80\xaec\xc2\x9bd')   # escape, bell, carriage return, right-to-left override, C1
bidi=$(printf '\xe2\x80\xae')
c1=$(printf '\xc2\x9b')
quiet() { # COMMAND…: runs it and looks at every byte it prints
  "$@" > "$work/out" 2>&1
  if LC_ALL=C grep -q -e $'\033' -e $'\r' -e $'\007' -e "$bidi" -e "$c1" "$work/out"; then
    echo "a control character reached the terminal: $(printf '%q ' "$@")"; LC_ALL=C cat -v "$work/out" | head -5; fault=1
  fi
}
named() { # as quiet, and the name must be there in its visible form
  quiet "$@"
  grep -q 'U+001B' "$work/out" || { echo "the name is not shown: $(printf '%q ' "$@")"; cat -v "$work/out" | head -5; fault=1; }
}
mkdir -p "$work/$evil/.github/workflows" "$work/rules-$evil/pipeline" "$work/plain"
printf 'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n' > "$work/$evil/.github/workflows/$evil.yml"
echo 'id: wrong' > "$work/rules-$evil/pipeline/$evil.yaml"
echo '{' > "$work/$evil.json"
echo 'repositories: [{' > "$work/$evil.fleet.yaml"
printf 'subjects:\n' > "$work/fleet.yaml"

named "$assay" scan "$work/no-$evil"
named "$assay" scan "$work/plain" "--$evil"
quiet "$assay" "$evil"
named "$assay" scan "$work/$evil" --fail-on none
named "$assay" scan "$work/plain" --rules "$work/rules-$evil"
named "$assay" scan "$work/$evil" -o "$evil"
named "$assay" scan "$work/$evil" -o "json=$work/none/$evil"
named "$assay" scan "$work/$evil" --baseline "$work/$evil.json"
named "$assay" scan "$work/$evil" --exceptions "$work/no-$evil"
named "$assay" gate "$work/$evil" --base main
named "$assay" review "$work/no-$evil.yaml"
named "$assay" sweep "$work/$evil.fleet.yaml" --store "$work/s.sqlite"
quiet "$assay" hunt "$evil" --store "$work/s2.sqlite"
named "$assay" query 'SELECT path FROM artifact' "$work/$evil"
quiet "$assay" query 'SELECT path FROM artifact' "$work/$evil" -o csv
quiet "$assay" query 'SELECT path FROM artifact' "$work/$evil" -o json
quiet "$assay" query "SELECT $evil" "$work/plain"
named "$assay" rules show "$evil"
named "$assay" rules test "$evil"
named "$assay" report "$work/$evil.json"
named "$assay" explain "$evil"
named "$assay" sbom "$work/no-$evil"
named "$assay" sbom --validate "$work/no-$evil"
named "$assay" docs "$evil"
# A report that somebody else wrote may say anything.
"$assay" scan "$work/$evil" --fail-on none -o json="$work/run.json" > /dev/null 2>&1
print=$(sed -n 's/.*"fingerprint": *"\([0-9a-f]*\)".*/\1/p' "$work/run.json" | head -1)
[ -n "$print" ] || { echo "no finding to explain"; fault=1; }
named "$assay" explain "$print" --run "$work/run.json"
for format in terminal markdown html sarif junit codequality annotations; do quiet "$assay" report "$work/run.json" -o "$format"; done
# CSV ends its lines with CR LF (RFC 4180); inside a line there is none.
"$assay" report "$work/run.json" -o csv | sed 's/\r$//' > "$work/run.csv"
quiet cat "$work/run.csv"
exit $fault
