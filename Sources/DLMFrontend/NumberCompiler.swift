import CDLMKernels
import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

/// Makes a piece of plain code a program on numbers, where all that it touches are numbers, truth
/// values and lists of numbers.
///
/// The types of names are those that they have when it is made; what would change one, or does more
/// than compute, is left to the walk of the tree.
struct NumberCompiler {
  enum Sort: Hashable {
    case whole, real, truth
  }

  /// Where a value is.
  struct Place {
    var register: Int
    var sort: Sort
    var isVariable = false
  }

  /// There is no such program.
  struct NoProgram: Error {}

  /// What names stand for where a piece of code is written.
  struct Surroundings {
    var tree: Tree
    var scope: Scope
    var dims: DimBindings
    /// The innermost scope of `locals` that belongs to the code around; what is further out is not
    /// seen.
    var base = 0
    /// Functions around that are written into the program.
    var depth = 0
  }

  private static let deepest = 8

  var program = NumberProgram()
  /// Names around the code that it sets, with where their values are.
  private(set) var results: [String: Place] = [:]
  /// Names around the code that it or a function called by it reads.
  private var read: [String: Place] = [:]
  private var readByFunctions: Set<String> = []
  private var lists: Set<String> = []
  private var locals: [[String: Place]] = [[:]]
  private var constants: [Sort: [Int64: Int]] = [:]
  /// The register of the value that was computed last: only the instruction that computes it knows
  /// it.
  private var temporary = -1
  /// Where a jump lands: the instruction before is not the only way there.
  private var landing = -1
  let facts: Facts
  /// The numbers of a tensor of a run.
  let numbers: (TensorValue) -> [Double]?
  var around: Surroundings

  init(_ frame: Frame, numbers: @escaping (TensorValue) -> [Double]?) {
    facts = frame.facts
    self.numbers = numbers
    around = Surroundings(tree: frame.tree, scope: frame.scope, dims: frame.dims)
  }

  /// Ends the program: what it sets must be seen by nothing that took it for constant.
  mutating func finish() throws {
    let set = Set(results.keys)
    guard readByFunctions.isDisjoint(with: set), lists.isDisjoint(with: set) else {
      throw NoProgram()
    }
  }
}

// Registers.
extension NumberCompiler {
  private mutating func register(holding bits: Int64 = 0) -> Int {
    program.registers.append(bits)
    return program.registers.count - 1
  }

  mutating func constant(_ bits: Int64, _ sort: Sort) -> Place {
    let known = constants[sort]?[bits] ?? register(holding: bits)
    constants[sort, default: [:]][bits] = known
    return Place(register: known, sort: sort)
  }

  mutating func constant(_ value: Double) -> Place {
    constant(Int64(bitPattern: value.bitPattern), .real)
  }

  /// A place of its own for what `emit` computes.
  mutating func emit(
    _ operation: NumberProgram.Operation, _ sort: Sort, _ a: Place, _ b: Place? = nil,
    _ c: Place? = nil,
    function: ScalarFunction? = nil
  ) -> Place {
    let result = register()
    temporary = result
    program.append(
      .init(
        operation, result, a.register, b?.register ?? 0, c?.register ?? 0, function: function))
    return Place(register: result, sort: sort)
  }

  /// Stores `value` at `place`, whose register may be the one that was just computed.
  mutating func move(_ value: Place, to place: Place) {
    if landing != program.instructions.count, value.register == temporary,
      program.retarget(from: value.register, to: place.register)
    {
      return
    }
    program.append(.init(.move, place.register, value.register))
  }

  mutating func local(_ sort: Sort, isVariable: Bool) -> Place {
    Place(register: register(), sort: sort, isVariable: isVariable)
  }

  mutating func define(_ name: String, _ place: Place) { locals[locals.count - 1][name] = place }

  mutating func inner(_ body: (inout NumberCompiler) throws -> Void) rethrows {
    locals.append([:])
    try body(&self)
    locals.removeLast()
  }

  /// A jump to somewhere later, to be landed there.
  mutating func jump(unless condition: Place? = nil) -> Int {
    condition.map { program.append(.init(.jumpUnless, 0, 0, $0.register)) }
      ?? program.append(.init(.jump, 0))
  }

