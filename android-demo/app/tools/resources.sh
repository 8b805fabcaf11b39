#!/bin/sh
# Resources: src/main/res and the texts of presentation -> res/app.apk, R.java, and the file by which Robolectric finds them.
# Arguments: the jar of the framework, the folder to work in.
set -eu
framework=$1
out=$2
aapt2=$out/apktool/prebuilt/linux/aapt2
chmod +x "$aapt2"
mkdir -p "$out/res" "$out/gen" "$out/test-classes/com/android/tools"
"$aapt2" compile --dir src/main/res -o "$out/res/app.zip"
"$aapt2" compile --dir ../presentation/src/main/res -o "$out/res/texts.zip"
"$aapt2" link -I "$framework" --manifest src/main/AndroidManifest.xml --java "$out/gen" \
    -o "$out/res/app.apk" "$out/res/app.zip" "$out/res/texts.zip"
cat >"$out/test-classes/com/android/tools/test_config.properties" <<P
android_merged_manifest=$PWD/src/main/AndroidManifest.xml
android_resource_apk=$out/res/app.apk
android_custom_package=org.incidentdiary.app
P
# Every test runs on each of these API levels.
echo "sdk=${SDKS:-35}" >"$out/test-classes/robolectric.properties"
