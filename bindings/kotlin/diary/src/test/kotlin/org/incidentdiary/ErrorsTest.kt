package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.OffClock
import org.incidentdiary.core.Originals
import org.incidentdiary.core.WithheldField
import org.incidentdiary.core.labels
import org.incidentdiary.core.verifyBundle
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File
import java.io.RandomAccessFile
import java.security.MessageDigest
import kotlin.reflect.KClass
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** Each error arrives as its own case, and holds nothing that was given. */
class ErrorsTest {
    private val cases: Map<KClass<out DiaryException>, () -> Unit> = mapOf(
        DiaryException.Locked::class to {
            val locked = newDiary(fresh()).apply { lock() }
            locked.lock()
            locked.people()
        },
        DiaryException.WriterClosed::class to {
            val writer = shared.beginItem(incident)
            writer.discard()
            lend(ByteArray(1)) { writer.write(it) }
        },
        DiaryException.PassphraseNotText::class to { lend(byteArrayOf(-1)) { shared.confirm(it) } },
        DiaryException.PassphraseEmpty::class to { createDiary(fresh(), CharArray(0)) },
        DiaryException.PassphraseTooLong::class to { shared.confirm(CharArray(5000) { 'x' }) },
        DiaryException.PassphraseUnusable::class to { createDiary(fresh(), "$PASSPHRASE\u0007".toCharArray()) },
        DiaryException.PassphraseWeak::class to { createDiary(fresh(), "Айгерім 1990".toCharArray()) },
        DiaryException.RecoveryCodeForm::class to { recover("ZZZZ") },
        DiaryException.RecoveryCodeMistyped::class to { recover("0000-".repeat(7) + "0001") },
        DiaryException.NotAVault::class to { openDiary(fresh(), PASSPHRASE.toCharArray()) },
        DiaryException.TargetExists::class to { createDiary(vault, PASSPHRASE.toCharArray()) },
        DiaryException.DamagedKeyFile::class to { damaged("header") { copy -> File(copy, "header").damage() } },
        DiaryException.NewerFormat::class to {
            damaged("newer") { File(it, "header").changed(at = 8, byteArrayOf(2, 0), byteArrayOf(0, 2)) }
        },
        DiaryException.KdfOutOfRange::class to {
            val most = ByteArray(4) { -1 }
            damaged("huge") { File(it, "header").changed(at = 12, most, most) }
        },
        DiaryException.OldKeyFile::class to {
            damaged("old") { copy ->
                val header = File(copy, "header")
                val before = header.readBytes()
                openDiary(copy, PASSPHRASE.toCharArray()).use {
                    it.changePassphrase(PASSPHRASE.toCharArray(), "жаңа құпия сөйлем осы жерде".toCharArray())
                    it.lock()
                }
                header.writeBytes(before)
            }
        },
        DiaryException.PassphraseInUse::class to
            { shared.changePassphrase(PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray()) },
        DiaryException.WrongPassphrase::class to { shared.confirm("не та фраза вовсе нет".toCharArray()) },
        DiaryException.InUse::class to { openDiary(vault, PASSPHRASE.toCharArray()) },
        DiaryException.ForeignDatabase::class to {
            damaged("foreign") { File(it, "log.db").filled(ByteArray(8192) { 'x'.code.toByte() }) }
        },
        DiaryException.Full::class to { shared.saveDraft("new", "x".repeat(300_000)) },
        DiaryException.InvalidField::class to { shared.add(incident("")) },
        DiaryException.InvalidTime::class to { shared.list(ListQuery(from = CANARY)) },
        DiaryException.DatesReversed::class to { shared.list(ListQuery(from = "2026-02-01", to = "2026-01-01")) },
        DiaryException.CannotBeWithheld::class to { preview { it.copy(withhold = listOf(WithheldField("occurred"))) } },
        DiaryException.InvalidId::class to { shared.show("../$CANARY") },
        DiaryException.InvalidFingerprint::class to { shared.isAncestor(CANARY) },
        DiaryException.InvalidCursor::class to { shared.list(ListQuery(after = CANARY)) },
        DiaryException.InvalidLimit::class to { shared.list(ListQuery(limit = 201u)) },
        DiaryException.InvalidDraftName::class to { shared.saveDraft("A", "x") },
        DiaryException.InvalidDraft::class to { lend(byteArrayOf(-1)) { shared.saveDraft("new", it) } },
        DiaryException.UnknownLanguage::class to { labels(CANARY) },
        DiaryException.NotFound::class to { shared.show("#4000000") },
        DiaryException.NotAnIncident::class to { shared.show(item) },
        DiaryException.NotAnItem::class to { shared.extract(incident, File(folder, "x").path, null) },
        DiaryException.Erased::class to {
            val id = shared.add(incident()).id
            shared.erase(id)
            shared.amend(id, IncidentPatch(count = 1u), "x")
        },
        DiaryException.AlreadyWithdrawn::class to {
            val id = shared.add(incident()).id
            shared.withdraw(id, "x")
            shared.withdraw(id, "x")
        },
        DiaryException.EmptySelection::class to { preview { it.copy(from = "1999-01-01", to = "1999-01-01") } },
        DiaryException.NotChosen::class to
            { preview { it.copy(originals = Originals.Chosen(listOf(item)), without = listOf(incident)) } },
        DiaryException.InvalidRecipient::class to { encrypt(listOf(CANARY)) },
        DiaryException.RecipientCount::class to { encrypt(emptyList()) },
        DiaryException.TimeStamp::class to { shared.acceptStamp(CANARY.encodeToByteArray(), null, OffClock.REFUSE) },
        DiaryException.NotABundle::class to
            { verifyBundle(File(folder, "x.zip").filled(ByteArray(9)).path, null, null) },
        DiaryException.EncryptedBundle::class to
            { verifyBundle(File(folder, "x.age").filled("age-encryption.org/".toByteArray()).path, null, null) },
        DiaryException.FileNotFound::class to { attach(File(folder, CANARY)) },
        DiaryException.NotAFile::class to { attach(folder) },
        DiaryException.FileEmpty::class to { attach(File(folder, "empty").filled(ByteArray(0))) },
        DiaryException.FileTooLarge::class to {
            val sparse = File(folder, "sparse")
            RandomAccessFile(sparse, "rw").use { it.setLength((16L shl 30) + 1) }
            attach(sparse)
        },
        DiaryException.EvidenceDamaged::class to {
            val stored = File(vault, "evidence").listFiles().orEmpty().maxBy { it.length() }
            val before = stored.readBytes()
            try {
                stored.writeBytes(before.copyOf().also { it[before.size / 2] = (it[before.size / 2] + 1).toByte() })
                shared.extract(item, File(folder, "damaged.bin").path, null)
            } finally {
                stored.writeBytes(before)
            }
        },
        DiaryException.Backup::class to { mustBeBackup(File(folder, CANARY).filled(ByteArray(9))) },
        DiaryException.WrongRecoveryCode::class to {
            val other = checkNotNull(newDiary(fresh()).takeRecoveryCode())
            shared.bind(PASSPHRASE.toCharArray(), other.toCharArray(), deviceKey { it })
        },
        DiaryException.DeviceKey::class to {
            shared.bind(PASSPHRASE.toCharArray(), code.toCharArray(), deviceKey { throw noDeviceKey() })
        },
        DiaryException.Damaged::class to {
            val made = fresh()
            newDiary(made).run {
                add(incident())
                lock()
            }
            // Its pages are in order, and no cell opens.
            val log = File(made, "log.db")
            val bytes = log.readBytes()
            for (at in 2 * BLOCK + BLOCK / 2 until bytes.size step BLOCK) bytes[at] = (bytes[at] + 1).toByte()
            log.writeBytes(bytes)
            openDiary(made, PASSPHRASE.toCharArray()).list(ListQuery())
        },
        DiaryException.Storage::class to { shared.extract(item, File(folder, "no/$CANARY").path, null) },
        DiaryException.ReadOnly::class to {
            assumeTrue(File("/sys").isDirectory, "needs a folder that nobody may write")
            newDiary(File("/sys/$CANARY"))
        },
        DiaryException.FileUnreadable::class to {
            val writeOnly = File("/sys/bus/platform/uevent")
            assumeTrue(writeOnly.exists(), "needs a file that nobody may read")
            attach(writeOnly)
        },
        DiaryException.FileChanged::class to { changing("grows") { it.appendBytes(ByteArray(1)) } },
        DiaryException.FileVanished::class to { changing("goes") { it.delete() } },
        DiaryException.Cancelled::class to { shared.check(listener { _, _ -> false }) },
        DiaryException.Callback::class to { shared.check(listener { _, _ -> error(CANARY) }) },
        DiaryException.CalledFromCallback::class to { shared.check(listener { _, _ -> shared.people().isEmpty() }) },
    )

