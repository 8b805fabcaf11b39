import Foundation

// What each screen shows: the same states, by the same names, as on Android. A state is whole: a view that draws it
// needs nothing else, decides nothing and formats nothing. `error` is what went wrong last, in words for her; it goes
// away with the next thing she does.

/// Holds her words, or what opens the diary: it prints as its name, in a log and in a failed test.
public protocol Unprintable: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Unprintable {
  /// The name of the type.
  public var description: String { "\(Self.self)" }

  /// The same.
  public var debugDescription: String { description }

  /// Shows nothing of what is in it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One thing to choose.
public struct Choice: Equatable, Identifiable, Sendable, Unprintable {
  /// What the library calls it.
  public let code: String
  /// What she reads.
  public let label: Phrase
  /// Whether it is chosen.
  public var chosen: Bool

  /// The code.
  public var id: String { code }
}

/// A name and what stands under it.
public struct Line: Equatable, Identifiable, Sendable {
  /// Its place among the lines of its list.
  public let id: Int
  /// The name.
  public let label: Phrase
  /// What stands under it.
  public let value: Phrase
  /// It is made to be compared or passed on, as a code is. Her words are not: what is copied, other apps can read.
  public var canCopy = false
}

/// How far long work is.
public struct ProgressState: Equatable, Sendable {
  /// In words.
  public let text: Phrase
  /// 0 to 100, or `nil` if nobody knows.
  public let percent: Int?
}

/// Making a diary, from the first word of the app to the confirmed recovery code.
public struct FirstStartState: Equatable, Sendable, Unprintable {
  /// The steps, in their order.
  public enum Step: Sendable {
    case welcome, passphrase, code, confirm
    /// A backup leads here.
    case restore
  }

  /// Where she is.
  public var step = Step.welcome
  /// The diary is being made.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
  /// The code in groups, only at `Step.code`: it is shown once and kept nowhere.
  public var code: [String] = []
  /// Which group of the code she is asked to copy from her paper, at `Step.confirm`.
  public var question: Phrase?
  /// At `Step.restore`: she takes the recovery code instead of the passphrase.
  public var usingCode = false
  /// How far long work is.
  public var progress: ProgressState?
}

/// The locked diary.
public struct LockState: Equatable, Sendable {
  /// She takes the recovery code instead of the passphrase.
  public var recovering = false
  /// An attempt is running.
  public var busy = false
  /// It does not open because it is damaged: a backup can take its place.
  public var damaged = false
  /// After several wrong passphrases: so many seconds until the next one is taken.
  public var wait = 0
  /// What went wrong last.
  public var error: Phrase?
  /// Something waits for it to be opened; what, is nobody's business.
  public var notice: Phrase?
}

/// The list of incidents, newest recorded first.
public struct ListState: Equatable, Sendable, Unprintable {
  /// The lines.
  public var rows: [IncidentRow] = []
  /// The first page is on its way.
  public var loading = true
  /// There is another page: ask with `more()` when the end is near.
  public var hasMore = false
  /// What she searches for.
  public var search = ""
  /// Which incidents are shown.
  public var filter = FilterState()
  /// What to say where no row stands.
  public var empty: Phrase?
  /// Things she should know: an old copy put back, times that are not known.
  public var notices: [Phrase] = []
  /// A form waits with what she had typed.
  public var unfinished = false
  /// There is no backup, or much was written since the last one.
  public var backup: Phrase?
  /// The recovery code was not confirmed: the way to a new one.
  public var code: Phrase?
  /// What went wrong last.
  public var error: Phrase?

  /// Of the words in the rows that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(rows.flatMap(\.behaviours)) }
}

/// One line of the list.
public struct IncidentRow: Equatable, Identifiable, Sendable {
  /// The incident's id.
  public let id: String
  /// `No. 12`.
  public let number: Phrase
  /// The first line of what happened.
  public let title: Phrase
  /// When.
  public let occurred: Phrase
  /// What he did.
  public let behaviours: [Phrase]
  /// `Files: 3`, if there are any.
  public let evidence: Phrase?
  /// Amended, withdrawn, erased or damaged.
  public let marks: [Phrase]
  /// Its words are not there: erased or damaged.
  public let faded: Bool
}

/// Which incidents are shown, and what can be chosen.
public struct FilterState: Equatable, Sendable {
  /// From this day on.
  public var from: Day?
  /// Until this day.
  public var to: Day?
  /// The first day as she reads it.
  public var fromText = Phrase.of(.filterAnyDay)
  /// The last day as she reads it.
  public var toText = Phrase.of(.filterAnyDay)
  /// What he did.
  public var behaviours: [Choice] = []
  /// Who was there.
  public var people: [Choice] = []
  /// Something is chosen.
  public var active = false

