import CDLMKernels
import DLMFrontend

/// Gives memory that nothing uses any more back to the system from time to time: one broken text may take
/// far more than all others, and the allocator would keep it.
struct FreeMemory {
  /// Checks between two times, each of which takes about a millisecond.
  private static let period = 16
  private var checks = 0

  /// - Parameter memory: whose calls that texts do not have any more are forgotten.
  mutating func checkHasEnded(_ memory: CallMemory) {
    checks += 1
    guard checks % Self.period == 0 else { return }
    memory.forgetUnused()
    dlm_give_back_memory()
  }
}
