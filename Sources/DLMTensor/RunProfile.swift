/// What the kernel calls of some plans took, added up over their runs.
///
/// A class, because plans add to it. `@unchecked Sendable`: only the thread that runs plans does.
package final class RunProfile: @unchecked Sendable {
  /// A kernel call of a plan.
  package struct Entry: Sendable {
    /// The operators that it came from.
    package var label: String
    /// Line of the program, from 1 on; 0 where none is known.
    package var line: Int
    package var calls = 0
    package var nanoseconds = 0
  }

  /// One run of a call, for a picture of what happened when.
  package struct Event: Sendable {
    package var entry: Int
    /// Nanoseconds since the profile began.
    package var start: Int
    package var duration: Int
  }

  /// Events are kept of the first runs only.
  private static let eventLimit = 50_000

  package private(set) var entries: [Entry] = []
  package private(set) var events: [Event] = []
  /// Runs of plans, and what they took in all.
  package private(set) var runs = 0
  package private(set) var runNanoseconds = 0
  /// Bytes of the largest arena.
  package private(set) var arenaByteCount = 0
  private let clock = ContinuousClock()
  private let beginning: ContinuousClock.Instant

  package init() { beginning = clock.now }

  /// Nanoseconds of all calls.
  package var callNanoseconds: Int { entries.reduce(0) { $0 + $1.nanoseconds } }

  /// Nanoseconds since the profile began.
  package var now: Int {
    let (seconds, attoseconds) = beginning.duration(to: clock.now).components
    return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }

  /// Makes room for calls; the number of the first.
  package func add(_ calls: [(label: String, line: Int)]) -> Int {
    entries += calls.map { Entry(label: $0.label, line: $0.line) }
    return entries.count - calls.count
  }

  /// A call has run since `start`.
  package func record(_ entry: Int, since start: Int) {
    let duration = now - start
    entries[entry].calls += 1
    entries[entry].nanoseconds += duration
    if events.count < Self.eventLimit {
      events.append(Event(entry: entry, start: start, duration: duration))
    }
  }

  /// A plan has run since `start`.
  package func recordRun(arenaByteCount bytes: Int, since start: Int) {
    runs += 1
    runNanoseconds += now - start
    arenaByteCount = max(arenaByteCount, bytes)
  }
}
