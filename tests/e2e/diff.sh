# diff: two states of one thing across formats, from paths or revisions; what it says, its exit codes, the order of the JSON.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
fault=0
expect() { # CODE COMMAND…
  local wanted=$1; shift
  "$@" >"$work/out" 2>"$work/err"
  local got=$?
  [ "$got" = "$wanted" ] || { echo "wanted $wanted, got $got: $*"; cat "$work/out" "$work/err"; fault=1; }
}
has() { grep -q -- "$1" "$work/out" || { echo "'$1' is missing in:"; cat "$work/out"; fault=1; }; }
lock() { printf '{"name": "app", "lockfileVersion": 3, "packages": {\n "": {"name": "app", "dependencies": {"a": "1"}},\n "node_modules/a": {"version": "%s", "integrity": "sha512-AAEC", "dependencies": {%s}}%s}}\n' "$1" "$2" "$3"; }

mkdir -p "$work/old" "$work/new" "$work/repo"
lock 1.0.0 '' '' > "$work/old/package-lock.json"
lock 1.0.1 '"carrier": "^4"' ', "node_modules/carrier": {"version": "4.2.1", "integrity": "sha512-AAED", "hasInstallScript": true}' > "$work/new/package-lock.json"
expect 0 "$assay" diff "$work/old" "$work/new"
has 'newer version (1)'
has 'carrier 4.2.1'
has 'sbom/new-dependency-with-install-script'
expect 1 "$assay" diff "$work/old" "$work/new" --fail-on medium
expect 0 "$assay" diff "$work/old" "$work/old" --fail-on low
cp "$work/out" "$work/none"; grep -q 'Changes' "$work/none" && { echo "a side differs from itself"; fault=1; }

# Single files with other names, and an SBOM against a lockfile.
cp "$work/new/package-lock.json" "$work/second.json"
"$assay" sbom "$work/old" -o cyclonedx > "$work/bom.json"
expect 0 "$assay" diff "$work/bom.json" "$work/new" --fail-on none -o json
has '"kind": "version-up"'
has '"was": "1.0.0"'
cp "$work/out" "$work/first"
expect 0 "$assay" diff "$work/bom.json" "$work/new" --fail-on none -o json -j 1
cmp -s "$work/first" "$work/out" || { echo "two runs differ"; fault=1; }

# Revisions, found in a repository.
cd "$work/repo" && git init -q . && git config user.email a@example.com && git config user.name a
cp "$work/old/package-lock.json" . && git add . && git commit -qm one && git tag v1
cp "$work/new/package-lock.json" . && git commit -qam two
expect 0 "$assay" diff v1 HEAD --fail-on none
has 'newer version (1)'
expect 0 "$assay" gate . --base v1 --fail-on none
has 'newer version (1)'
cd / && expect 0 "$assay" diff --repository "$work/repo" v1 HEAD --fail-on none
expect 2 "$assay" diff "$work/old" no-such-revision
expect 2 "$assay" diff - -
expect 2 "$assay" diff "$work/old"
exit $fault
