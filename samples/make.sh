#!/usr/bin/env bash
# Makes the files in evidence/ again, with programs that nobody here wrote.
#
# On Debian 12 with the packages named below the same bytes come out again; another version of a
# program gives other bytes, which is no fault. The committed files are the ones the tests use.
set -euo pipefail
cd "$(dirname "$0")"

packages=(espeak-ng ffmpeg fonts-dejavu-core libimage-exiftool-perl python3-pil python3-reportlab)
for package in "${packages[@]}"; do
    if ! dpkg -s "$package" >/dev/null 2>&1; then
        echo "make.sh: missing: apt-get install ${packages[*]}" >&2
        exit 2
    fi
done

# Debian's own Python: the one that sees Debian's python3-pil and python3-reportlab.
python=/usr/bin/python3
export LC_ALL=C.UTF-8 TZ=Asia/Almaty SOURCE_DATE_EPOCH=1780459200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=evidence
mkdir -p "$out"

echo 'chat export and mail (text)'
"$python" make.py chat "$out/chat-export.txt"
"$python" make.py mail "$out/message.eml"

echo 'screenshots (Pillow, DejaVu Sans)'
"$python" make.py calls "$out/Screenshot_20260215-071204.png"
"$python" make.py page "$out/Screenshot_20260318-222840.png"

echo 'clinic letter (ReportLab)'
"$python" make.py letter "$out/Справка травмпункта.pdf"

echo 'voice message (espeak-ng, Opus in Ogg)'
espeak-ng -v kk -s 145 -p 35 -w "$work/voice.wav" \
    'Маған бәрібір жауап бересің. Телефонды көтер. Қайда барсаң да, тауып аламын.'
ffmpeg -v error -y -i "$work/voice.wav" -map_metadata -1 -fflags +bitexact -flags:a +bitexact \
    -c:a libopus -b:a 16k -ac 1 -f ogg "$out/PTT-20260215-WA0003.opus"

echo 'photograph (Pillow), with what a phone writes into it (exiftool)'
photo=IMG_20260421_183012.jpg
"$python" make.py photo "$work/$photo" "$work/thumbnail.jpg"
exiftool -q -overwrite_original \
    -Make='Sample' -Model='Sample Phone 5' -Software='Camera 1.0' \
    -SerialNumber='SN00000000' -OwnerName='Sample Owner' -ImageUniqueID='00000000000000000000000000000000' \
    -DateTimeOriginal='2026:04:21 18:30:12' -CreateDate='2026:04:21 18:30:12' \
    -ModifyDate='2026:04:21 18:30:12' -OffsetTimeOriginal='+05:00' -Orientation#=1 \
    -ExposureTime=1/120 -FNumber=1.8 -ISO=80 -FocalLength=4.2 \
    -GPSLatitude=43.2630 -GPSLatitudeRef=N -GPSLongitude=76.9695 -GPSLongitudeRef=E \
    -GPSAltitude=780 -GPSAltitudeRef#=0 -GPSDateStamp='2026:04:21' -GPSTimeStamp='13:30:12' \
    -XMP-xmp:CreatorTool='Camera 1.0' \
    "-ThumbnailImage<=$work/thumbnail.jpg" "$work/$photo"
cp "$work/$photo" "$out/$photo"

echo 'video of a security camera (ffmpeg)'
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
ffmpeg -v error -y -filter_complex "
    color=c=0x6b7078:s=480x270:r=12:d=3,
    drawbox=x=0:y=200:w=480:h=70:color=0x4a4d52:t=fill,
    drawbox=x=330:y=70:w=80:h=130:color=0x2f3338:t=fill,
    drawbox=x=338:y=78:w=64:h=114:color=0x9fb4c2:t=fill,
    drawbox=x=20:y=120:w=90:h=80:color=0x57493b:t=fill[room];
    color=c=0x20252c:s=34x92:r=12:d=3[body];
    color=c=0xb08d74:s=20x22:r=12:d=3[head];
    [room][body]overlay=x='300-55*t':y=140[a];
    [a][head]overlay=x='307-55*t':y=118,
    noise=alls=14:allf=t:all_seed=26,
    drawtext=fontfile=$font:text='CAM 02  12.05.2026 13\:07\:%{eif\:t\:d\:2}':x=10:y=10:fontsize=15:fontcolor=white[v];
    anoisesrc=c=pink:a=0.02:r=16000:d=3:seed=26[n]" \
    -map '[v]' -map '[n]' -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    -c:v libx264 -profile:v baseline -pix_fmt yuv420p -crf 30 -threads 1 -c:a aac -b:a 24k \
    -metadata creation_time=2026-05-12T08:07:00Z -metadata location='+43.2630+076.9695/' \
    -movflags +faststart -f mp4 "$out/VID-20260512-WA0001.mp4"

(cd "$out" && sha256sum -- * >"$work/sums" && cat "$work/sums" && du -cb -- * | tail -n 1)
