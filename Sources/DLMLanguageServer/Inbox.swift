import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Messages that have come and wait, in order.
///
/// One thread puts them in as they come, another takes them: so that while it works it can be told that
/// what it works on is no longer wanted. `@unchecked Sendable`: everything is read and written under the
/// mutex.
final class Inbox: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting: [Incoming] = []
  /// How many of `waiting` have been taken.
  private var taken = 0
  private var cancelled: Set<RequestID> = []
  private var isClosed = false
  /// The request that is being answered.
  private var current: RequestID?

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, nil)
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  func put(_ message: Incoming) {
    locked {
      if case .notification("$/cancelRequest", let params) = message {
        // Only what waits or is being answered can be cancelled: other ids would be kept for ever.
        guard let id = RequestID(params["id"]), id == current || waits(id) else { return }
        cancelled.insert(id)
      } else {
        waiting.append(message)
        pthread_cond_signal(arrival)
      }
    }
  }

  private func waits(_ id: RequestID) -> Bool {
    waiting[taken...].contains {
      if case .request(let other, _, _) = $0 { other == id } else { false }
    }
  }

  /// Nothing more will come.
  func close() {
    locked {
      isClosed = true
      pthread_cond_signal(arrival)
    }
  }

  enum Next {
    case message(Incoming)
    /// Nothing has come.
    case nothing
    case closed
  }

  /// How long to wait for a message.
  enum Wait {
    case none, forever
    case seconds(Int)
  }

  /// The next message that has come or comes while one may wait.
  func next(_ wait: Wait) -> Next {
    locked {
      current = nil
      var end = timespec()
      if case .seconds(let seconds) = wait {
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += seconds
      }
      while taken == waiting.count {
        if isClosed { return .closed }
        switch wait {
        case .none: return .nothing
        case .forever: pthread_cond_wait(arrival, mutex)
        case .seconds:
          if pthread_cond_timedwait(arrival, mutex, &end) == ETIMEDOUT { return .nothing }
        }
      }
      let message = waiting[taken]
      taken += 1
      if taken == waiting.count || taken > 256 {
        waiting.removeFirst(taken)
        taken = 0
      }
      if case .request(let id, _, _) = message { current = id }
      return .message(message)
    }
  }

  /// Whether the client has taken back a request; asked when it ends, it is forgotten.
  func isCancelled(_ id: RequestID, ends: Bool = false) -> Bool {
    locked { ends ? cancelled.remove(id) != nil : cancelled.contains(id) }
  }

  /// Whether the request that is being answered is not wanted any more.
  var isCurrentCancelled: Bool { locked { current.map { cancelled.contains($0) } ?? false } }

  /// Whether a change of a document waits: what is found out about its text now is out of date.
  func hasChange(of document: String) -> Bool {
    locked { waiting[taken...].contains { $0.changedDocument == document } }
  }
}
