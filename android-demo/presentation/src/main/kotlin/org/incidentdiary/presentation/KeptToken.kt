package org.incidentdiary.presentation

import org.incidentdiary.core.Diary
import org.incidentdiary.core.TokenStatus
import java.util.Base64

/** The token that tells an old copy which was put back; kept outside of the diary, and of no use to anybody else. */
internal class KeptToken(private val settings: Settings) {
    /** What the token of the last time says about this diary. */
    fun notice(diary: Diary): Text? = when (diary.tokenStatus(kept())) {
        TokenStatus.OLDER -> OLDER
        TokenStatus.FORKED -> FORKED
        TokenStatus.UNKNOWN, TokenStatus.EQUAL, TokenStatus.NEWER -> null
    }

    /** Whether a notice is one of these, which a new token would not find again. */
    fun tellsIt(notice: Text): Boolean = notice == OLDER || notice == FORKED

    /** Keeps a token of the log as it is now. */
    fun renew(diary: Diary) {
        settings.set(Ports.TOKEN, Base64.getEncoder().encodeToString(diary.newToken(kept())))
    }

    private fun kept(): ByteArray = try {
        Base64.getDecoder().decode(settings.get(Ports.TOKEN).orEmpty())
    } catch (_: IllegalArgumentException) {
        ByteArray(0)
    }

    private companion object {
        val OLDER = TextKey.NOTICE_OLDER.text()
        val FORKED = TextKey.NOTICE_FORKED.text()
    }
}
