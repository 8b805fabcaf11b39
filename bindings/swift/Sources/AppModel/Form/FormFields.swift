/// The fields of the form, in the order in which they are asked. Paths are the library's, so that an error finds its
/// field; a day and its time are two fields here, `occurred.from` and `occurred.from.time`.
enum FormFields {
  /// One field of the form.
  struct Spec {
    let path: String
    let kind: FieldState.Kind
    let label: Phrase
    var hint: TextKey?
    /// The closed list that its choices come from.
    var codes: String?
  }

  /// A part of what is folded.
  enum Part {
    /// A heading with fields below it.
    case group(Phrase, [Spec])
    /// A list of elements, each of which has these fields; an empty path is the element itself.
    case many(String, Phrase, [Spec])
  }

  static let short = [
    Spec(path: "narrative", kind: .text, label: label("narrative"), hint: .formNarrativeHint),
    Spec(path: "occurred.from", kind: .date, label: .of(.formDate)),
    Spec(path: "occurred.from.time", kind: .time, label: .of(.formTime)),
    oneOf("occurred.precision", of: "precision"),
    someOf("behaviours"),
    oneOf("place.class"),
    Spec(path: "place.text", kind: .line, label: label("place.text"), hint: .formPlaceHint),
  ]

  static let more: [Part] = [
    .group(
      label("occurred"),
      [
        Spec(path: "occurred.to", kind: .date, label: .of(.formToDate)),
        Spec(path: "occurred.to.time", kind: .time, label: .of(.formToTime)),
        line("occurred.words"),
      ]
    ),
    .many("people", label("people"), people),
    .many("verbatim", label("verbatim"), [element("verbatim", .text)]),
    .group(
      label("channels"),
      [someOf("channels"), Spec(path: "count", kind: .number, label: label("count"))]
    ),
    .many("shown_as", label("shown_as"), [element("shown_as", .line, hint: .formShownAsHint)]),
    .group(
      label("refusal"),
      [
        Spec(path: "refusal.when", kind: .date, label: label("refusal.when")),
        oneOf("refusal.how"),
        text("refusal.words"),
        oneOf("after_refusal", of: "yes_no"),
      ]
    ),
    .group(
      label("harm"),
      [
        someOf("harm.kinds"),
        text("harm.words"),
        line("harm.cost.amount"),
        Spec(path: "harm.cost.currency", kind: .line, label: label("harm.cost.currency"), hint: .formCurrencyHint),
      ]
    ),
    .many("harm.care", label("harm.care"), [element("harm.care", .line)]),
    .group(label("danger"), [someOf("danger"), oneOf("children_present", of: "yes_no")]),
    .group(label("response"), [someOf("response")]),
    .many("reports", label("reports"), reports),
    .many("orders", label("orders"), orders),
    .group(label("private_note"), [text("private_note")]),
  ]

  /// Without the elements that hold nothing, so that an error of the library names the element that is shown.
  static func compact(_ values: FormValues) -> FormValues {
    var values = values
    for case .many(let path, _, _) in more {
      for at in (0..<values.count(path)).reversed() where !values.isFilled("\(path)[\(at)]") {
        values.remove(path, at)
      }
    }
    return values
  }

  private static let people = [
    within("people", "role", .oneOf, codes: "people.role"),
    within("people", "name", .line),
    within("people", "key", .line, hint: .formPeopleKeyHint),
    within("people", "relationship", .oneOf, codes: "people.relationship"),
    within("people", "description", .text),
    within("people", "vehicle", .line),
    within("people", "contact", .line),
    within("people", "note", .text),
  ]

  private static let reports = [
    within("reports", "body", .oneOf, codes: "reports.body"),
    within("reports", "on", .date),
    within("reports", "number", .line),
    within("reports", "officer", .line),
    within("reports", "outcome", .oneOf, codes: "reports.outcome"),
    within("reports", "words", .text),
  ]

  private static let orders = [
    within("orders", "kind", .oneOf, codes: "orders.kind"),
    within("orders", "number", .line),
    within("orders", "from", .date),
    within("orders", "to", .date),
    within("orders", "breached", .oneOf, codes: "yes_no"),
  ]

  private static func label(_ path: String) -> Phrase { .label("field.\(path)") }

  private static func line(_ path: String) -> Spec { Spec(path: path, kind: .line, label: label(path)) }

  private static func text(_ path: String) -> Spec { Spec(path: path, kind: .text, label: label(path)) }

  private static func oneOf(_ path: String, of codes: String? = nil) -> Spec {
    Spec(path: path, kind: .oneOf, label: label(path), codes: codes ?? path)
  }

  private static func someOf(_ path: String) -> Spec {
    Spec(path: path, kind: .someOf, label: label(path), codes: path)
  }

  private static func element(_ list: String, _ kind: FieldState.Kind, hint: TextKey? = nil) -> Spec {
    Spec(path: "", kind: kind, label: label(list), hint: hint)
  }

  private static func within(
    _ list: String,
    _ path: String,
    _ kind: FieldState.Kind,
    hint: TextKey? = nil,
    codes: String? = nil
  ) -> Spec {
    Spec(path: path, kind: kind, label: label("\(list).\(path)"), hint: hint, codes: codes)
  }
}
