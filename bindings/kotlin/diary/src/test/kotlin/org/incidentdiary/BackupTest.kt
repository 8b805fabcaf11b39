package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.BackupProblem
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.FindingLevel
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.SecretKind
import java.io.File
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** A backup and what comes out of it, a new key for the whole diary, and its end. */
class BackupTest {
    private val folder = scratch()
    private val vault = File(folder, "vault")
    private val backup = File(folder, "a.idback")
    private val photo = ByteArray(200_000) { (it * 31).toByte() }
    private lateinit var code: String

    @Test
    fun `a folder takes each file once, and its newest backup is restored`() {
        val diary = filled()
        val backups = File(folder, "backups")
        val first = diary.backupToFolder(backups)
        diary.add(incident("кейін"))
        val second = diary.backupToFolder(backups) { _, _ -> true }
        assertEquals(listOf(1u, 0u), listOf(first.newFiles, second.newFiles))
        assertTrue(File(backups, second.snapshot.orEmpty()).isFile && first.snapshot != second.snapshot)
        assertFalse(second.bound)
        assertEquals(File(backups, second.snapshot.orEmpty()), backupAt(backups))
        mustBeBackup(backups)
        val none = assertFailsWith<DiaryException.Backup> { backupAt(File(folder, "vault")) }
        assertEquals(BackupProblem.NotABackup, none.problem)
        val fingerprint = diary.fingerprint()
        val refused = assertFailsWith<DiaryException.Backup> { diary.backupToFolder(folder) }
        assertEquals(BackupProblem.ForeignFolder, refused.problem)
        diary.lock()
        val again = restore(backups, File(folder, "again"), PASSPHRASE.toCharArray())
        assertEquals(fingerprint, again.log?.fingerprint)
    }

    @Test
    fun `a backup is restored with the passphrase of then, and with the code`() {
        val diary = filled()
        val fingerprint = diary.fingerprint()
        var told = 0
        val written = diary.backup(backup) { _, _ -> (++told).let { true } }
        assertTrue(told > 0)
        assertEquals(backup.length().toULong(), written.bytes)
        assertEquals(listOf(1u, 1u, 0u, 0u), written.run { listOf(incidents, files, unreadableCells, unreadableFiles) })
        // What comes later is not in it.
        diary.add(incident("кейін"))
        diary.changePassphrase(PASSPHRASE.toCharArray(), NEW.toCharArray())
        diary.lock()

        val read = examine(backup, PASSPHRASE.toCharArray())
        assertTrue(read.sound && !read.restored)
        assertEquals(fingerprint, read.log?.fingerprint)
        val ways = listOf(SecretKind.PASSPHRASE to PASSPHRASE, SecretKind.RECOVERY_CODE to code.lowercase())
        for ((kind, secret) in ways) {
            val again = File(folder, kind.name)
            val typed = secret.toCharArray()
            val report = restore(backup, again, typed, kind)
            assertTrue(report.restored && report.sound)
            assertTrue(typed.all { it == '\u0000' })
            assertEquals(fingerprint, report.log?.fingerprint)
            openDiary(again, PASSPHRASE.toCharArray()).use {
                val only = it.list(ListQuery()).incidents.single()
                assertEquals("Көшірме 🗄️", it.show(only.id).incident?.narrative)
                val out = File(folder, "$kind.bin")
                it.extract(it.show(only.id).evidence.single().id, out.path, null)
                assertContentEquals(photo, out.readBytes())
                assertTrue(it.check(null).sound)
                it.lock()
            }
        }
    }

