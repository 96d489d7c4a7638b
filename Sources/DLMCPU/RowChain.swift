import DLMTensor

/// Neighbouring maps and reductions that go over the same rows, so that all of them can be done for a
/// block of rows before the next block: what one makes is still in a near cache when another reads it.
struct RowChain {
  /// One of the instructions.
  struct Link {
    enum Kind {
      case map(ScalarProgram)
      /// Of each row for itself.
      case alongRows(Reduction, ScalarProgram)
      /// Over all rows.
      case overRows(Reduction, ScalarProgram)
    }

    var kind: Kind
    var operands: [Memory]
    var results: [Memory]
    /// The axes that number rows.
    var rowAxes: Int
  }

  let rows: Int
  private(set) var links: [Link] = []
  /// Bytes of a row of all arrays together.
  private(set) var rowByteCount = 0
  private var touches: [[RowTouch]] = []

  /// The longest chain that begins with the first of `instructions`; nil where nothing is gained.
  init?(_ instructions: ArraySlice<Instruction>) {
    guard let first = instructions.first else { return nil }
    let dims: [Int]
    switch first.kernel {
    case .map: dims = first.results[0].dims
    case .reduce: dims = first.operands[0].dims
    default: return nil
    }
    var best: RowChain?
    for axes in dims.indices.dropFirst() {
      let chain = RowChain(rows: dims[..<axes].reduce(1, *), instructions)
      if chain.rows > 1, chain.links.count >= best?.links.count ?? 2, chain.hasReduction {
        best = chain
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(rows: Int, _ instructions: ArraySlice<Instruction>) {
    self.rows = rows
    for instruction in instructions {
      guard let link = Link(instruction, rows: rows), append(link) else { break }
    }
    let byRows = Set(touches.joined().filter { $0.pitch != nil })
    rowByteCount = byRows.reduce(0) { $0 + $1.rowByteCount }
  }

  /// Rows of a block: as many as a second cache holds; of blocks a multiple of four, for threads.
  var blockRows: Int {
    let (cache, little) = (1 << 17, 1 << 15)
    guard rows * rowByteCount > little else { return min(rows, 512) }
    let wanted = max(8, (rows * rowByteCount + cache - 1) / cache, (rows + 511) / 512)
    let blocks = (wanted + 3) / 4 * 4
    return (rows + blocks - 1) / blocks
  }

  private var hasReduction: Bool {
    links.contains { if case .map = $0.kind { false } else { true } }
  }

  /// Adds a link that may be done for some rows before those that are there are done for others.
  private mutating func append(_ link: Link) -> Bool {
    let new = link.touches
    for touch in new {
      for others in touches {
        if others.contains(where: { ($0.isWritten || touch.isWritten) && !touch.goesWith($0) }) {
          return false
        }
      }
    }
    links.append(link)
    touches.append(new)
    return true
  }
}

extension RowChain.Link {
  fileprivate init?(_ instruction: Instruction, rows: Int) {
    operands = instruction.operands.map(Memory.init)
    results = instruction.results.map(Memory.init)
    let isDense = results.allSatisfy(\.isDense)
    guard isDense, results.contains(where: { $0.count > 0 }) else { return nil }
    switch instruction.kernel {
    case .map(let program):
      guard !program.isCopy, let axes = results[0].dims.leadingAxes(holding: rows) else {
        return nil
      }
      (kind, rowAxes) = (.map(program), axes)
    case .reduce(let reduction, let program, let axes):
      let dims = operands[0].dims
      guard operands.contains(where: \.isDense), let leading = dims.leadingAxes(holding: rows)
      else { return nil }
      rowAxes = leading
      let reduced = Set(axes.filter { dims[$0] != 1 })
      if reduced == Set((leading..<dims.count).filter { dims[$0] != 1 }) {
        kind = .alongRows(reduction, program)
      } else if reduced == Set((0..<leading).filter { dims[$0] != 1 }) {
        kind = .overRows(reduction, program)
      } else {
        return nil
      }
    default: return nil
    }
  }

  /// What it reads and writes.
  fileprivate var touches: [RowTouch] {
    let isOverRows = if case .overRows = kind { true } else { false }
    return operands.map { RowTouch($0, rowAxes: rowAxes, isWritten: false) }
      + results.map {
        var touch = RowTouch($0, rowAxes: rowAxes, isWritten: true)
        if isOverRows { touch.pitch = nil }
        return touch
      }
  }
}

/// The bytes that an instruction reads or writes for each row.
private struct RowTouch: Hashable {
  let base: Int
  /// Of all rows.
  let bytes: ClosedRange<Int>
  /// Of the first row.
  let firstRow: ClosedRange<Int>
  /// From one row to the next; nil where any row may touch all bytes.
  var pitch: Int?
  let isWritten: Bool

  init(_ memory: Memory, rowAxes: Int, isWritten: Bool) {
    base = memory.base
    bytes = memory.byteRange
    var row = memory
    row.dims.replaceSubrange(..<rowAxes, with: [])
    row.strides.replaceSubrange(..<rowAxes, with: [])
    firstRow = row.byteRange
    pitch = nil
    self.isWritten = isWritten
    let axes = (0..<rowAxes).filter { memory.dims[$0] != 1 }
    guard let last = axes.last, memory.strides[last] > 0 else { return }
    for (axis, next) in zip(axes, axes.dropFirst())
    where memory.strides[axis] != memory.strides[next] * memory.dims[next] { return }
    pitch = memory.strides[last] * memory.elementType.byteCount
  }

  var rowByteCount: Int { firstRow.count }

  /// Whether rows of one touch nothing of other rows of the other.
  func goesWith(_ other: RowTouch) -> Bool {
    guard base == other.base, bytes.overlaps(other.bytes) else { return true }
    guard let pitch, pitch == other.pitch else { return false }
    let low = min(firstRow.lowerBound, other.firstRow.lowerBound)
    return max(firstRow.upperBound, other.firstRow.upperBound) - low < pitch
  }
}

extension [Int] {
  /// How many axes, from the first on, number `count` places; nil where none do.
  fileprivate func leadingAxes(holding count: Int) -> Int? {
    var product = 1
    for (axis, dim) in enumerated() {
      product *= dim
      if product == count { return axis + 1 }
    }
    return nil
  }
}
