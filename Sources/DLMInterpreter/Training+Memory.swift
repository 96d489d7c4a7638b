import DLMFrontend
import DLMGraph
import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// A batch whose step does not fit into memory is refused before anything of it is allocated.
extension Training {
  /// - Throws: `Failure` that names the largest batch that fits.
  func checkMemory(_ graph: Graph, rows: Int) throws {
    let limit = session.options.memoryLimit ?? Self.availableMemory
    // A plan needs less than all its nodes together: with room for those nothing has to be planned twice.
    let all = graph.nodes.reduce(0.0) { $0 + Double($1.shape.count * $1.elementType.byteCount) }
    guard all > Double(limit) else { return }
    let needed = try Plan.peakBytes(of: graph, for: machine.backend)
    guard needed > limit else { return }
    // Memory grows with the rows: the largest number of them that fits lies between two known ones.
    var (fits, tooMany) = (0, rows)
    while tooMany - fits > 1, tooMany - fits > fits / 50 {
      let middle = (fits + tooMany) / 2
      let graph = try machine.graph(of: split, dataset, rows: middle, with: evaluator, in: frame) {
        try self.recordStep(&$0)
      }
      if try Plan.peakBytes(of: graph, for: machine.backend) > limit {
        tooMany = middle
      } else {
        fits = middle
      }
    }
    let clause = declaration.clauses.first { if case .batch = $0.kind { true } else { false } }
    throw Failure(
      .runFails(
        "a step with a batch of \(rows) needs \(Self.text(needed)), and \(Self.text(limit)) are free",
        help: fits > 0
          ? "`batch \(fits)` fits; `accumulate` makes one update of several batches"
          : "not even one row fits: the model is too large for this machine",
        code: .outOfMemory, frame.label(clause?.span ?? declaration.name.span)))
  }

  /// Bytes that the system could give now.
  private static var availableMemory: Int {
    #if canImport(Glibc)
      let pages = sysconf(Int32(_SC_AVPHYS_PAGES))
      let all = sysconf(Int32(_SC_PHYS_PAGES))
      let size = sysconf(Int32(_SC_PAGESIZE))
      // What files are cached in can be had back; half of everything is a safe guess for that.
      return max(pages, all / 2) * size
    #else
      return .max
    #endif
  }

  private static func text(_ bytes: Int) -> String {
    let sizes = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
    for (name, size) in sizes where Double(bytes) >= size {
      return NumberText.of(Double(bytes) / size, digits: 1) + " \(name)"
    }
    return "\(bytes) bytes"
  }
}
