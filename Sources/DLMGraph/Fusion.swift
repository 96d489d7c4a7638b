import CDLMKernels
import DLMTensor

/// Decides which terms get memory of their own and which are computed inside the kernel that reads them.
///
/// Element-wise terms are inlined into the one *unit* that needs them: another element-wise term that
/// is stored (a root), or a reduction. What several units need is stored, or computed again by each
/// if that is cheap. Views cost nothing: an operand is read through them by strides.
struct Fusion {
  enum Role {
    case dead
    case constant
    case variable
    /// Read through by strides.
    case view
    /// Has memory, written by a kernel that is not a map.
    case kernel
    /// Has memory, written by a map: element-wise, or a copy of what a view shows.
    case root
    /// Computed where it is needed.
    case inlined
  }

  /// A user of a term, views between the two left out.
  private struct Edge {
    var consumer: Int
    /// Whether the consumer has more elements, so that inlining would repeat the work.
    var enlarges: Bool
  }

  /// Sizes of programs that the CPU backend likes.
  static let stepLimit = 32
  static let inputLimit = 8
  static let outputLimit = 4

  let terms: Terms
  private(set) var roles: [Role]
  /// What arithmetic each term needs; `nil` where any will do.
  private(set) var domains: [ElementType?]
  /// For each term with memory and each variable, the units that read it, ascending.
  private(set) var readers: [[Int]]
  /// For each unit, the terms with memory and the variables that it reads, without repeats.
  private(set) var leaves: [[Int]]
  /// Terms with memory in an order in which what they read comes first.
  private(set) var units: [Int] = []

  private var mustStore: [Bool]
  private var edges: [[Edge]]
  /// Units that compute each inlined term.
  private var owners: [[Int]]
  private var steps: [Int]
  private var weights: [Int]

  init(_ draft: Draft) {
    terms = draft.terms
    let count = terms.all.count
    roles = [Role](repeating: .dead, count: count)
    domains = [ElementType?](repeating: nil, count: count)
    readers = [[Int]](repeating: [], count: count)
    leaves = readers
    mustStore = [Bool](repeating: false, count: count)
    edges = [[Edge]](repeating: [], count: count)
    owners = readers
    steps = [Int](repeating: 0, count: count)
    weights = steps
    assignRoles(roots: draft.outputs + draft.assignments.map(\.term))
    storeOperandsOfKernels()
    connect()
    inline()
    collectLeaves()
  }

  /// The term behind `index` that is no view, and whether any element of it is seen more than once.
  func base(_ index: Int) -> Int {
    var index = index
    while roles[index] == .view { index = terms[index].operands[0] }
    return index
  }

  /// How the elements of `index` lie in the memory of its base, which is stored.
  func access(_ index: Int) -> Access? {
    guard roles[index] == .view else { return Access(dense: terms[index].dims) }
    return access(terms[index].operands[0])?.viewed(by: terms[index])
  }
}

extension Fusion {
  private mutating func assignRoles(roots: [Int]) {
    for root in roots {
      mustStore[root] = true
      roles[root] = .root
    }
    for index in terms.all.indices.reversed() where roles[index] != .dead {
      for operand in terms[index].operands { roles[operand] = .root }
      let term = terms[index]
      switch term.action {
      case .variable: roles[index] = .variable
      case .constant: roles[index] = .constant
      case .copy, .map, .cast: roles[index] = .root
      case .broadcast, .reshape, .transpose, .slice, .renewed: roles[index] = .view
      case .pad, .concatenate, .reduce, .indexOf, .matmul, .kernel, .indexed, .loop, .part:
        roles[index] = .kernel
      }
    }
  }

