# Links are listed, never followed; special files are never opened.
set -u
assay=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/t" "$work/outside"
echo 'secret-marker-outside' > "$work/outside/CLAUDE.md"
ln -s "$work/outside" "$work/t/dir"; ln -s "$work/outside/CLAUDE.md" "$work/t/file"; ln -s . "$work/t/loop"; ln -s nowhere "$work/t/dangling"
mkfifo "$work/t/pipe"
echo a > "$work/t/a.txt"
timeout 20 "$assay" query "SELECT path, kind, coverage FROM artifact ORDER BY path" "$work/t" -o csv > "$work/out" || { echo "failed or hung"; exit 1; }
[ "$(grep -c symlink "$work/out")" = 4 ] || { cat "$work/out"; exit 1; }
grep -q special "$work/out" || { cat "$work/out"; exit 1; }
grep -q 'dir/' "$work/out" && { echo "a link was followed"; exit 1; }
exit 0
