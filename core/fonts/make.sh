#!/usr/bin/env bash
# Makes the fonts of the reports again: Debian's Noto fonts, cut down to what the reports can show.
#
#   core/fonts/make.sh          writes the three .ttf files beside this script
#   core/fonts/make.sh --check  makes them elsewhere and compares
#
# Needs Debian 12 (apt-get, dpkg-deb) and Python with venv; fetches fonttools from PyPI.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=20201225-1
fonttools=4.68.0

# Letters of Kazakh, Russian and the Latin alphabets around, with marks that may stand apart;
# punctuation, currencies, arrows. Whatever else is written is shown as its code point.
letters=U+0020-007E,U+00A0-017F,U+0218-021B,U+0300-0304,U+0306-0308,U+030A-030C,U+0327-0328,U+0400-052F
signs=U+2010-2015,U+2018-2022,U+2026,U+2030,U+2032-2033,U+2039-203A,U+20AC,U+20B8,U+20BD,U+2116,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265
# Hashes, codes and file names.
ascii=U+0020-007E

cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check "fonttools==$fonttools"
apt-get download "fonts-noto-core=$version" "fonts-noto-mono=$version" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
fonts=root/usr/share/fonts/truetype/noto
sha256sum --check --quiet <<'SUMS'
89c3c497f618fdaa0b2d1e98fef93582f28c71debd2c4a8cdf41f190ced2909d  root/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf
e83493c945848ecd4a9ad0f6d19164541a0d3e23a9c952304a00a46e00272ac5  root/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf
6b692c4b6d15ccf59f1c1fe8d11cb8a92f51960f3e9f1f523781755a3af7e29f  root/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf
SUMS

subset() {
    local name=$1 out=$2 unicodes=$3
    venv/bin/pyftsubset "$fonts/$name.ttf" --output-file="$out" --unicodes="$unicodes" \
        --layout-features=ccmp,kern,locl,mark,mkmk --no-hinting --desubroutinize --notdef-outline
}
subset NotoSans-Regular regular.ttf "$letters,$signs"
subset NotoSans-Bold bold.ttf "$letters,$signs"
subset NotoSansMono-Regular mono.ttf "$ascii"

if [[ ${1:-} == --check ]]; then
    for font in regular.ttf bold.ttf mono.ttf; do cmp "$font" "$here/$font"; done
    echo 'the fonts are as they were made'
else
    cp regular.ttf bold.ttf mono.ttf "$here"
fi
