import DLMCPU
import DLMGraph
import DLMTensor
import DLMTestSupport
import Testing

@Suite struct TrainingTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let step: @Sendable () throws -> TrainingStep
  }

  /// The convolutional one at batches that lie batch-inner in 32, 16 and 8 lanes, in 8 that they do not
  /// fill, and not at all.
  static let networks =
    [
      Network(testDescription: "xor") { try .xor() },
      Network(testDescription: "perceptron") {
        try .perceptron(batch: 5, hidden: 9, by: .adam(rate: 1e-3))
      },
    ]
    + [32, 48, 8, 12, 7, 3].map { batch in
      Network(testDescription: "convolutional \(batch)") {
        try .convolutional(batch: batch, size: 10, channels: (3, 5), kernel: 3, hidden: 6)
      }
    }

  @Test(arguments: networks)
  func `a planned training step agrees with its definition`(_ network: Network) throws {
    try expectAgreement(try network.step().graph, within: 2e-5)
  }

  /// A planned step on each instruction set against the reference, several steps in a row: what one
  /// run leaves in the arena must not reach the next.
  @Test(arguments: networks)
  func `steps in a row follow the reference`(_ network: Network) throws {
    func trained(on backend: any Backend) throws -> [Tensor] {
      let step = try network.step()
      let plan = try Plan(step.graph, for: backend)
      for counter in 0..<4 { try plan.run(seed: Run.seed, counter: UInt64(counter)) }
      return plan.outputs + step.parameters.map(\.tensor)
    }
    let expected = try trained(on: ReferenceBackend())
    for backend in Backends.processors {
      for (index, tensor) in try trained(on: backend).enumerated() {
        let difference = difference(expected[index], tensor)
        #expect(
          difference.size <= 1e-4,
          "\(index) on \(backend.name) at \(difference.place): \(difference.text)")
      }
    }
  }

  /// The classifier of the examples at its real size, where the reference would take minutes: the two
  /// layouts and the instruction sets are computed by different code.
  @Test(arguments: [64, 60, 7, 3])
  func `layouts and instruction sets agree on the classifier`(_ batch: Int) throws {
    func trained(on backend: any Backend) throws -> [Tensor] {
      let step = try TrainingStep.convolutional(batch: batch)
      let plan = try Plan(step.graph, for: backend)
      for counter in 0..<3 { try plan.run(seed: Run.seed, counter: UInt64(counter)) }
      return plan.outputs + step.parameters.map(\.tensor)
    }
    let expected = try trained(on: RowMajor(base: CPUBackend(threads: 2)))
    for backend in Backends.processors {
      for (index, tensor) in try trained(on: backend).enumerated() {
        let difference = difference(expected[index], tensor)
        #expect(
          difference.size <= 1e-5,
          "\(index) on \(backend.name) at \(difference.place): \(difference.text)")
      }
    }
  }

  @Test func `descent lowers the loss`() throws {
    let step = try TrainingStep.xor()
    let plan = try Plan(step.graph, for: CPUBackend(threads: 2))
    try plan.run()
    let first = plan.outputs[0][0]
    for counter in 1..<200 { try plan.run(counter: UInt64(counter)) }
    #expect(plan.outputs[0][0] < first * 0.9)
  }
}

/// A backend that would rather not have images batch-inner.
private struct RowMajor: Backend {
  let base: any Backend

  var name: String { "row-major " + base.name }

  func preferredLayout(batch: Int, axes: Int, groups: Int) -> Layout { .rowMajor }

  func prepare(_ schedule: Schedule) throws -> any Executable { try base.prepare(schedule) }
}
