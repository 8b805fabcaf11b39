package org.incidentdiary.app.platform

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import org.incidentdiary.noDeviceKey
import org.incidentdiary.presentation.DeviceSecret
import java.security.KeyStore
import javax.crypto.KeyGenerator
import javax.crypto.Mac
import javax.crypto.SecretKey

/**
 * A key of the Android Keystore, which no program can read and no backup takes along. It asks for no finger and no face, so none
 * that is added or removed takes it away; only a reset of the phone does, or the removal of the app.
 */
internal class KeystoreSecret : DeviceSecret {
    override fun make() {
        if (store().containsAlias(NAME)) return
        val spec = KeyGenParameterSpec.Builder(NAME, KeyProperties.PURPOSE_SIGN).build()
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_HMAC_SHA256, PROVIDER).run {
            init(spec)
            generateKey()
        }
    }

    override fun mac(message: ByteArray): ByteArray = try {
        val key = store().getKey(NAME, null) as? SecretKey ?: throw noDeviceKey()
        Mac.getInstance(KeyProperties.KEY_ALGORITHM_HMAC_SHA256).run {
            init(key)
            doFinal(message)
        }
    } catch (_: KeyPermanentlyInvalidatedException) {
        throw noDeviceKey()
    }

    override fun forget() = store().deleteEntry(NAME)

    private fun store() = KeyStore.getInstance(PROVIDER).apply { load(null) }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val NAME = "passphrase"
    }
}
