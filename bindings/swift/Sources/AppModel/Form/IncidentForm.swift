import DiaryKit
import Foundation

extension FormValues {
  /// What the form shows of a recorded incident.
  init(_ incident: Incident) {
    self.init()
    put(time: "occurred.from", incident.occurred.from)
    put(time: "occurred.to", incident.occurred.to)
    put("occurred.precision", incident.occurred.precision)
    put("occurred.words", incident.occurred.words)
    put("narrative", incident.narrative)
    put(list: "verbatim", incident.verbatim)
    put("place.class", incident.place?.class)
    put("place.text", incident.place?.text)
    put("place.latitude", incident.place?.latitude)
    put("place.longitude", incident.place?.longitude)
    put(codes: "behaviours", incident.behaviours)
    put(codes: "channels", incident.channels)
    put("count", incident.count.map { String($0) })
    put(list: "shown_as", incident.shownAs)
    for (at, person) in incident.people.enumerated() {
      put("people[\(at)].role", person.role)
      put("people[\(at)].key", person.key)
      put("people[\(at)].name", person.name)
      put("people[\(at)].relationship", person.relationship)
      put("people[\(at)].description", person.description)
      put("people[\(at)].vehicle", person.vehicle)
      put("people[\(at)].contact", person.contact)
      put("people[\(at)].note", person.note)
    }
    put("children_present", incident.childrenPresent)
    put(time: "refusal.when", incident.refusal?.when)
    put("refusal.how", incident.refusal?.how)
    put("refusal.words", incident.refusal?.words)
    put("after_refusal", incident.afterRefusal)
    put(codes: "harm.kinds", incident.harm?.kinds ?? [])
    put("harm.words", incident.harm?.words)
    put("harm.cost.amount", incident.harm?.cost?.amount)
    put("harm.cost.currency", incident.harm?.cost?.currency)
    put(list: "harm.care", incident.harm?.care ?? [])
    put(codes: "response", incident.response)
    put(codes: "danger", incident.danger)
    for (at, report) in incident.reports.enumerated() {
      put("reports[\(at)].body", report.body)
      put(time: "reports[\(at)].on", report.on)
      put("reports[\(at)].number", report.number)
      put("reports[\(at)].officer", report.officer)
      put("reports[\(at)].outcome", report.outcome)
      put("reports[\(at)].words", report.words)
    }
    for (at, order) in incident.orders.enumerated() {
      put("orders[\(at)].kind", order.kind)
      put("orders[\(at)].number", order.number)
      put(time: "orders[\(at)].from", order.from)
      put(time: "orders[\(at)].to", order.to)
      put("orders[\(at)].breached", order.breached)
    }
    put("private_note", incident.privateNote)
  }

  /// She typed into a field. What was written exactly holds while day and time are left alone; another day keeps the
  /// seconds.
  mutating func write(_ path: String, _ text: String, in zone: TimeZone) {
    self[path] = text
    if path.hasSuffix(".time") {
      self["\(path.dropLast(".time".count)).exact"] = ""
    } else {
      let exact = self["\(path).exact"]
      self["\(path).exact"] = Day(text).flatMap { moved(exact, to: $0, in: zone) } ?? ""
    }
  }

  /// As an incident that the library checks; what was not filled in is not set.
  func incident(in zone: TimeZone) -> Incident {
    let place = Place(
      class: text("place.class"),
      text: text("place.text"),
      latitude: text("place.latitude"),
      longitude: text("place.longitude")
    )
    let refusal = Refusal(
      when: time("refusal.when", in: zone),
      how: text("refusal.how"),
      words: text("refusal.words")
    )
    let harm = Harm(kinds: codes("harm.kinds"), words: text("harm.words"), cost: cost, care: list("harm.care"))
    return Incident(
      occurred: occurred(in: zone),
      narrative: self["narrative"],
      verbatim: list("verbatim"),
      place: place == Place() ? nil : place,
      behaviours: codes("behaviours"),
      channels: codes("channels"),
      // Zero is what the library refuses, with the bounds that hold.
      count: text("count").map { UInt32($0) ?? 0 },
      shownAs: list("shown_as"),
      people: elements("people").map(person),
      childrenPresent: text("children_present"),
      refusal: refusal == Refusal() ? nil : refusal,
      afterRefusal: text("after_refusal"),
      harm: harm == Harm() ? nil : harm,
      response: codes("response"),
      danger: codes("danger"),
      reports: elements("reports").map { report($0, in: zone) },
      orders: elements("orders").map { order($0, in: zone) },
      privateNote: text("private_note")
    )
  }

