#!/usr/bin/env bash
# Makes the recordings that check_copies.py copies: as phones, recorders and messengers make them, small,
# with a place, a device, names and times wherever their formats have room for them.
#
#   make.sh FOLDER
set -euo pipefail
out=$1

secret='43.238 76.945 SN-0001'
tags=(-metadata "title=$secret" -metadata "comment=$secret" -metadata "artist=$secret"
    -metadata creation_time=2026-11-20T21:03:00Z -metadata location=+43.2380+076.9450/)
video=(-f lavfi -i testsrc=size=64x48:rate=10:duration=0.5)
sound=(-f lavfi -i sine=frequency=440:sample_rate=16000:duration=0.5)

make() {
    local name=$1
    shift
    ffmpeg -nostdin -loglevel error -y "$@" "$out/$name"
}

h264=(-c:v libx264 -pix_fmt yuv420p -bf 2 -crf 45)
aac=(-c:a aac -b:a 16k)
make phone.mp4 "${video[@]}" "${sound[@]}" "${h264[@]}" "${aac[@]}" "${tags[@]}" -metadata:s:v "handler_name=$secret"
make phone.mov "${video[@]}" "${sound[@]}" -c:v libx265 -pix_fmt yuv420p -tag:v hvc1 -crf 45 \
    -x265-params log-level=none "${aac[@]}" "${tags[@]}" -metadata:s:v rotate=90 -timecode 01:02:03:04 \
    -metadata "com.apple.quicktime.model=$secret" -movflags use_metadata_tags \
    -metadata com.apple.quicktime.location.ISO6709=+43.2380+076.9450/
make recorder.m4a "${sound[@]}" "${aac[@]}" "${tags[@]}"
make lossless.m4a "${sound[@]}" -c:a alac "${tags[@]}"
make old.3gp "${video[@]}" -c:v h263 -s 128x96 "${tags[@]}"
make old.mp4 "${video[@]}" -c:v mpeg4 "${tags[@]}"
make web.mp4 "${video[@]}" "${sound[@]}" -c:v libaom-av1 -pix_fmt yuv420p -cpu-used 8 -crf 63 -b:v 0 \
    -c:a libopus -b:a 12k "${tags[@]}"
make voice.ogg "${sound[@]}" -c:a libopus -b:a 12k "${tags[@]}"
make vorbis.ogg "${sound[@]}" -c:a libvorbis "${tags[@]}"
make recorder.mp3 "${sound[@]}" -c:a libmp3lame -b:a 16k "${tags[@]}"
make recorder.wav "${sound[@]}" -c:a pcm_s16le -ar 4000 "${tags[@]}"
make fragments.mp4 "${video[@]}" "${h264[@]}" -movflags +frag_keyframe+empty_moov "${tags[@]}"