    /**
     * What takes another program's hand on the vault, limits of the process, minutes, or a defect: the file in which it is
     * provoked, or, below, in which it is only made of the core's error. How they arrive here is in [ArrivingErrorsTest].
     */
    private val elsewhere = mapOf(
        "Defect" to "bindings/src/session/tests.rs",
        "CellsMissing" to "tests/bindings/errors.py",
        "Closed" to "tests/bindings/errors.py",
        "DiskFull" to "core/src/diary/keys_tests.rs",
        "OutOfMemory" to "tests/bindings/errors.py",
        "NoRandomness" to CONVERSION,
        "TooManyItems" to CONVERSION,
        "BundleTooLarge" to CONVERSION,
        "BundleNotSound" to CONVERSION,
    )

    @Test
    fun `each excuse names a file that speaks of the error`() {
        val idle = elsewhere.filterNot { (name, file) -> name in File("../../..", file).readText() }
        assertEquals(emptyMap(), idle)
    }

    @TestFactory
    fun `each error is a case of its own`(): List<DynamicTest> = cases.map { (kind, provoke) ->
        DynamicTest.dynamicTest(kind.simpleName) {
            val error = assertFailsWith(kind) { provoke() }
            assertEquals(false, CANARY in error.stackTraceToString(), "nothing of what was given may stand in an error")
        }
    }