  /// What has to change so that `before` becomes this; `nil` if nothing has.
  func patch(from before: FormValues, in zone: TimeZone) -> IncidentPatch? {
    let (old, new) = (before.incident(in: zone), incident(in: zone))
    var gone: [String] = []

    func listed<Value: Equatable>(_ name: String, _ list: KeyPath<Incident, [Value]>) -> [Value]? {
      guard new[keyPath: list] != old[keyPath: list] else { return nil }
      guard !new[keyPath: list].isEmpty else {
        gone.append(name)
        return nil
      }
      return new[keyPath: list]
    }

    func single<Value: Equatable>(_ name: String, _ field: KeyPath<Incident, Value?>) -> Value? {
      guard new[keyPath: field] != old[keyPath: field] else { return nil }
      if new[keyPath: field] == nil { gone.append(name) }
      return new[keyPath: field]
    }

    let changed = IncidentPatch(
      occurred: new.occurred == old.occurred ? nil : new.occurred,
      narrative: new.narrative == old.narrative ? nil : new.narrative,
      verbatim: listed("verbatim", \.verbatim),
      place: single("place", \.place),
      behaviours: listed("behaviours", \.behaviours),
      channels: listed("channels", \.channels),
      count: single("count", \.count),
      shownAs: listed("shown_as", \.shownAs),
      people: listed("people", \.people),
      childrenPresent: single("children_present", \.childrenPresent),
      refusal: single("refusal", \.refusal),
      afterRefusal: single("after_refusal", \.afterRefusal),
      harm: single("harm", \.harm),
      response: listed("response", \.response),
      danger: listed("danger", \.danger),
      reports: listed("reports", \.reports),
      orders: listed("orders", \.orders),
      privateNote: single("private_note", \.privateNote),
      takenAway: gone
    )
    return changed == IncidentPatch() ? nil : changed
  }

  // MARK: In

  private mutating func put(_ path: String, _ value: String?) {
    self[path] = value ?? ""
  }

  private mutating func put(list path: String, _ texts: [String]) {
    for (at, text) in texts.enumerated() { put("\(path)[\(at)]", text) }
  }

  private mutating func put(codes path: String, _ codes: [String]) {
    put(path, codes.joined(separator: " "))
  }

  /// A time is two fields of the form, and keeps the rest of what was written.
  private mutating func put(time path: String, _ text: String?) {
    guard let text, let moment = Moment(text) else { return put(path, text) }
    put(path, moment.day.written)
    put("\(path).time", moment.clock?.written)
    if moment.clock != nil { put("\(path).exact", text) }
  }

  /// The same time to the second on another day, with the offset that the zone has on that day; one that was not the
  /// zone's before stays, because she was elsewhere. `nil` if it is no time.
  private func moved(_ exact: String, to day: Day, in zone: TimeZone) -> String? {
    guard let old = Moment(exact), let clock = old.clock else { return nil }
    let time = exact.dropFirst(old.day.written.count)
    guard old.offset != nil, old.isUsual(in: zone),
      let offset = Moment(day: day, clock: clock, in: zone).offset, offset != old.offset,
      let end = time.lastIndex(where: { "+-Z".contains($0) })
    else { return day.written + time }
    return "\(day.written)\(time[..<end])\(offsetText(offset))"
  }

  // MARK: Out

  private func list(_ path: String) -> [String] {
    elements(path).map { self[$0] }
  }

  private var cost: Cost? {
    let (amount, currency) = (text("harm.cost.amount"), text("harm.cost.currency"))
    // Where only the currency is given, the library says what is missing.
    return amount == nil && currency == nil ? nil : Cost(amount: amount ?? "", currency: currency ?? "KZT")
  }

  private func occurred(in zone: TimeZone) -> Occurred {
    let precision = text("occurred.precision")
    var values = self
    // A time without a day is of the day on which it began; of one past midnight the library says that it is before.
    if text("occurred.to") == nil, text("occurred.to.time") != nil { values["occurred.to"] = self["occurred.from"] }
    return Occurred(
      from: roughly(time("occurred.from", in: zone), precision),
      to: roughly(values.time("occurred.to", in: zone), precision),
      precision: precision,
      words: text("occurred.words")
    )
  }

  /// Only as much of a time as she says she knows. Of what is no precision, the library says so when it is recorded.
  private func roughly(_ time: String?, _ precision: String?) -> String? {
    guard let time, let precision else { return time }
    do {
      return try knownOfTime(time: time, precision: precision)
    } catch {
      return time
    }
  }

  private func person(_ path: String) -> Person {
    Person(
      role: self["\(path).role"],
      key: text("\(path).key"),
      name: text("\(path).name"),
      relationship: text("\(path).relationship"),
      description: text("\(path).description"),
      vehicle: text("\(path).vehicle"),
      contact: text("\(path).contact"),
      note: text("\(path).note")
    )
  }

  private func report(_ path: String, in zone: TimeZone) -> Report {
    Report(
      body: self["\(path).body"],
      on: time("\(path).on", in: zone),
      number: text("\(path).number"),
      officer: text("\(path).officer"),
      outcome: text("\(path).outcome"),
      words: text("\(path).words")
    )
  }

  private func order(_ path: String, in zone: TimeZone) -> Order {
    Order(
      kind: self["\(path).kind"],
      number: text("\(path).number"),
      from: time("\(path).from", in: zone),
      to: time("\(path).to", in: zone),
      breached: text("\(path).breached")
    )
  }

  /// A day, or a day and a time. One that was left alone stays as it was written, to the second; another one gets the
  /// offset that the zone had then.
  private func time(_ path: String, in zone: TimeZone) -> String? {
    guard let day = text(path) else { return nil }
    guard let time = text("\(path).time") else { return day }
    if let exact = text("\(path).exact") { return exact }
    guard let date = Day(day), let clock = TimeOfDay(time) else {
      // The library says what is wrong with it.
      return "\(day)T\(time)"
    }
    return Moment(day: date, clock: clock, in: zone).written
  }
}
