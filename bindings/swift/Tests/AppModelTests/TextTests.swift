import DiaryKit
import Foundation
import Testing

@testable import AppModel

@Suite("The words of the app")
struct TextTests {
  @Test(arguments: Language.allCases)
  func noneIsMissing(_ language: Language) {
    let strings = Strings(language)
    for key in TextKey.allCases { #expect(strings.has(key), "\(key.rawValue)") }
    #expect(strings.text(.language) == language.rawValue)
  }

  @Test(arguments: Language.allCases)
  func fieldsAndCodesAreCalledAsInTheReport(_ language: Language) throws {
    let strings = Strings(language)
    let report = try labels(language: language.rawValue)
    #expect(strings.read(.label("behaviours.gifts")) == report["behaviours.gifts"])
    #expect(strings.read(.label("behaviours.threat")) == strings.text(.labelThreat), "but to her, not of the author")
  }

  @Test func valuesStandWhereTheyBelong() {
    let strings = Strings(.en)
    #expect(strings.read(.of(.timeSpan, [.words("a"), .words("b")])) == "a – b")
    #expect(strings.read(.of(.formAdd, [.words("100 %1$@ %d")])) == "Add: 100 %1$@ %d", "a value is no pattern")
    #expect(strings.read(.of(.formAdd)) == "Add: ")
    #expect(strings.read(.row([.of(.actionSave), .words("x")], between: " · ")) == "Save · x")
  }

  @Test func aPhraseNeverPrintsHerWords() {
    let phrase = Phrase.row([.words("құпия"), .of(.formAdd, [.words("құпия")])])
    #expect("\(phrase)".contains("құпия") == false)
    #expect(String(reflecting: phrase).contains("құпия") == false)
    var dumped = ""
    dump(phrase, to: &dumped)
    #expect(dumped.contains("құпия") == false)
  }

  @Test func theLanguageOfTheDeviceIsTaken() {
    #expect(Language(preferred: ["kk-KZ", "ru"]) == .kk)
    #expect(Language(preferred: ["de-DE", "ru_KZ"]) == .ru)
    #expect(Language(preferred: ["de"]) == .en)
    #expect(Language(preferred: []) == .en)
  }
}
