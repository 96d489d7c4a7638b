import CDLMKernels

/// Gives memory that nothing uses any more back to the system from time to time: one broken text may take
/// far more than all others, and the allocator would keep it.
struct FreeMemory {
  /// Checks between two times, each of which takes about a millisecond.
  private static let period = 16
  private var checks = 0

  mutating func checkHasEnded() {
    checks += 1
    if checks % Self.period == 0 { dlm_give_back_memory() }
  }
}