    @Test
    fun `a byte that was flipped is refused, and nothing half-made is left`() {
        filled().use {
            it.backup(backup)
            it.lock()
        }
        val whole = backup.readBytes()
        for (at in listOf(whole.size / 3, whole.size / 2, whole.size - 1)) {
            backup.writeBytes(whole.copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() })
            val again = File(folder, "again$at")
            val report = restore(backup, again, PASSPHRASE.toCharArray())
            assertFalse(report.restored || report.sound, "$at")
            assertTrue(report.findings.any { it.level == FindingLevel.FAILURE }, "$at")
            assertEquals(0, again.list().orEmpty().size, "$at")
        }
    }

    @Test
    fun `what can still be read of a damaged backup is saved`() {
        filled().use {
            it.backup(backup)
            it.lock()
        }
        val damaged = backup.readBytes()
        damaged[damaged.size - 70_000] = (damaged[damaged.size - 70_000].toInt() xor 1).toByte()
        backup.writeBytes(damaged)
        val saved = File(folder, "saved")
        val typed = PASSPHRASE.toCharArray()
        val report = salvage(backup, saved, typed)
        assertTrue(report.restored && !report.sound)
        assertTrue(typed.all { it == '\u0000' })
        assertTrue(report.findings.any { it.level == FindingLevel.FAILURE })
        openDiary(saved, PASSPHRASE.toCharArray()).use {
            assertTrue(it.list(ListQuery()).incidents.size <= 1)
            it.lock()
        }
        // A vault that is whole is taken over as it is.
        val whole = salvage(vault, File(folder, "whole"), PASSPHRASE.toCharArray())
        assertTrue(whole.restored && whole.log?.incidents == 1u)
        val no = File(folder, "no")
        assertFailsWith<DiaryException.WrongPassphrase> { salvage(backup, no, NEW.toCharArray()) }
        assertFalse(no.exists())
    }

    @Test
    fun `what is no backup, does not open, is in the way or was stopped is an error of its own`() {
        val diary = filled()
        diary.backup(backup)
        assertFailsWith<DiaryException.TargetExists> { diary.backup(backup) }
        val inside = assertFailsWith<DiaryException.Backup> { diary.backup(File(vault, "b.idback")) }
        assertEquals(BackupProblem.InsideVault, inside.problem)
        val stopped = File(folder, "stopped")
        assertFailsWith<DiaryException.Cancelled> { diary.backup(stopped) { _, _ -> false } }
        assertFalse(stopped.exists())

        val new = File(folder, "new")
        assertFailsWith<DiaryException.WrongPassphrase> { restore(backup, new, NEW.toCharArray()) }
        assertFailsWith<DiaryException.RecoveryCodeForm> {
            restore(backup, new, "0000".toCharArray(), SecretKind.RECOVERY_CODE)
        }
        assertFailsWith<DiaryException.TargetExists> { restore(backup, vault, PASSPHRASE.toCharArray()) }
        val text = File(folder, "text").apply { writeText("no backup") }
        val error = assertFailsWith<DiaryException.Backup> { restore(text, new, PASSPHRASE.toCharArray()) }
        assertEquals(BackupProblem.NotABackup, error.problem)
        assertFalse(new.exists())
    }

    @Test
    fun `after a rotation the old passphrase and the old code open nothing`() {
        val diary = filled()
        val fingerprint = diary.fingerprint()
        assertFailsWith<DiaryException.WrongPassphrase> { diary.rotate(NEW.toCharArray(), NEW.toCharArray()) }
        val stopped = { diary.rotate(PASSPHRASE.toCharArray(), NEW.toCharArray()) { _, _ -> false } }
        assertFailsWith<DiaryException.Cancelled> { stopped() }
        diary.confirm(PASSPHRASE.toCharArray())
        val given = diary.rotate(PASSPHRASE.toCharArray(), NEW.toCharArray())
        assertNotEquals(code, given)
        diary.lock()

        assertFailsWith<DiaryException.WrongPassphrase> { openDiary(vault, PASSPHRASE.toCharArray()) }
        assertFails(DiaryException.WrongPassphrase::class, DiaryException.WrongRecoveryCode::class) {
            recoverDiary(vault, code.toCharArray(), PASSPHRASE.toCharArray())
        }
        recoverDiary(vault, given.toCharArray(), PASSPHRASE.toCharArray()).use {
            assertFalse(it.keyChangeWasFinished(), "nothing was cut short")
            assertTrue(it.isAncestor(fingerprint), "codes keep their meaning")
            assertEquals("Көшірме 🗄️", it.list(ListQuery()).incidents.single().title)
            assertTrue(it.check(null).sound)
            it.lock()
        }
    }

    @Test
    fun `a diary is destroyed with its passphrase only, and leaves what is not its own`() {
        val diary = filled()
        val wrong = NEW.toCharArray()
        assertFailsWith<DiaryException.WrongPassphrase> { diary.wipe(wrong) }
        assertTrue(wrong.all { it == '\u0000' })
        assertEquals(1, diary.list(ListQuery()).incidents.size)
        assertTrue(diary.wipe(PASSPHRASE.toCharArray()))
        assertTrue(diary.isLocked())
        assertFalse(vault.exists())
        assertFailsWith<DiaryException.NotAVault> { openDiary(vault, PASSPHRASE.toCharArray()) }

        val other = File(folder, "other")
        newDiary(other).use {
            File(other, "note.txt").writeText("A")
            assertFalse(it.wipe(PASSPHRASE.toCharArray()))
        }
        assertEquals(listOf("note.txt"), other.list().orEmpty().toList())
    }

    private fun filled(): Diary = newDiary(vault).also {
        code = assertNotNull(it.takeRecoveryCode())
        val id = it.add(incident("Көшірме 🗄️")).id
        it.attach(id, File(folder, "a.bin").filled(photo).path, Attachment(), null)
    }

    private fun assertFails(vararg kinds: kotlin.reflect.KClass<*>, block: () -> Unit) {
        val error = assertNotNull(runCatching(block).exceptionOrNull())
        assertTrue(error::class in kinds, "${error::class}")
    }

    private companion object {
        const val NEW = "жаңа құпия сөйлем осы жерде"
    }
}
