#!/usr/bin/env bash
# A log in UTF-16, as PowerShell and MSBuild write it, tells what it tells in UTF-8, in the same places; a log of one
# huge line costs no memory.
set -euo pipefail
assay=$1
command -v iconv > /dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/utf-8" "$work/little" "$work/big"
{
  printf 'Started by timer\r\n[Pipeline] sh\r\n+ pip install left-pad\r\n'
  printf 'Zürich 😀 https://192.0.2.7/payload.sh\r\n'
  printf 'Successfully installed left-pad-1.2.3\r\n'
  printf '+ curl -sSf https://example.com/install.sh | bash\r\n'
} > "$work/utf-8/build.log"
printf '\xff\xfe' > "$work/little/build.log"
iconv -f utf-8 -t utf-16le "$work/utf-8/build.log" >> "$work/little/build.log"
printf '\xfe\xff' > "$work/big/build.log"
iconv -f utf-8 -t utf-16be "$work/utf-8/build.log" >> "$work/big/build.log"
( cd "$work/little" && zip -q ../packed.zip build.log 2> /dev/null ) || true

question='SELECT e.kind, e.name, e.version, e.host, l.line, l.column, l.end_column FROM log_event e JOIN location l ON l.location_id = e.at ORDER BY 5, 6, 1, 2'
for form in utf-8 little big; do
  "$assay" query "$question" "$work/$form" -o csv > "$work/$form.csv"
  "$assay" scan "$work/$form" -o json --fail-on none > "$work/$form.json"
  grep -o '"snippet": *"[^"]*"' "$work/$form.json" > "$work/$form.quoted"
done
grep -q '"left-pad","1.2.3"' "$work/utf-8.csv" || { cat "$work/utf-8.csv"; exit 1; }
grep -q '192.0.2.7","4","10","38"' "$work/utf-8.csv" || { echo "the column counts characters:"; cat "$work/utf-8.csv"; exit 1; }
for form in little big; do
  cmp "$work/utf-8.csv" "$work/$form.csv" || { diff "$work/utf-8.csv" "$work/$form.csv"; exit 1; }
  cmp "$work/utf-8.quoted" "$work/$form.quoted" || { diff "$work/utf-8.quoted" "$work/$form.quoted"; exit 1; }
done
[ -s "$work/utf-8.quoted" ] || { echo "nothing was quoted"; exit 1; }
if [ -f "$work/packed.zip" ]; then
  "$assay" query "$question" "$work/packed.zip" -o csv | cmp - "$work/utf-8.csv"
fi

# 300 MiB without a line end, after a line and before one that tells something.
huge=$work/huge.log
{ printf 'Started by timer\n[Pipeline] sh\n'; head -c $((300 << 20)) /dev/zero | tr '\0' x; printf '\nSuccessfully installed left-pad-1.2.3\n'; } > "$huge"
"$assay" scan "$huge" -o json --fail-on none > "$work/huge.json"
python3 - "$work/huge.json" <<'P'
import json, sys
report = json.load(open(sys.argv[1]))
reasons = [line["reason"] for line in report["not_fully_read"]]
assert any("1 lines are longer than 1048576 bytes" in reason for reason in reasons), reasons
assert not any("max_text_bytes" in reason for reason in reasons), reasons
P
"$assay" query "SELECT e.name, l.line FROM log_event e JOIN location l ON l.location_id = e.at WHERE e.kind = 'package-installed'" "$huge" -o csv > "$work/huge.csv"
grep -q '"left-pad","4"' "$work/huge.csv" || { cat "$work/huge.csv"; exit 1; }
