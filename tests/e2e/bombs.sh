# Archives that grow, nest or lie end at a named cap; the rest of the scan goes on.
set -u
assay=$1
command -v python3 >/dev/null || exit 77
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/t"
python3 - "$work/t" <<'P'
import gzip, io, os, sys, tarfile, zipfile
root = sys.argv[1]
def zipped(name, data):
    b = io.BytesIO()
    with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr(name, data)
    return b.getvalue()
open(root + '/bomb.zip', 'wb').write(zipped('zeros', b'\0' * (400 << 20)))
data = b'inside'
for depth in range(12): data = zipped('next.zip', data)
open(root + '/nested.zip', 'wb').write(data)
with tarfile.open(root + '/escape.tar', 'w') as t:
    info = tarfile.TarInfo('../../../../tmp/assay-escaped'); info.size = 4; t.addfile(info, io.BytesIO(b'evil'))
    link = tarfile.TarInfo('link'); link.type = tarfile.SYMTYPE; link.linkname = '/etc/passwd'; t.addfile(link)
open(root + '/cut.gz', 'wb').write(gzip.compress(os.urandom(100000))[:5000])
open(root + '/deep.json', 'w').write('[' * 200000)
open(root + '/package-lock.json', 'w').write('{"lockfileVersion":3,"packages":' + '{"a":' * 100000)
os.makedirs(root + '/.github/workflows')
open(root + '/.github/workflows/deep.yml', 'w').write('on: ' + '[' * 50000)
open(root + '/.github/workflows/laughs.yml', 'w').write('a0: &a0 [x]\n' + ''.join(f'a{i}: &a{i} [' + ','.join([f'*a{i-1}'] * 10) + ']\n' for i in range(1, 30)) + 'jobs: {a: {steps: *a29}}\n')
open(root + '/good.txt', 'w').write('fine\n')
P
( ulimit -v 4000000; timeout 60 "$assay" scan "$work/t" -o json --fail-on none > "$work/out.json" 2> "$work/err" )
code=$?
[ $code = 0 ] || { echo "exit $code"; head -5 "$work/err"; exit 1; }
[ -e /tmp/assay-escaped ] && { echo "a member escaped"; exit 1; }
for cap in max_archive max_archive_depth; do grep -q "$cap" "$work/out.json" || { echo "$cap is not named"; exit 1; }; done
for name in bomb.zip nested.zip escape.tar cut.gz; do grep -q "$name" "$work/out.json" || { echo "$name is not in the coverage"; exit 1; }; done
exit 0