  /// Marks what kernels must find in memory, and copies views that strides cannot express.
  private mutating func storeOperandsOfKernels() {
    for index in terms.all.indices where roles[index] != .dead {
      let term = terms[index]
      switch term.action {
      case .variable, .constant, .part: break
      case .copy, .cast: domains[index] = domain(ofElementwise: index)
      case .map(let function):
        domains[index] = domain(ofElementwise: index)
        if function == .equal || function == .not_equal { storeCompared(term.operands) }
      case .broadcast, .transpose, .slice, .renewed:
        domains[index] = domains[term.operands[0]]
      case .reshape:
        domains[index] = domains[term.operands[0]]
        if access(index) == nil { store(term.operands[0]) }
        if !term.onlyMovesUnits(of: terms[term.operands[0]]) {
          mustStore[base(term.operands[0])] = true
        }
      case .pad, .concatenate, .reduce: domains[index] = term.elementType.domain
      case .matmul, .indexOf:
        for operand in term.operands { mustStore[base(operand)] = true }
      case .kernel(.attention), .kernel(.attentionGradient):
        for operand in term.operands { mustStore[base(operand)] = true }
        if let mask = term.maskOperand { storeRows(mask) }
      case .kernel, .loop:
        for operand in term.operands { storeDense(operand) }
      case .indexed:
        for (operand, dims) in zip(term.operands, term.indexedDims(terms)) {
          if access(operand)?.reshaped(to: dims) == nil { store(operand) }
          mustStore[base(operand)] = true
        }
        storeDense(term.operands[1])
      }
    }
  }

  /// What is tested for equality has one value everywhere: computed again in another program it may be
  /// rounded otherwise, and a maximum would no longer equal its element.
  private mutating func storeCompared(_ operands: [Int]) {
    for operand in operands where terms[operand].elementType.isFloatingPoint {
      let base = base(operand)
      if roles[base] == .root { mustStore[base] = true }
    }
  }

  private mutating func store(_ index: Int) {
    mustStore[index] = true
    if roles[index] == .view { roles[index] = .root }
  }

  /// Makes neighbours along the last axis lie next to each other.
  private mutating func storeRows(_ index: Int) {
    guard roles[index] == .view, access(index)?.strides.last != 1, terms[index].dims.last != 1
    else {
      return
    }
    // A broadcast costs no memory: what is repeated gets it.
    if case .broadcast = terms[index].action {
      store(terms[index].operands[0])
    } else {
      store(index)
    }
  }

  private mutating func storeDense(_ index: Int) {
    if access(index)?.isDense != true { store(index) }
    mustStore[base(index)] = true
  }

  private mutating func connect() {
    for index in terms.all.indices {
      switch roles[index] {
      case .kernel, .root, .inlined:
        for operand in terms[index].operands {
          let base = base(operand)
          edges[base].append(
            Edge(consumer: index, enlarges: terms[operand].count > terms[base].count))
        }
      case .dead, .constant, .variable, .view: break
      }
      guard roles[index] == .root, terms[index].action.isElementwise else { continue }
      // What computing it from stored terms would cost.
      weights[index] = terms[index].action.weight
      for operand in terms[index].operands {
        let base = base(operand)
        if roles[base] == .root, !mustStore[base] { weights[index] += weights[base] }
      }
      weights[index] = min(weights[index], 1000)
    }
  }

  /// Decides from the last term to the first, so that a term's consumers are decided before it.
  private mutating func inline() {
    for index in terms.all.indices.reversed() {
      switch roles[index] {
      case .kernel, .root:
        if roles[index] == .root, !mustStore[index], let units = unitsToInline(index) {
          roles[index] = .inlined
          owners[index] = units
        } else {
          owners[index] = [index]
        }
        for unit in owners[index] { add(index, to: unit) }
      case .dead, .constant, .variable, .view, .inlined: break
      }
    }
  }

  /// Counts a step of `unit`, and its operands as what the unit reads until they are inlined too.
  private mutating func add(_ index: Int, to unit: Int) {
    steps[unit] += 1
    leaves[unit].removeAll { $0 == index }
    for operand in terms[index].operands {
      let base = base(operand)
      if roles[base] != .constant, !leaves[unit].contains(base) { leaves[unit].append(base) }
    }
  }

