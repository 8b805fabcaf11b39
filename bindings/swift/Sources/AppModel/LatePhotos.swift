import Foundation

/// Photos that came back from the camera after the diary had locked. The moment they show is over, so they are kept, in
/// memory only, until the diary is opened that they belong to.
struct LatePhotos {
  /// Where they belong; `nil` if none wait.
  private(set) var incident: String?
  private var photos: [Data] = []

  /// Keeps one for the incident about which she was asked for it. False if nobody knows which.
  mutating func keep(_ jpeg: Data, about: String?) -> Bool {
    guard let about else { return false }
    if about != incident { forget() }
    incident = about
    photos.append(jpeg)
    return true
  }

  /// The photos, which are then the caller's.
  mutating func take() -> [Data] {
    defer { (photos, incident) = ([], nil) }
    return photos
  }

  mutating func forget() {
    for at in photos.indices {
      let count = photos[at].count
      photos[at].resetBytes(in: 0..<count)
    }
    (photos, incident) = ([], nil)
  }
}
