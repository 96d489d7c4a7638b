import CDLMKernels

/// A loop of plain code on numbers alone, as instructions on registers of eight bytes.
///
/// A register holds a whole number, a real number or a truth value (0 or 1); which, is known when
/// the program is made. What only the walk of the tree can do or explain makes a run give up:
/// nothing outside of the registers has changed then.
package struct NumberProgram: Sendable {
  package enum Operation: UInt8, Sendable {
    case addWhole, subtractWhole, multiplyWhole, divideWhole, remainderWhole, negateWhole
    case lessWhole, lessEqualWhole, equalWhole
    case add, subtract, multiply, divide, negate, less, lessEqual, equal
    case toReal, not, move
    /// Cut towards zero and to the range of `i32`, 0 for NaN.
    case toWhole
    /// A function of the table of scalar functions.
    case function
    /// `result` is the element `b` of the list whose elements begin at register `a`; there are `c`
    /// of them.
    case element
    /// Goes on at instruction `a`.
    case jump
    /// Goes on at instruction `a` if `b` is false.
    case jumpUnless
    case giveUp
  }

  package struct Instruction: Sendable {
    var operation: Operation
    var result: Int32
    var a: Int32
    var b: Int32
    var c: Int32
    var function: UInt32

    package init(
      _ operation: Operation, _ result: Int, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0,
      function: ScalarFunction? = nil
    ) {
      self.operation = operation
      self.result = Int32(result)
      (self.a, self.b, self.c) = (Int32(a), Int32(b), Int32(c))
      self.function = function?.rawValue ?? 0
    }
  }

  package enum Outcome: Sendable {
    case finished, gaveUp
  }

  /// What each register holds before the first instruction: numbers as they are, reals as their
  /// bits.
  package var registers: [Int64] = []
  package private(set) var instructions: [Instruction] = []

  package init() {}

  /// Adds an instruction; gives its place.
  @discardableResult package mutating func append(_ instruction: Instruction) -> Int {
    instructions.append(instruction)
    return instructions.count - 1
  }

  /// The instruction that was appended last writes to `register` instead of `temporary`; false
  /// where it does not write there.
  package mutating func retarget(from temporary: Int, to register: Int) -> Bool {
    guard let last = instructions.indices.last, instructions[last].result == Int32(temporary) else {
      return false
    }
    switch instructions[last].operation {
    case .jump, .jumpUnless, .giveUp: return false
    default: instructions[last].result = Int32(register)
    }
    return true
  }

  /// Makes the jump at `place` go to what is appended next.
  package mutating func land(_ place: Int) { instructions[place].a = Int32(instructions.count) }

  /// Runs from the first instruction to behind the last.
  ///
  /// - Parameter pause: called now and then; it may throw to end the run.
  package mutating func run(pause: () throws -> Void) rethrows -> Outcome {
    var place = 0
    while true {
      let outcome = registers.withUnsafeMutableBufferPointer { registers in
        instructions.withUnsafeBufferPointer { instructions in
          Self.run(instructions, registers, from: &place)
        }
      }
      if let outcome { return outcome }
      try pause()
    }
  }

  /// Jumps backwards between two pauses.
  private static let patience = 1 << 16

  /// Runs from `place` on; `nil` at a pause, with `place` where it goes on.
  private static func run(
    _ instructions: UnsafeBufferPointer<Instruction>, _ r: UnsafeMutableBufferPointer<Int64>,
    from place: inout Int
  ) -> Outcome? {
    func real(_ register: Int32) -> Double {
      Double(bitPattern: UInt64(bitPattern: r[Int(register)]))
    }
    func bits(_ value: Double) -> Int64 { Int64(bitPattern: value.bitPattern) }
    var next = place
    var patience = Self.patience
    while next < instructions.count {
      let i = instructions[next]
      let result = Int(i.result)
      next += 1
      switch i.operation {
      case .addWhole, .subtractWhole, .multiplyWhole, .divideWhole, .remainderWhole, .negateWhole:
        guard let value = whole(i.operation, r[Int(i.a)], r[Int(i.b)]) else { return .gaveUp }
        r[result] = value
      case .lessWhole: r[result] = r[Int(i.a)] < r[Int(i.b)] ? 1 : 0
      case .lessEqualWhole: r[result] = r[Int(i.a)] <= r[Int(i.b)] ? 1 : 0
      case .equalWhole: r[result] = r[Int(i.a)] == r[Int(i.b)] ? 1 : 0
      case .add: r[result] = bits(real(i.a) + real(i.b))
      case .subtract: r[result] = bits(real(i.a) - real(i.b))
      case .multiply: r[result] = bits(real(i.a) * real(i.b))
      case .divide: r[result] = bits(real(i.a) / real(i.b))
      case .negate: r[result] = bits(-real(i.a))
      case .less: r[result] = real(i.a) < real(i.b) ? 1 : 0
      case .lessEqual: r[result] = real(i.a) <= real(i.b) ? 1 : 0
      case .equal: r[result] = real(i.a) == real(i.b) ? 1 : 0
      case .toReal: r[result] = bits(Double(r[Int(i.a)]))
      case .toWhole:
        let value = real(i.a)
        let range = Double(Int32.min)...Double(Int32.max)
        r[result] = value.isNaN ? 0 : Int64(min(max(value, range.lowerBound), range.upperBound))
      case .not: r[result] = 1 - r[Int(i.a)]
      case .move: r[result] = r[Int(i.a)]
      case .function:
        guard let function = ScalarFunction(rawValue: i.function) else { return .gaveUp }
        r[result] = bits(dlm_function_reference(function, real(i.a), real(i.b), real(i.c)))
      case .element:
        let index = r[Int(i.b)]
        guard index >= 0, index < Int64(i.c) else { return .gaveUp }
        r[result] = r[Int(i.a) + Int(index)]
      case .jump:
        let isBackwards = Int(i.a) < next
        next = Int(i.a)
        if isBackwards {
          patience -= 1
          if patience == 0 {
            place = next
            return nil
          }
        }
      case .jumpUnless: if r[Int(i.b)] == 0 { next = Int(i.a) }
      case .giveUp: return .gaveUp
      }
    }
    return .finished
  }

  /// Whole numbers, rounded down where they are divided; `nil` beyond the range, or by 0.
  private static func whole(_ operation: Operation, _ x: Int64, _ y: Int64) -> Int64? {
    switch operation {
    case .addWhole:
      let (value, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : value
    case .subtractWhole:
      let (value, overflow) = x.subtractingReportingOverflow(y)
      return overflow ? nil : value
    case .multiplyWhole:
      let (value, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? nil : value
    case .negateWhole:
      return x == .min ? nil : -x
    default:
      guard y != 0, !(x == .min && y == -1) else { return nil }
      let down = x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0)
      return operation == .divideWhole ? down : x - down * y
    }
  }
}
