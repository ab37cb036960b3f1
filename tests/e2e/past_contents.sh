# --history finds what was taken back, once, with the commits that brought and removed it; without it only the present is examined.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
git() { command git -c user.name=A -c user.email=a@example.com -c init.defaultBranch=main -c commit.gpgsign=false "$@"; }
mkdir "$work/r" && cd "$work/r" && git init -q
line='eval(Buffer.from("Y29uc29sZS5sb2coMSk7Y29uc29sZS5sb2coMik7Y29uc29sZS5sb2coMyk7", "base64").toString())'
printf 'a\n' > a.js; git add -A; git commit -qm one
printf 'a\n%s\n' "$line" > a.js; git commit -qam two; brought=$(git rev-parse HEAD)
printf 'a\nb\n%s\n' "$line" > a.js; git commit -qam three
printf 'a\nb\n' > a.js; git commit -qam four; removed=$(git rev-parse HEAD)
"$assay" scan . --fail-on none -o json="$work/now.json" && "$assay" scan . --history --fail-on none -o json="$work/past.json" || exit 1
grep -q '.git/history' "$work/now.json" && { echo "the past without --history"; exit 1; }
found=$(grep -c "\"path\": \"\.git/history/$brought/a.js\"" "$work/past.json")
[ "$found" -ge 1 ] || { echo "what was removed is not found"; cat "$work/past.json" | head -80; exit 1; }
grep -q "\"removed_by\": \"$removed\"" "$work/past.json" || { echo "the commit that removed it is not named"; exit 1; }
[ "$(grep -o '"path": "\.git/history/[0-9a-f]*/a.js"' "$work/past.json" | sort -u | wc -l)" = 1 ] || { echo "each version has its own finding"; exit 1; }
[ "$("$assay" query "SELECT count(*) FROM past_content" . -o csv | tail -1 | tr -d \")" = 0 ] || { echo "query read the past unasked"; exit 1; }
exit 0
