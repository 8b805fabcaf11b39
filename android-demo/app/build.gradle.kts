// Not run in our CI: see settings.gradle.kts. Before it: bindings/generate, and bindings/package android for the libraries of the phone.
plugins {
    id("com.android.application") version "9.3.1"
}

val root = rootDir.resolve("..")

android {
    namespace = "org.incidentdiary.app"
    compileSdk = 36
    defaultConfig {
        applicationId = "org.incidentdiary.app"
        minSdk = 26
        // From 36 on the way back comes by another callback.
        targetSdk = 35
        versionCode = 1
        versionName = "0.1.0"
    }
    sourceSets["main"].apply {
        kotlin.directories += listOf(
            "../presentation/src/main/kotlin",
            "$root/bindings/kotlin/diary/src/main/kotlin",
            "$root/target/bindings/kotlin",
        )
        res.directories += "../presentation/src/main/res"
        jniLibs.directories += "$root/target/package/jni"
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles("$root/bindings/consumer-rules.pro", "tools/rules.pro")
        }
    }
}

dependencies {
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
}