  mutating func land(_ jump: Int) {
    program.land(jump)
    landing = program.instructions.count
  }

  mutating func jump(backTo place: Int) { program.append(.init(.jump, 0, place)) }

  /// Where a jump back goes.
  mutating func mark() -> Int {
    landing = program.instructions.count
    return landing
  }

  mutating func giveUp() { program.append(.init(.giveUp, 0)) }

  mutating func element(of first: Int, count: Int, at index: Place, _ sort: Sort) -> Place {
    let result = register()
    temporary = result
    program.append(.init(.element, result, first, index.register, count))
    return Place(register: result, sort: sort)
  }
}

// Names.
extension NumberCompiler {
  /// What `name` stands for, if it is a number.
  mutating func place(of name: String) throws -> Place {
    for scope in locals[around.base...].reversed() {
      if let place = scope[name] { return place }
    }
    if around.depth == 0, let place = read[name] { return place }
    let place: Place
    if let slot = around.scope[name] {
      guard var found = number(slot.value) else { throw NoProgram() }
      if slot.isVariable, around.depth == 0 {
        // A register of its own: it may be set.
        found = Place(
          register: register(holding: program.registers[found.register]), sort: found.sort,
          isVariable: true)
      }
      place = found
    } else if case .dim(let dim)? = around.dims[name], let value = facts.normal(dim).constant {
      place = constant(Int64(value), .whole)
    } else {
      throw NoProgram()
    }
    if around.depth == 0 { read[name] = place } else { readByFunctions.insert(name) }
    return place
  }

  /// The place that an assignment to `name` sets.
  mutating func target(_ name: String) throws -> Place {
    for scope in locals[around.base...].reversed() {
      if let place = scope[name] { return place }
    }
    guard around.depth == 0 else { throw NoProgram() }
    let place = try place(of: name)
    guard place.isVariable else { throw NoProgram() }
    results[name] = place
    return place
  }

  /// A number that is known, as a constant.
  private mutating func number(_ value: Value) -> Place? {
    switch value {
    case .int(let dim): facts.normal(dim).constant.map { constant(Int64($0), .whole) }
    case .bool(let known?): constant(known ? 1 : 0, .truth)
    case .tensor(let tensor) where tensor.isScalar && tensor.type.kind == .real:
      (tensor.known ?? numbers(tensor)?.first).map { constant($0) }
    default: nil
    }
  }

  /// The first register of a list of numbers, or a vector, around the code, how many there are, and
  /// what they are.
  mutating func list(_ name: String) throws -> (first: Int, count: Int, sort: Sort) {
    guard !isLocal(name) else { throw NoProgram() }
    lists.insert(name)
    switch around.scope[name]?.value {
    case .list(let items, _)?: return try table(items)
    case .tensor(let tensor)? where tensor.type.dims.count == 1 && tensor.type.kind == .real:
      guard let found = numbers(tensor) else { throw NoProgram() }
      return try table(found.map { .number($0) })
    default: throw NoProgram()
    }
  }

  mutating func table(_ items: [Value]) throws -> (first: Int, count: Int, sort: Sort) {
    let places = items.compactMap { number($0) }
    guard let sort = places.first?.sort, places.count == items.count,
      places.allSatisfy({ $0.sort == sort })
    else { throw NoProgram() }
    let first = program.registers.count
    program.registers += places.map { program.registers[$0.register] }
    return (first, items.count, sort)
  }

  func isLocal(_ name: String) -> Bool { locals[around.base...].contains { $0[name] != nil } }

  /// Writes `body` of a function into the program: it sees its parameters and what is around its
  /// declaration.
  mutating func inside(
    _ surroundings: Surroundings, _ parameters: [String: Place],
    _ body: (inout NumberCompiler) throws -> Place
  ) throws -> Place {
    guard around.depth < Self.deepest else { throw NoProgram() }
    let outer = around
    around = surroundings
    (around.base, around.depth) = (locals.count, outer.depth + 1)
    locals.append(parameters)
    defer {
      locals.removeLast()
      around = outer
    }
    return try body(&self)
  }
}
