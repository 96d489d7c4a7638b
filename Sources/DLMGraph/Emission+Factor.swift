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
        guard kept.count > 1, let both = factored(calls[earlier], calls[later], kept) else { continue }
        (calls[earlier], calls[later]) = both
      }
    }
  }

  /// The two calls when the earlier computes the factor of `kept` results of its own, or nil where the
  /// later does not multiply by one.
  private mutating func factored(_ earlier: Call, _ later: Call, _ kept: Set<Int>) -> (Call, Call)? {
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
    guard others.count == 1, let multiplied = others.first,
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
    after.operands = later.operands.prefix(2 * first) + (first == 1 ? [] : [later.operands[multiplied]])
    after.operands.append(place)
    return (before, after)
  }
}

/// What a program multiplies one of its inputs by, as further steps of the program that its other inputs
/// come from.
private struct Factor {
  private(set) var program: ScalarProgram

  /// What a register of the later program is: known without the input, or so many times the input (nil: once).
  private enum Value {
    case known(Int)
    case multiple(Int?)
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
      guard register != input else {
        values.append(.multiple(nil))
        continue
      }
      guard let place else { return nil }
      values.append(.known(place))
    }
    for step in use.steps {
      switch step {
      case .constant: values.append(.known(append(step)))
      case .apply(let function, let operands):
        guard let value = apply(function, operands.map { values[$0] }) else { return nil }
        values.append(value)
      }
    }
    guard use.outputs.count == 1, case .multiple(let factor?) = values[use.outputs[0]] else { return nil }
    program.outputs.append(factor)
    program = program.withoutRepeats
  }

  private mutating func append(_ step: ScalarProgram.Step) -> Int {
    program.steps.append(step)
    return program.registerCount - 1
  }

  /// `function` of multiples and known numbers, if it is one of these itself.
  private mutating func apply(_ function: ScalarFunction, _ values: [Value]) -> Value? {
    switch (function, values.first, values.dropFirst().first) {
    case (.negate, .multiple(let a), _):
      return .multiple(append(.apply(.negate, [a ?? one()])))
    case (.multiply, .multiple(let a), .known(let b)), (.multiply, .known(let b), .multiple(let a)):
      return .multiple(a.map { append(.apply(.multiply, [$0, b])) } ?? b)
    case (.divide, .multiple(let a), .known(let b)):
      return .multiple(append(.apply(.divide, [a ?? one(), b])))
    case (.add, .multiple(let a), .multiple(let b)), (.subtract, .multiple(let a), .multiple(let b)):
      return .multiple(append(.apply(function, [a ?? one(), b ?? one()])))
    default: break
    }
    var registers: [Int] = []
    for value in values {
      guard case .known(let register) = value else { return nil }
      registers.append(register)
    }
    return .known(append(.apply(function, registers)))
  }

  private mutating func one() -> Int { append(.constant(1)) }
}
