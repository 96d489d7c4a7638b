import Synchronization

/// What is made of a declaration when it is asked for first: most programs use few operators.
final class ReadOnce<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  /// The value; `read` makes it the first time.
  func value(_ read: () -> Value) -> Value {
    known.withLock { known in
      if let known { return known }
      let value = read()
      known = value
      return value
    }
  }
}
