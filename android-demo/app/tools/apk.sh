#!/bin/sh
# Classes -> classes.dex by R8 in full mode -> an APK signed with a throw-away key and verified. The same classes, shrunk by the same
# rules for a JVM, then make a diary with the real library, without any class that R8 has not seen. The APK holds no native library:
# bindings/package makes those.
# Arguments: the folder of the app's build, R8, the folder of all modules, Maven's repository.
set -eu
out=$1
r8=$2
modules=$3
packages=$4
here=$(cd "$(dirname "$0")" && pwd)
aapt2=$out/apktool/prebuilt/linux/aapt2
work=$out/apk
home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

package() { # FOLDER VERSION NAME: a jar of Maven's repository
    jar=$packages/$1/$2/$3-$2.jar
    [ -f "$jar" ] || { echo "apk: $3 $2 is not in the repository: check tests fetches it" >&2 && exit 1; }
    echo "$jar"
}
framework=$(package org/robolectric/android-all 15-robolectric-13954326 android-all)
stdlib=$(package org/jetbrains/kotlin/kotlin-stdlib 2.4.21 kotlin-stdlib)
jna=$(package net/java/dev/jna/jna 5.19.1 jna)
core=$(package org/jetbrains/kotlinx/kotlinx-coroutines-core-jvm 1.11.0 kotlinx-coroutines-core-jvm)
android=$(package org/jetbrains/kotlinx/kotlinx-coroutines-android 1.11.0 kotlinx-coroutines-android)

rm -rf "$work"
mkdir -p "$work/dex"
for module in generated diary presentation app; do
    (cd "$modules/$module/classes" && jar cf "$work/$module.jar" .)
done
"$aapt2" link -I "$framework" --manifest "$here/../src/main/AndroidManifest.xml" --proguard "$work/resources.pro" \
    -o "$work/resources.apk" "$out/res/app.zip" "$out/res/texts.zip"

shrink() {
    if ! java -Xmx1g -cp "$r8" com.android.tools.r8.R8 --release --no-data-resources --lib "$framework" --lib "$home" \
        --pg-conf "$work/resources.pro" --pg-conf "$here/../../../bindings/consumer-rules.pro" \
        --pg-conf "$here/rules.pro" "$@" \
        "$work/generated.jar" "$work/diary.jar" "$work/presentation.jar" "$work/app.jar" \
        "$stdlib" "$jna" "$core" "$android" >"$work/r8.log" 2>&1; then
        tail -n 20 "$work/r8.log" >&2
        exit 1
    fi
}
shrink --min-api 26 --output "$work/dex" --pg-map-output "$work/mapping.txt"
cp "$work/resources.apk" "$work/unaligned.apk"
(cd "$work/dex" && jar uf0M "$work/unaligned.apk" classes*.dex)
zipalign -f 4 "$work/unaligned.apk" "$work/aligned.apk"
keytool -genkeypair -keystore "$work/key.p12" -storetype PKCS12 -storepass throwaway -alias key -keyalg RSA \
    -keysize 2048 -validity 2 -dname CN=throwaway >/dev/null 2>&1
apksigner sign --ks "$work/key.p12" --ks-pass pass:throwaway --out "$work/app.apk" "$work/aligned.apk"
apksigner verify --min-sdk-version 26 "$work/app.apk"
echo "ok - the APK's signature verifies ($(stat -c %s "$work/app.apk") bytes, without the native library)"

"$aapt2" dump permissions "$work/app.apk" >"$work/permissions"
if grep -q 'uses-permission' "$work/permissions" || ! grep -q '^package: ' "$work/permissions"; then
    echo 'not ok - the APK asks for no permission'
    exit 1
fi
echo 'ok - the APK asks for no permission'

# Only JNA's native library comes from JNA's own package.
mkdir -p "$work/reach" "$work/jna"
javac -d "$work/reach" -cp "$work/generated.jar:$work/diary.jar:$work/presentation.jar:$stdlib:$core" "$here/Reach.java"
jar cf "$work/reach.jar" -C "$work/reach" .
echo '-keep class Reach { public static void main(java.lang.String[]); }' >"$work/reach.pro"
shrink --classfile --output "$work/shrunk.jar" --pg-conf "$work/reach.pro" "$work/reach.jar"
if (cd "$work" && jar tf shrunk.jar | grep -q '^org/incidentdiary/presentation/AppModel'); then
    echo 'not ok - R8 renames the classes of the app'
    exit 1
fi
(cd "$work/jna" && jar xf "$jna" com/sun/jna/linux-x86-64)
mkdir "$work/vault"
java -Djna.library.path="${DIARY_LIBRARY:?}" -Djna.nosys=true -Djna.boot.library.path="$work/jna/com/sun/jna/linux-x86-64" \
    -cp "$work/shrunk.jar" Reach "$work/vault"
echo "ok - the app's classes and JNA's, as R8 leaves them, reach the library"
