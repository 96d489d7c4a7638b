#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Slots that one thread fills in order while another takes them in the same order.
///
/// `@unchecked Sendable`: the counters are read and written under the mutex; a slot belongs to the
/// filling thread from its release until it counts as filled, and to the taker after that.
final class BatchRing: @unchecked Sendable {
  /// Batches that stay in place after they are taken: the current one and the two before.
  static let heldCount = 3

  private let slots: [BatchSlot]
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let mayFill = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let mayTake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Slots filled, taken and released since the start.
  private var filled = 0
  private var taken = 0
  private var released = 0
  private var fillerSleeps = false
  private var takerSleeps = false
  private var isStopped = false

  init(_ slots: [BatchSlot]) {
    precondition(slots.count > Self.heldCount, "one slot more than are held")
    self.slots = slots
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(mayFill, nil)
    pthread_cond_init(mayTake, nil)
  }

  deinit {
    pthread_cond_destroy(mayTake)
    pthread_cond_destroy(mayFill)
    pthread_mutex_destroy(mutex)
    mayTake.deallocate()
    mayFill.deallocate()
    mutex.deallocate()
  }

  /// The slot to be filled next, once there is one; `nil` once the ring is stopped.
  func slotToFill() -> BatchSlot? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !isStopped, filled - released == slots.count {
      fillerSleeps = true
      pthread_cond_wait(mayFill, mutex)
    }
    fillerSleeps = false
    return isStopped ? nil : slots[filled % slots.count]
  }

  /// Passes on the slot that was to be filled.
  func pass() {
    pthread_mutex_lock(mutex)
    filled += 1
    let wakes = takerSleeps
    pthread_mutex_unlock(mutex)
    if wakes { pthread_cond_signal(mayTake) }
  }

  /// The next filled slot, once there is one. It stays as it is until the third call from now.
  func take() -> BatchSlot {
    pthread_mutex_lock(mutex)
    released = max(0, taken + 1 - Self.heldCount)
    // Waking a thread costs more than everything else here: let it find work for several batches.
    let free = slots.count - (filled - released)
    let wakes = fillerSleeps && (free >= 3 || filled == taken)
    if wakes { fillerSleeps = false }
    pthread_mutex_unlock(mutex)
    if wakes { pthread_cond_signal(mayFill) }

    pthread_mutex_lock(mutex)
    while filled == taken {
      takerSleeps = true
      pthread_cond_wait(mayTake, mutex)
    }
    takerSleeps = false
    let slot = slots[taken % slots.count]
    taken += 1
    pthread_mutex_unlock(mutex)
    return slot
  }

  /// Makes `slotToFill` return `nil` from now on.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopped = true
    pthread_mutex_unlock(mutex)
    pthread_cond_signal(mayFill)
  }
}