  /// Of the words among the choices that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(behaviours.map(\.label)) }
}

/// The form for a new incident, or for more about one that is recorded.
public struct FormState: Equatable, Sendable, Unprintable {
  /// What the form is for.
  public var title = Phrase.of(.formTitleNew)
  /// What is always asked.
  public var fields: [FieldState] = []
  /// The rest, folded until she asks for it.
  public var more: [FieldState] = []
  /// Whether the rest is unfolded.
  public var moreOpen = false
  /// More about a recorded incident: a reason is asked for.
  public var amending = false
  /// It is being saved.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
  /// What she typed lies sealed in the diary.
  public var kept = false
}

/// One field of the form.
public struct FieldState: Equatable, Identifiable, Sendable, Unprintable {
  /// How a field is filled in.
  public enum Kind: Sendable {
    /// One line.
    case line
    /// A text of any length.
    case text
    /// Digits.
    case number
    /// A day: `2026-10-03`.
    case date
    /// A time of day: `21:15`.
    case time
    /// One of the choices, or none.
    case oneOf
    /// Any of the choices.
    case someOf
    /// A button that adds an element to a list.
    case add
    /// A line that separates groups.
    case group
  }

  /// The name of the field, as the library says it in an error: `people[0].role`.
  public let path: String
  /// How it is filled in.
  public let kind: Kind
  /// What it is called.
  public let label: Phrase
  /// An example, or what to think of.
  public var hint: Phrase?
  /// What she typed.
  public var value = ""
  /// A day or a time as she reads it.
  public var shown: Phrase?
  /// What can be chosen.
  public var choices: [Choice] = []
  /// What is wrong with it.
  public var error: Phrase?
  /// A new element of a list begins here, and this is its name.
  public var heading: Phrase?
  /// Its path, for `remove`.
  public var element: String?
  /// Which group begins here: a group has no path.
  var number = 0

  /// The path; groups are numbered.
  public var id: String { path.isEmpty ? "group \(number)" : path }

  /// Of its words, and of those among its choices, that a lawyer has yet to check.
  public var legal: Phrase? { kind == .add ? nil : legalNote(choices.map(\.label) + [label]) }
}

/// One incident.
public struct IncidentState: Equatable, Sendable, Unprintable {
  /// It is on its way.
  public var loading = true
  /// `Incident 12`.
  public var title = Phrase.words("")
  /// When it happened, when it was written.
  public var times: [Line] = []
  /// What she wrote, field by field.
  public var lines: [Line] = []
  /// Its files.
  public var evidence: [EvidenceRow] = []
  /// What came after, oldest first.
  public var history: [Line] = []
  /// Withdrawn, erased or damaged: said on top.
  public var notices: [Phrase] = []
  /// More can be written about it.
  public var canAmend = false
  /// It can be withdrawn.
  public var canWithdraw = false
  /// Its words can be erased.
  public var canErase = false
  /// Something is being done.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// Why she withdraws it, as far as she has typed it.
  public var reason = ""
  /// What went wrong last.
  public var error: Phrase?
  /// Something was done: said once.
  public var done: Phrase?

  /// Of the words on the page that a lawyer has yet to check.
  public var legal: Phrase? { legalNote((lines + history).flatMap { [$0.label, $0.value] }) }
}

/// A file of an incident.
public struct EvidenceRow: Equatable, Identifiable, Sendable {
  /// The item's id.
  public let id: String
  /// What the file was called.
  public let name: Phrase
  /// Size, kind, how it was acquired.
  public let about: Phrase
  /// The SHA-256 in groups of eight.
  public let sha256: Phrase
  /// Her note on it.
  public let note: Phrase?
  /// A picture, going by its content: `show` shows it.
  public let isPicture: Bool
}

/// A picture that she looks at.
public struct PictureState: Equatable, Sendable, Unprintable {
  /// The name of the file.
  public var name: Phrase?
  /// The file as it was recorded, in memory only; `nil` while it is read, and where it cannot be shown.
  public var bytes: Data?
  /// It is being read.
  public var loading = true
  /// What went wrong.
  public var error: Phrase?
}

/// Files that she is about to attach.
public struct AttachState: Equatable, Sendable, Unprintable {
  /// What she picked.
  public var files: [FileRow] = []
  /// How the files were acquired.
  public var how: [Choice] = []
  /// Her note.
  public var note = ""
  /// They are being attached.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// There is something to attach.
  public var canSave = false
  /// What went wrong last.
  public var error: Phrase?
  /// How the files came here, if that needs a word.
  public var notice: Phrase?
}

/// A picked file.
public struct FileRow: Equatable, Identifiable, Sendable {
  /// Its place in the list.
  public let id: Int
  /// What it is called.
  public let name: Phrase
  /// How large it is, if that is known.
  public let size: Phrase?
  /// Why it was not attached.
  public var error: Phrase?
}

/// Handing over: choose, look at exactly what leaves, give the passphrase again, choose a place.
public struct ExportState: Equatable, Sendable, Unprintable {
  /// The steps, in their order.
  public enum Step: Sendable {
    case select, preview, passphrase, writing, done
  }

