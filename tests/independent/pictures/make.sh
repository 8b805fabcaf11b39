#!/usr/bin/env bash
# Makes the pictures that check_copies.py copies: as phones, editors and messengers make them, small, with a place,
# a device and names in them, and turned. Needs Pillow (in PYTHON), ImageMagick
# and exiftool.
#
#   make.sh FOLDER
set -euo pipefail
out=$1

"${PYTHON:-python3}" - "$out" <<'EOF'
import sys
from pathlib import Path
from PIL import Image, JpegImagePlugin

folder = Path(sys.argv[1])
picture = Image.new("RGB", (48, 32))
picture.putdata([(x * 5, y * 8, 255 - x * 3) for y in range(32) for x in range(48)])
picture.save(folder / "phone.jpg", quality=70)
# Its three channels as they are, which only Adobe's marker says.
picture.save(folder / "rgb.jpg", quality=70, keep_rgb=True)
picture.convert("CMYK").save(folder / "cmyk.jpg", quality=70)
picture.save(folder / "messenger.webp", quality=60)
clear = picture.convert("RGBA")
clear.putalpha(Image.linear_gradient("L").resize(clear.size))
clear.save(folder / "sticker.webp", lossless=True)
clear.save(folder / "clear.webp", quality=60)
clear.save(folder / "screenshot.png")
EOF
# The four channels of print as most programs code them: YCCK.
convert "$out/cmyk.jpg" -quality 70 "$out/ycck.jpg"

secret='43.238 76.945 SN-0001'
exiftool -quiet -overwrite_original -Orientation#=6 -GPSLatitude=43.238 -GPSLatitudeRef=N -GPSLongitude=76.945 \
    -GPSLongitudeRef=E "-ExifIFD:SerialNumber=$secret" "-IFD0:Artist=$secret" "-XMP-dc:Creator=$secret" \
    -ExifIFD:DateTimeOriginal='2026-11-20 21:03:00' "$out"/*.{jpg,webp,png}
