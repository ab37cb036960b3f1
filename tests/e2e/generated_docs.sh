# The pages made from code and rules are what the code says now.
set -u
assay=$1; root=$2
fault=0
for page in evidence coverage; do
  "$assay" docs $page | diff -q - "$root/docs/$page.md" >/dev/null || { echo "docs/$page.md is stale: build/assay docs $page > docs/$page.md"; fault=1; }
done
exit $fault
