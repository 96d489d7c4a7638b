import CAllocationCounter
import DLMCPU
import DLMInterpreter
import DLMSyntax
import Testing

/// From one step to the next of a real training nothing is allocated: the batch, the plan, the loop.
@Suite struct AllocationTests {
  @Test func `an allocation is counted`() {
    let before = allocation_count()
    let box = Box(number: Int.random(in: 0..<10))
    #expect(allocation_count() > before)
    #expect(box.number < 10)
  }

  private final class Box {
    let number: Int

    init(number: Int) { self.number = number }
  }

  @Test(arguments: [("mnist", 1), ("mnist", 2), ("mlp", 2), ("xor", 1)])
  func `a replayed step allocates nothing`(example: String, threads: Int) throws {
    let path = "\(Repository.examples)/\(example).dlm"
    // Without its clauses: what they print and log is not the step's.
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("every ") }.joined(separator: "\n")
    let counts = Counts()
    let parsed = Parser.parse(SourceFile(path: path, text: text))
    let session = try Session(
      folder: Repository.examples, options: RunOptions(), backend: CPUBackend(threads: threads),
      control: { counts.steps < 60 ? .goOn : .finish },
      send: { if case .stepped = $0 { counts.add() } })
    #expect(try session.run(parsed.tree).isEmpty)
    #expect(counts.steps == 60)
    // The first step is recorded, the second meets kernels for the first time.
    #expect(counts.allocations[2..<60].allSatisfy { $0 == 0 }, "\(counts.allocations)")
  }

  /// Allocations of this thread between steps, in memory that is there from the start.
  private final class Counts {
    private(set) var allocations = [Int](repeating: 0, count: 64)
    private(set) var steps = 0
    private var last = 0

    func add() {
      let now = allocation_count()
      allocations[steps] = now - last
      last = now
      steps += 1
    }
  }
}
