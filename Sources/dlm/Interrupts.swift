import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C and `kill`: the first during a training asks it to save and stop; any other ends the process.
///
/// A signal handler can reach nothing but globals, so these are.
private let requests = Atomic<Int>(0)
private let lastSignal = Atomic<Int32>(SIGINT)
private let isListening = Atomic<Bool>(false)
private let isPatient = Atomic<Bool>(false)

enum Interrupts {
  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        lastSignal.store(number, ordering: .relaxed)
        if number == SIGINT, isPatient.load(ordering: .relaxed) {
          requests.add(1, ordering: .relaxed)
          return
        }
        let earlier = requests.wrappingAdd(1, ordering: .relaxed).oldValue
        if earlier > 0 || !isListening.load(ordering: .relaxed) {
          signal(number, SIG_DFL)
          raise(number)
        }
      }
    }
    // Whoever started this process may have blocked them, and a child inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    // Results may go to a pipe that closes early; that is no reason to lose a training.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether a training is running, which looks at `isRequested` after each step.
  static func listen(_ listens: Bool) { isListening.store(listens, ordering: .relaxed) }

  /// Ctrl-C never ends the process from here on: whoever computes looks at `isRequested`.
  static func bePatient() { isPatient.store(true, ordering: .relaxed) }

  /// Forgets what was requested.
  static func reset() { requests.store(0, ordering: .relaxed) }

  static var isRequested: Bool { count > 0 }

  /// How often since `reset`.
  static var count: Int { requests.load(ordering: .relaxed) }

  /// The number of the signal that came last.
  static var received: Int32 { lastSignal.load(ordering: .relaxed) }
}
