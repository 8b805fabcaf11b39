// For Android Studio. Not run in our CI, which has no Android SDK: there, tests/run android compiles the same sources with Maven.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}
dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}
rootProject.name = "incident-diary"
include(":app")
