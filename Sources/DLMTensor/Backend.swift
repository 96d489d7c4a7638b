/// Runs schedules on some hardware.
package protocol Backend: Sendable {
  /// `cpu (avx512, 2 threads)`, `reference`: for people.
  var name: String { get }

  /// How images with so many spatial axes should lie for this backend, if their channels are convolved in
  /// `groups`; `.rowMajor` where it has no preference.
  func preferredLayout(batch: Int, axes: Int, groups: Int) -> Layout

  /// Prepares `schedule` for repeated runs: chooses kernels, allocates the arena and scratch memory.
  ///
  /// - Throws: `SizeError` where there is no memory for the arena.
  func prepare(_ schedule: Schedule) throws -> any Executable
}

/// A schedule made ready; a run allocates nothing.
package protocol Executable: AnyObject {
  /// Told what each call takes, where somebody wants to know; runs are slower then.
  var profile: RunProfile? { get set }

  /// Asked between instructions, and within long ones, whether to give up, where somebody may want that;
  /// from any thread.
  var isCancelled: (@Sendable () -> Bool)? { get set }

  /// Runs every instruction once.
  ///
  /// - Parameters:
  ///   - slots: one pointer for each slot of the schedule, to memory as large as its views say.
  ///   - seed: seed of the run's random streams.
  ///   - counter: which draw of each stream this run takes: the step.
  func run(slots: UnsafePointer<UnsafeMutableRawPointer>, seed: UInt64, counter: UInt64)
    throws(ExecutionError)
}

/// What can go wrong while kernels run.
package enum ExecutionError: Error, Hashable {
  /// `gather`, `scatterAdd`, `pick` or `place` met `index` outside `0..<count`, at `position` of the indices.
  case indexOutOfRange(index: Int, count: Int, position: Int, label: String)
  /// Matrix number `position` of a batch has no inverse.
  case singular(position: Int, label: String)
  /// Matrix number `position` of a batch has no Cholesky factor.
  case notPositiveDefinite(position: Int, label: String)
  /// Somebody has asked for an end: results are not there.
  case cancelled
}
