import DiaryKit

/// An incident with every field of the contract.
public func fullIncident(_ narrative: String) -> Incident {
  Incident(
    occurred: Occurred(
      from: "2026-10-03T21:15+05:00",
      to: "2026-10-03T22:00+05:00",
      precision: "about",
      words: "кешкі жаңалықтардан кейін"
    ),
    narrative: narrative,
    verbatim: ["«Всё равно найду»"],
    place: Place(class: "home", text: "подъезд, 2-й этаж", latitude: "43.238", longitude: "76.945"),
    behaviours: ["waiting", "threat"],
    channels: ["in_person", "whatsapp"],
    count: 34,
    shownAs: ["+7 700 000 00 00"],
    people: [
      Person(
        role: "perpetrator",
        key: "p1",
        name: "Б.",
        relationship: "ex_partner",
        description: "қара күрте",
        vehicle: "ақ көлік",
        contact: "@user",
        note: "🚗"
      )
    ],
    childrenPresent: "no",
    refusal: Refusal(when: "2026-09-01", how: "message", words: "Жазба"),
    afterRefusal: "yes",
    harm: Harm(
      kinds: ["fear", "sleep"],
      words: "ұйықтай алмадым",
      cost: Cost(amount: "15000", currency: "KZT"),
      care: ["емхана"]
    ),
    response: ["blocked", "called_police"],
    danger: ["weapon"],
    reports: [
      Report(
        body: "police",
        on: "2026-10-04",
        number: "КУИ 000",
        officer: "лейтенант",
        outcome: "refused",
        words: "Жоқ"
      )
    ],
    orders: [Order(kind: "protective_order", number: "1", from: "2026-09-10", to: "2026-10-10", breached: "yes")],
    privateNote: "тек өзіме"
  )
}
