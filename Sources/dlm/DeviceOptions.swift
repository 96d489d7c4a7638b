import ArgumentParser
import DLMCPU
import DLMTensor

/// Where a program computes.
struct DeviceOptions: ParsableArguments {
  enum Device: String, ExpressibleByArgument, CaseIterable {
    case cpu
    /// Plain loops that define what every kernel does; slow.
    case reference
  }

  @Option(help: "Where to compute.")
  var device = Device.cpu

  @Option(help: "Threads that compute; results do not depend on it.")
  var threads: Int?

  @Option(help: ArgumentHelp("Instruction set of the kernels.", visibility: .hidden))
  var isa: String?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func backend() throws -> any Backend {
    switch device {
    case .reference: return ReferenceBackend()
    case .cpu:
      do throws(CPUBackendError) {
        return try CPUBackend(isa: isa, threads: threads ?? CPUBackend.processorCount)
      } catch {
        switch error {
        case .unsupportedInstructionSet(let name, let supported):
          throw UsageError(
            "this machine has no `\(name)`; it has \(supported.joined(separator: ", ")).")
        case .noThreads(let count):
          throw UsageError("the system gives no \(count) threads; ask for fewer.")
        }
      }
    }
  }
}
