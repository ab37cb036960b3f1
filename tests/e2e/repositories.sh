# Repositories of every shape are read or say why not; the gate shows only what a change brings.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
git() { command git -c user.name=A -c user.email=a@example.com -c init.defaultBranch=main -c commit.gpgsign=false "$@"; }
mkdir "$work/r" && cd "$work/r" && git init -q
"$assay" scan . --fail-on none > "$work/out" 2>&1; code=$?
[ $code = 0 ] || [ $code = 3 ] || { echo "a repository without commits: exit $code"; cat "$work/out"; exit 1; }
mkdir -p .github/workflows
printf 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n' > .github/workflows/a.yml
echo 1 > f; git add -A; git commit -qm one
git checkout -q -b change
printf 'on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.issue.body }}"\n' > .github/workflows/b.yml
git add -A; git commit -qm two
"$assay" gate --base main --head change . > "$work/out" 2>&1; code=$?
[ $code = 1 ] || { echo "gate: exit $code"; cat "$work/out"; exit 1; }
grep -q 'b.yml:7' "$work/out" || { echo "gate does not name the place"; cat "$work/out"; exit 1; }
git checkout -q main; echo 2 > f; git commit -qam three
"$assay" gate --base change --head main . > "$work/out" 2>&1 || { echo "gate of a harmless change"; cat "$work/out"; exit 1; }
"$assay" gate --base no-such-ref . > "$work/out" 2>&1; [ $? = 2 ] || { echo "unknown base must be a usage error"; exit 1; }
[ "$(git status --porcelain | wc -l)" = 0 ] || { echo "the gate changed the work tree"; exit 1; }
git clone -q --bare . "$work/bare" && git clone -q --depth 1 "file://$work/bare" "$work/shallow"
"$assay" query "SELECT count(*) FROM git_commit" "$work/bare" -o csv | tail -1 | grep -q '3' || { echo "bare"; exit 1; }
"$assay" query "SELECT shallow FROM repository" "$work/shallow" -o csv | tail -1 | grep -q '1' || { echo "shallow"; exit 1; }
rm -rf "$work/r/.git/objects"; mkdir "$work/r/.git/objects"
"$assay" scan "$work/r" --fail-on none > "$work/out" 2>&1 || { echo "a broken repository broke the scan"; cat "$work/out"; exit 1; }
exit 0
