import Foundation

/// One value of each case of an enum of the library, and of each enum in it, read as they come from there: its number, and
/// the filler for what it carries. A case that is new is among them without being named here.
public func every<Value>(
  filler: Data = Data(count: 64),
  _ read: (inout (data: Data, offset: Data.Index)) throws -> Value
) -> [Value] {
  every(after: Data(), filler, read)
}

private func every<Value>(
  after start: Data,
  _ filler: Data,
  _ read: (inout (data: Data, offset: Data.Index)) throws -> Value
) -> [Value] {
  var bytes = (data: start + filler, offset: 0)
  do {
    return [try read(&bytes)]
  } catch {
    // The number that is none of a case is the last one that was read: one of ours, or filler that may be 1, 2 and so on.
    let place = bytes.offset - 4
    guard place >= start.count else { return [] }
    let known = start + filler.prefix(place - start.count)
    return (1...99).flatMap { every(after: known + Data([0, 0, 0, $0]), filler, read) }
  }
}
