import CDLMKernels
import DLMTensor

/// Runs schedules on the processor, with kernels chosen for its instruction set.
///
/// Results do not depend on the number of threads. `@unchecked Sendable`: kernel tables are constants
/// and the pool serves one run at a time; a second run at the same moment does without it.
package struct CPUBackend: Backend, @unchecked Sendable {
  let kernels: UnsafePointer<dlm_kernels>
  let pool: ThreadPool

  /// - Parameters:
  ///   - isa: `avx512`, `avx2` or `baseline`; the best this machine has where nil.
  ///   - threads: how many threads work, at most as many as there are processors for this process.
  /// - Throws: `CPUBackendError` where the instruction set or the threads cannot be had.
  package init(isa: String? = nil, threads: Int) throws(CPUBackendError) {
    guard
      let kernels = CPUBackend.supportedKernels.first(where: {
        isa == nil || String(cString: $0.pointee.name) == isa
      })
    else { throw .unsupportedInstructionSet(isa ?? "", supported: CPUBackend.instructionSets) }
    try self.init(kernels: kernels, threads: threads)
  }

  /// - Parameter kernels: what this machine can run, for as long as there are backends.
  package init(
    kernels: UnsafePointer<dlm_kernels>, threads: Int
  ) throws(CPUBackendError) {
    self.kernels = kernels
    pool = try ThreadPool(threads: threads)
  }

  /// Names of the instruction sets that this machine can run, best first.
  package static var instructionSets: [String] {
    supportedKernels.map { String(cString: $0.pointee.name) }
  }

  /// Processors that this process may use.
  package static var processorCount: Int { max(1, Int(dlm_processor_count())) }

  package var name: String {
    "cpu (\(String(cString: kernels.pointee.name)), \(pool.threads) threads)"
  }

  package func preferredLayout(batch: Int, axes: Int, groups: Int) -> Layout {
    for lanes in [32, 16, 8] where batch > 0 && batch % lanes == 0 {
      return .batchInner(lanes: lanes)
    }
    // Lanes of samples that are not there cost less than matrices of windows, until most are so; but not of
    // signals, whose matrices have few rows, unless each channel has its own.
    let least = axes == 1 && groups == 1 ? 8 : 4
    return batch >= least ? .batchInner(lanes: 8) : .rowMajor
  }

  package func prepare(_ schedule: Schedule) throws -> any Executable {
    try CPUExecutable(schedule, for: self)
  }

  /// The kernels to use where vectors must divide `lanes`.
  func kernels(forLanes lanes: Int) -> UnsafePointer<dlm_kernels>? {
    ([kernels] + CPUBackend.supportedKernels).first {
      $0.pointee.lanes <= kernels.pointee.lanes && lanes % Int($0.pointee.lanes) == 0
    }
  }

  private static var supportedKernels: [UnsafePointer<dlm_kernels>] {
    var all: [UnsafePointer<dlm_kernels>] = []
    var index: Int32 = 0
    while let kernels = dlm_kernels_at(index) {
      if dlm_kernels_supported(kernels) != 0 { all.append(kernels) }
      index += 1
    }
    return all
  }
}

package enum CPUBackendError: Error, Hashable {
  case unsupportedInstructionSet(String, supported: [String])
  case noThreads(Int)
}

/// The threads of a backend; they end with it.
///
/// `@unchecked Sendable`: the C pool guards itself.
final class ThreadPool: @unchecked Sendable {
  let pointer: OpaquePointer
  let threads: Int

  init(threads: Int) throws(CPUBackendError) {
    let count = max(1, min(threads, Int(dlm_processor_count())))
    guard let pointer = dlm_pool_create(Int32(count)) else { throw .noThreads(count) }
    self.pointer = pointer
    self.threads = count
  }

  deinit { dlm_pool_destroy(pointer) }
}