  /// Where she is.
  public var step = Step.select
  /// Which incidents.
  public var filter = FilterState()
  /// Language of the report.
  public var languages: [Choice] = []
  /// How the evidence files go along.
  public var files: [Choice] = []
  /// In which form it leaves.
  public var forms: [Choice] = []
  /// What she should know of that form.
  public var formHelp = Phrase.words("")
  /// Keys of whoever may open it, as she typed them.
  public var recipients = ""
  /// Such keys are needed.
  public var asksRecipients = false
  /// Fields that are named and not shown.
  public var withheld: [Choice] = []
  /// To whom and for what.
  public var audience = ""
  /// Exactly what would leave.
  public var preview: PreviewState?
  /// Something is being done.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// What was written, at `Step.done`.
  public var result: [Line] = []
  /// What opens the file that was written, in groups with hyphens between them: made for it, shown here, kept nowhere.
  public var opener: [String] = []
  /// What went wrong last.
  public var error: Phrase?

  /// Of the names of fields that can be kept back and that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(withheld.map(\.label)) }
}

/// Exactly what would leave.
public struct PreviewState: Equatable, Sendable {
  /// How many incidents, and how many stay out.
  public let summary: [Line]
  /// The incidents.
  public let incidents: [PreviewRow]
  /// What leaves of each evidence file.
  public let files: [LeavingRow]
  /// What cannot be read, named; it is left out before she goes on.
  public var damaged: Phrase?

  /// Of the names of fields that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(incidents.flatMap { [$0.fields, $0.leavesOut].compactMap { $0 } }) }
}

/// What leaves of one evidence file.
public struct LeavingRow: Equatable, Identifiable, Sendable {
  /// The item's id.
  public let id: String
  /// What the file was called.
  public let name: Phrase
  /// Its incident, the size of the original.
  public var about: Phrase?
  /// A copy without metadata, the original, or its hash alone, and why.
  public var leaving: Phrase?
  /// It leaves with all it holds.
  public var isOriginal = false
  /// The name of what `toggleOriginal` does with it; `nil` if there is no choice.
  public var change: Phrase?
}

/// One incident that would leave.
public struct PreviewRow: Equatable, Identifiable, Sendable {
  /// The incident's id.
  public let id: String
  /// Its number.
  public let number: Phrase
  /// The fields that are shown.
  public let fields: Phrase
  /// The fields that are withheld, if there are any.
  public let leavesOut: Phrase?
  /// False: she left it out, and can take it in again.
  public let included: Bool
}

/// The code of the log.
public struct FingerprintState: Equatable, Sendable, Unprintable {
  /// The code, to be read out in groups.
  public var code: String?
  /// It is being looked up.
  public var busy = true
  /// The answer to a code that she typed in.
  public var answer: Phrase?
  /// What went wrong last.
  public var error: Phrase?
}

/// Settings.
public struct SettingsState: Equatable, Sendable {
  /// After how many minutes without a touch the diary locks.
  public var idle: [Choice] = []
  /// She chose a longer time, for which the passphrase is asked.
  public var longer: Phrase?
  /// The version of the app's library.
  public var version = Phrase.words("")
  /// What the check of the whole diary found.
  public var findings: [Line] = []
  /// The outcome of the check in one sentence.
  public var checked: Phrase?
  /// The check is running.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// What went wrong last.
  public var error: Phrase?
}

/// Her passphrase, and the recovery code beside it.
public struct KeysState: Equatable, Sendable, Unprintable {
  /// What is in front: the keys, a new recovery code, or the question whether it was written down.
  public enum Step: Sendable {
    case keys, code, confirm
  }

  /// Where she is.
  public var step = Step.keys
  /// The passphrase opens the diary on this phone only.
  public var bound = false
  /// Something is being done.
  public var busy = false
  /// How far long work is.
  public var progress: ProgressState?
  /// What went wrong last.
  public var error: Phrase?
  /// Something was done: said once.
  public var done: Phrase?
  /// The new code in groups, only at `Step.code`: it is shown once and kept nowhere.
  public var code: [String] = []
  /// Which group of it she is asked to copy from her paper, at `Step.confirm`.
  public var question: Phrase?
}

/// The backup.
public struct BackupState: Equatable, Sendable {
  /// The passphrase is bound to this phone: elsewhere the backup opens with the recovery code only.
  public var bound = false
  /// It is being written.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// What is in the backup that was written.
  public var result: [Line] = []
  /// Something of the diary could not be read.
  public var unreadable: Phrase?
  /// What went wrong last.
  public var error: Phrase?
}

/// Destroying the diary.
public struct WipeState: Equatable, Sendable {
  /// It is being destroyed.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
}