    @Test
    fun `no error is forgotten`() {
        val all = DiaryException::class.java.permittedSubclasses.orEmpty().map { it.simpleName }.toSet()
        assertEquals(all, cases.keys.map { it.simpleName }.toSet() + elsewhere.keys)
    }

    @Test
    fun `a backup that is not there is said to be missing`() {
        assertFailsWith<DiaryException.FileNotFound> { mustBeBackup(File(folder, "no such $CANARY")) }
    }

    @Test
    fun `what is refused is told from what cannot be done`() {
        assertEquals(true, DiaryException.WrongPassphrase().isRefused())
        assertEquals(true, DiaryException.NotChosen("1-zzzz").isRefused())
        assertEquals(false, DiaryException.DiskFull().isRefused())
    }

    private fun recover(code: String) {
        recoverDiary(vault, code.toCharArray(), PASSPHRASE.toCharArray())
    }

    private fun preview(change: (ExportSelection) -> ExportSelection) {
        shared.preview(change(ExportSelection("ru", Originals.HashesOnly)))
    }

    private fun encrypt(recipients: List<String>) {
        val everything = ExportSelection("ru", Originals.HashesOnly)
        shared.exportToRecipients(everything, File(folder, "x.age"), recipients, PASSPHRASE.toCharArray())
    }

    private fun attach(file: File) {
        shared.attach(incident, file.path, Attachment(), null)
    }

    /** Leaves the name of the format, and nothing else, as it was. */
    private fun File.damage() {
        val bytes = readBytes()
        for (i in MAGIC until bytes.size) bytes[i] = (bytes[i] + 1).toByte()
        writeBytes(bytes)
    }

    /** Another value in the header, in the order of bytes that it has, and a hash that fits: in both copies. */
    private fun File.changed(at: Int, little: ByteArray, big: ByteArray) {
        val header = readBytes()
        val new = if (header[8] == 1.toByte()) little else big
        val block = header.copyOf(BLOCK - SHA256)
        new.copyInto(block, at)
        val whole = block + MessageDigest.getInstance("SHA-256").digest(block)
        writeBytes(whole + whole)
    }

    private fun damaged(name: String, damage: (File) -> Unit) {
        val copy = File(folder, name)
        vault.copyRecursively(copy)
        damage(copy)
        openDiary(copy, PASSPHRASE.toCharArray())
    }

    /** Attaches a file to which something happens while it is read. */
    private fun changing(name: String, change: (File) -> Unit) {
        val file = File(folder, name).filled(ByteArray(3_000_000))
        var changed = false
        val once = listener { _, _ ->
            if (!changed) change(file)
            changed = true
            true
        }
        shared.attach(incident, file.path, Attachment(), once)
    }

    private companion object {
        const val CANARY = "канарейка"
        const val MAGIC = 16
        const val BLOCK = 4096
        const val SHA256 = 32
        const val CONVERSION = "bindings/src/error/convert.rs"
        val folder = scratch()
        val vault = File(folder, "vault")
        val shared = newDiary(vault)
        val code = checkNotNull(shared.takeRecoveryCode())
        val incident = shared.add(incident()).id
        val item = shared.attach(incident, File(folder, "a").filled(ByteArray(100_000)).path, Attachment(), null).id
        private var made = 0

        fun fresh() = File(folder, "fresh${made++}")
    }
}
