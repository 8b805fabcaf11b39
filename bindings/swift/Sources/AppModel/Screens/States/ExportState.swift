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

  /// The same, as she copies it by hand; `nil` where nothing was made.
  public var openerText: Phrase? { opener.isEmpty ? nil : .words(opener.joined(separator: "-")) }

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
  /// How she got it, and her note: they leave with it.
  public var lines: [Line] = []
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
