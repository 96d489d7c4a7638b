import CDLMKernels
import DLMTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// What the machine can do, so that kernels can be held against it.
extension CPUBackend {
  /// Multiplications and additions a second, as many as this instruction set and these threads can do
  /// without touching memory.
  package func measurePeak() -> Double {
    let rounds = 1_000_000
    let flops = Double(rounds * pool.threads) * Double(kernels.pointee.probe_flops)
    var arguments = dlm_probe()
    arguments.rounds = Int64(rounds)
    return flops / fastest(kernels.pointee.probe_peak, arguments)
  }

  /// Bytes a second, read and written, that copying `byteCount` bytes from one half of a buffer to the
  /// other reaches.
  package func measureCopy(byteCount: Int) -> Double {
    let half = max(64, byteCount / 2 / pool.threads / 64 * 64)
    let whole = 2 * half * pool.threads
    guard let storage = try? Storage(byteCount: whole, for: [whole], of: .u8) else { return .nan }
    var arguments = dlm_probe()
    arguments.memory = storage.pointer.assumingMemoryBound(to: CChar.self)
    arguments.bytes = Int64(half)
    arguments.rounds = Int64(max(1, (8 << 20) / whole))
    return Double(whole * Int(arguments.rounds)) / fastest(kernels.pointee.probe_copy, arguments)
  }

  /// The shortest time in which every thread does one unit.
  private func fastest(_ work: dlm_work, _ arguments: dlm_probe) -> Double {
    withUnsafePointer(to: arguments) { arguments in
      var step = dlm_step(
        work: work, arguments: UnsafeRawPointer(arguments), units: Int64(pool.threads),
        piece: Int64(pool.threads), instruction: 0, parallel: 1)
      var run = dlm_run()
      run.failure.instruction = -1
      // Threads may still be starting.
      return (0..<30).map { _ in
        var (began, ended) = (timespec(), timespec())
        clock_gettime(CLOCK_MONOTONIC, &began)
        dlm_run_steps(pool.pointer, &step, 1, &run, nil, 0)
        clock_gettime(CLOCK_MONOTONIC, &ended)
        return Double(ended.tv_sec - began.tv_sec) + Double(ended.tv_nsec - began.tv_nsec) / 1e9
      }.min() ?? .nan
    }
  }
}
