import DLMTensor

// A gradient multiplies what comes back by something that it computes from several results of one call on
// the way there, which lie in memory in between. The earlier call computes the factor instead, from what it
// has in registers, and one array is kept for several.
extension Emission {
  /// - Parameter wanted: terms that leave the plan or are assigned.
  mutating func keepFactors(but wanted: Set<Int>) {
    var readers: [Int: Set<Int>] = [:]
    for (index, call) in calls.enumerated() {
      for operand in call.operands { readers[operand.term, default: []].insert(index) }
    }
    for later in calls.indices where calls[later].results.count == 1 {
      for earlier in calls.indices.prefix(later) where calls[earlier].results.count > 1 {
        let kept = Set(calls[earlier].results.map(\.term)).filter {
          !wanted.contains($0) && readers[$0] == [later]
        }
        guard kept.count > 1, let both = factored(calls[earlier], calls[later], kept) else {
          continue
        }
        (calls[earlier], calls[later]) = both
      }
    }
  }

  /// The two calls when the earlier computes the factor of `kept` results of its own, or nil where the
  /// later does not multiply by one.
  private mutating func factored(_ earlier: Call, _ later: Call, _ kept: Set<Int>) -> (Call, Call)?
  {
    guard let program = earlier.kernel.program, let use = later.kernel.program,
      program.domain == .f32, use.domain == .f32
    else { return nil }
    let first = later.kernel.takesEpilogue ? 1 : 0
    var places: [Int?] = Array(repeating: nil, count: first)
    var others = Set(0..<first)
    for (register, operand) in zip(first..., later.operands.dropFirst(2 * first)) {
      let place = kept.contains(operand.term) ? earlier.results.firstIndex(of: operand) : nil
      places.append(place.map { program.outputs[$0] })
      if place == nil { others.insert(register) }
    }
    // Of one array, or of arrays that only the product itself reads, nothing is saved.
    guard others.count == 1, let multiplied = others.first, places.count { $0 != nil } > 1,
      let factor = Factor(of: multiplied, in: use, from: places, appendedTo: program),
      factor.program.steps.count <= 2 * Fusion.stepLimit
    else { return nil }
    let number = terms.all.count + extraTerms.count
    extraTerms[number] = (0, earlier.results[0].access.dims, .f32)
    let place = Call.Operand(term: number, access: Access(dense: earlier.results[0].access.dims))
    var (before, after) = (earlier, later)
    before.kernel = earlier.kernel.with(factor.program)
    before.results.append(place)
    after.kernel = later.kernel.with(ScalarProgram(.multiply))
    after.operands =
      later.operands.prefix(2 * first) + (first == 1 ? [] : [later.operands[multiplied]])
    after.operands.append(place)
    return (before, after)
  }
}

/// What a program multiplies one of its inputs by, as further steps of the program that its other inputs
/// come from. Numbers that multiply are gathered.
private struct Factor {
  private(set) var program: ScalarProgram

  /// What a register of the later program is.
  private struct Value {
    /// How often: a number.
    var scale = 1.0
    /// A register of the program, or nil for 1.
    var register: Int?
    /// Whether it is a multiple of the input.
    var isMultiple = false
  }

  /// - Parameters:
  ///   - places: the registers of `base` that inputs of `use` are, but for `input`.
  /// - Returns: nil where `use` does not give a multiple of `input`.
  init?(
    of input: Int, in use: ScalarProgram, from places: [Int?], appendedTo base: ScalarProgram
  ) {
    program = base
    var values: [Value] = []
    for (register, place) in places.enumerated() {
      guard register == input || place != nil else { return nil }
      values.append(Value(register: place, isMultiple: register == input))
    }
    for step in use.steps {
      switch step {
      case .constant(let value): values.append(Value(scale: value))
      case .apply(let function, let operands):
        guard let value = apply(function, operands.map { values[$0] }) else { return nil }
        values.append(value)
      }
    }
    guard use.outputs.count == 1, values[use.outputs[0]].isMultiple else { return nil }
    program.outputs.append(register(of: values[use.outputs[0]]))
    program = program.withoutRepeats
  }

  private mutating func append(_ step: ScalarProgram.Step) -> Int {
    program.steps.append(step)
    return program.registerCount - 1
  }

  /// The register that holds the number that `value` is, or how often it is the input.
  private mutating func register(of value: Value) -> Int {
    guard let register = value.register else { return append(.constant(value.scale)) }
    if value.scale == 1 { return register }
    return append(.apply(.multiply, [register, append(.constant(value.scale))]))
  }

  /// `function` of multiples and of other numbers, if it is one of these itself.
  private mutating func apply(_ function: ScalarFunction, _ values: [Value]) -> Value? {
    let multiples = values.count { $0.isMultiple }
    switch function {
    case .negate:
      return Value(
        scale: -values[0].scale, register: values[0].register, isMultiple: multiples > 0)
    case .multiply where multiples < 2:
      let registers = values.compactMap(\.register)
      let register = registers.count < 2 ? registers.first : append(.apply(.multiply, registers))
      return Value(
        scale: values[0].scale * values[1].scale, register: register, isMultiple: multiples > 0)
    case .divide where values[0].isMultiple && multiples == 1:
      break
    case .add where multiples == 2, .subtract where multiples == 2:
      break
    default:
      guard multiples == 0 else { return nil }
    }
    let registers = values.map { register(of: $0) }
    return Value(register: append(.apply(function, registers)), isMultiple: multiples > 0)
  }
}