  /// The units that should compute root `index` themselves, or `nil` if it is better stored.
  private func unitsToInline(_ index: Int) -> [Int]? {
    var units: [Int] = []
    var enlarges = false
    for edge in edges[index] {
      guard accepts(edge.consumer, index) else { return nil }
      enlarges = enlarges || edge.enlarges
      for owner in owners[edge.consumer] where !units.contains(owner) { units.append(owner) }
    }
    let isCheap = weights[index] <= (enlarges ? 1 : 8)
    let isRepeated = units.count > 1 || enlarges
    if isRepeated {
      guard isCheap, units.count <= 4, leafCount(index) <= 2, !endsProduct(index) else {
        return nil
      }
    }
    for unit in units {
      var inputs = leaves[unit].filter { $0 != index }
      for operand in terms[index].operands {
        let base = base(operand)
        if roles[base] != .constant, !inputs.contains(base) { inputs.append(base) }
      }
      guard inputs.count <= Fusion.inputLimit, steps[unit] < Fusion.stepLimit else { return nil }
    }
    return units
  }

  /// Whether `consumer` can compute element-wise term `index` as part of itself.
  private func accepts(_ consumer: Int, _ index: Int) -> Bool {
    switch terms[consumer].action {
    case .copy, .map, .cast, .broadcast, .reshape, .transpose, .slice, .renewed, .reduce, .pad,
      .concatenate:
      break
    case .variable, .constant, .indexOf, .matmul, .kernel, .indexed, .loop, .part: return false
    }
    if terms.truncates(index) { return false }
    return domains[index] == nil || domains[index] == domains[consumer]
  }

  private func leafCount(_ index: Int) -> Int {
    var found: [Int] = []
    func visit(_ index: Int) {
      guard found.count <= 3 else { return }
      for operand in terms[index].operands {
        let base = base(operand)
        if roles[base] == .root, !mustStore[base] {
          visit(base)
        } else if roles[base] != .constant, !found.contains(base) {
          found.append(base)
        }
      }
    }
    visit(index)
    return found.count
  }

  /// Whether `index` could be the epilogue of a product that nothing else reads.
  private func endsProduct(_ index: Int) -> Bool {
    terms[index].operands.contains { operand in
      let operand = terms[operand].action == .reshape ? base(operand) : operand
      guard edges[operand].count == 1 else { return false }
      if roles[operand] == .kernel { return terms[operand].action.takesEpilogue }
      return roles[operand] == .root && !mustStore[operand] && endsProduct(operand)
    }
  }

  /// What each unit reads, now that all is decided.
  private mutating func collectLeaves() {
    for index in terms.all.indices {
      switch roles[index] {
      case .kernel, .root: units.append(index)
      case .dead, .constant, .variable, .view, .inlined: continue
      }
      var found: [Int] = []
      var seen: Set<Int> = []
      collect(index, &found, &seen)
      leaves[index] = found
      for leaf in found { readers[leaf].append(index) }
    }
  }

  private func collect(_ index: Int, _ found: inout [Int], _ seen: inout Set<Int>) {
    for operand in terms[index].operands {
      let base = base(operand)
      guard seen.insert(base).inserted else { continue }
      switch roles[base] {
      case .inlined: collect(base, &found, &seen)
      case .variable, .kernel, .root: found.append(base)
      case .dead, .constant, .view: break
      }
    }
  }

  private func domain(ofElementwise index: Int) -> ElementType? {
    let term = terms[index]
    let types = term.operands.map { terms[$0].elementType }
    if term.action == .cast, term.elementType.isFloatingPoint { return term.elementType }
    if types.contains(.f64) { return .f64 }
    if types.contains(.f32) { return .f32 }
    if types.contains(.i32) || types.contains(.i64) { return .i64 }
    if term.elementType == .i32 || term.elementType == .i64 { return .i64 }
    // Bytes and truth values are exact everywhere: stay with what they come from.
    return term.operands.lazy.compactMap { domains[$0] }.first
  }
}
