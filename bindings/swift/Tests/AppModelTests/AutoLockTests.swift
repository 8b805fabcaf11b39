import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("When the diary locks by itself", .timeLimit(.minutes(60)))
struct AutoLockTests {
  private let time = ManualTime()
  private let locks = Counter()
  private let watch: AutoLock

  init() {
    let locks = locks
    watch = AutoLock(time: time, idleLimit: { .seconds(60) }) { locks.add() }
    watch.unlocked()
  }

  @Test func locksWhenTheAppIsLeft() {
    watch.stopped()
    #expect(locks.value == 1)
  }

  @Test func locksWhenNobodyTouchesIt() async {
    time.advance(by: .seconds(59))
    #expect(locks.value == 0)
    time.advance(by: .seconds(1))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func aTouchBeginsTheWaitAnew() async {
    time.advance(by: .seconds(59))
    watch.touched()
    time.advance(by: .seconds(59))
    #expect(locks.value == 0)
    time.advance(by: .seconds(1))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func staysOpenBehindItsOwnPicker() async {
    watch.openedOwnPicker()
    time.advance(by: .seconds(170))
    watch.started()
    watch.ownPickerReturned()
    #expect(locks.value == 0)
    time.advance(by: .seconds(60))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func aPickerHasALimit() async {
    watch.openedOwnPicker()
    time.advance(by: .seconds(180))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func aTouchDoesNotLengthenThePicker() async {
    watch.openedOwnPicker()
    time.advance(by: .seconds(179))
    watch.touched()
    time.advance(by: .seconds(1))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func leavingTheAppOutOfThePickerLocksAtOnce() {
    watch.openedOwnPicker()
    watch.stopped()
    #expect(locks.value == 1)
    watch.ownPickerReturned()
    #expect(locks.value == 1)
  }

  @Test func aDarkScreenLocksEvenBehindAPicker() {
    watch.openedOwnPicker()
    watch.screenOff()
    #expect(locks.value == 1)
  }

  @Test func locksOnceAndNotWhileLocked() {
    watch.stopped()
    watch.stopped()
    watch.screenOff()
    watch.openedOwnPicker()
    time.advance(by: .seconds(1000))
    #expect(locks.value == 1)
    watch.unlocked()
    watch.stopped()
    #expect(locks.value == 2)
  }

  @Test func whatPassedWhileNothingRanCounts() {
    watch.openedOwnPicker()
    time.sleepThrough(.seconds(181))
    watch.started()
    #expect(locks.value == 1)
  }

  @Test func longWorkKeepsItOpenButNotForEver() async {
    watch.works(true)
    time.advance(by: .seconds(1799))
    #expect(locks.value == 0)
    watch.works(false)
    time.advance(by: .seconds(59))
    #expect(locks.value == 0, "her own time begins when it has ended")
    time.advance(by: .seconds(1))
    await locks.reaches(1)
    watch.unlocked()
    watch.works(true)
    time.advance(by: .seconds(1800))
    await locks.reaches(2)
    watch.unlocked()
    time.advance(by: .seconds(60))
    await locks.reaches(3)
    watch.unlocked()
    watch.works(true)
    watch.stopped()
    #expect(locks.value == 4, "leaving locks at once all the same")
  }

  @Test func workBehindAPickerDoesNotLengthenIt() async {
    watch.works(true)
    watch.openedOwnPicker()
    watch.works(false)
    time.advance(by: .seconds(180))
    await locks.reaches(1)
    #expect(locks.value == 1)
  }

  @Test func theRecoveryCodeStaysWhileSheCopiesItAndADarkScreenTakesItAway() async {
    watch.unlocked(showsCode: true)
    time.advance(by: .seconds(179))
    watch.touched()
    #expect(locks.value == 0)
    watch.screenOff()
    #expect(locks.value == 1)
    watch.unlocked(showsCode: true)
    time.advance(by: .seconds(180))
    await locks.reaches(2)
    #expect(locks.value == 2)
  }
}
