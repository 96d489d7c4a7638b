import DLMTensor

/// What happens to a finished sum of a product: rows or matrices are added and numbers are cut off while it is
/// still in a register; the rest is a program over what has been stored.
struct ProductEnding {
  /// Two at most, in the order in which they are added.
  private(set) var addends: [Memory] = []
  private(set) var isRelu = false
  /// What sums are multiplied by: the gradient of an activation.
  private(set) var factor: Memory?
  /// Only where the factor is above 0 a sum stays, elsewhere it becomes 0: the gradient of `relu`.
  private(set) var isGate = false
  /// Its first operand is the product, the others are `extra`.
  private(set) var epilogue: ScalarProgram?
  private(set) var extra: [Memory]

  /// - Parameters:
  ///   - extra: operands of `program` after the product, of the product's dims.
  ///   - isWhole: whether all of the program is to be done at once.
  init(_ program: ScalarProgram?, _ extra: [Memory], isWhole: Bool) {
    (epilogue, self.extra) = (program, extra)
    if isWhole { return }
    while addends.count < 2, let program = epilogue, let place = program.firstAddend,
      self.extra[place - 1].hasDenseRows
    {
      addends.append(self.extra[place - 1])
      let rest = program.withoutFirstAddition
      if rest.inputCount != program.inputCount { self.extra.remove(at: place - 1) }
      epilogue = rest
    }
    guard let rest = epilogue else { return }
    if rest.isGate || rest.isProduct, self.extra[0].hasDenseRows {
      isGate = rest.isGate
      (factor, epilogue) = (self.extra.removeFirst(), nil)
    }
    guard rest.inputCount == 1 else { return }
    if rest.outputs == [0] {
      epilogue = nil
    } else if rest.steps == [.constant(0), .apply(.maximum, [0, 1])]
      || rest.steps == [.constant(0), .apply(.maximum, [1, 0])], rest.outputs == [2]
    {
      (isRelu, epilogue) = (true, nil)
    }
  }
}

extension ScalarProgram {
  /// Whether it is `select(0 < gate, sum, 0)`.
  fileprivate var isGate: Bool {
    inputCount == 2 && outputs == [4]
      && steps == [.constant(0), .apply(.less, [2, 1]), .apply(.select, [3, 0, 2])]
  }

  /// Whether it is `sum * factor`.
  fileprivate var isProduct: Bool {
    inputCount == 2 && outputs == [2]
      && (steps == [.apply(.multiply, [0, 1])] || steps == [.apply(.multiply, [1, 0])])
  }

  /// The operand that the first step adds to operand 0, if nothing else needs that one.
  fileprivate var firstAddend: Int? {
    guard case .apply(.add, let operands) = steps.first, operands.contains(0), operands != [0, 0],
      !outputs.contains(0), operands.allSatisfy({ $0 < inputCount }),
      !steps.dropFirst().contains(where: { $0.reads(0) })
    else { return nil }
    return operands[0] == 0 ? operands[1] : operands[0]
  }

  /// The program of which somebody else does the first addition: operand 0 is the sum. The other operand
  /// is left out where nothing else reads it.
  fileprivate var withoutFirstAddition: ScalarProgram {
    guard let addend = firstAddend else { return self }
    let rest = steps.dropFirst()
    let isKept = outputs.contains(addend) || rest.contains { $0.reads(addend) }
    let sum = inputCount
    func number(_ register: Int) -> Int {
      if register == sum { return 0 }
      return register - (register > sum ? 1 : 0) - (!isKept && register > addend ? 1 : 0)
    }
    return ScalarProgram(
      domain: domain, inputCount: isKept ? inputCount : inputCount - 1,
      steps: rest.map { step in
        switch step {
        case .constant: step
        case .apply(let function, let operands): .apply(function, operands.map(number))
        }
      }, outputs: outputs.map(number))
  }
}

extension ScalarProgram.Step {
  fileprivate func reads(_ register: Int) -> Bool {
    switch self {
    case .constant: false
    case .apply(_, let operands): operands.contains(register)
    }
  }
}

extension Memory {
  /// Floats that lie next to each other along the last axis.
  fileprivate var hasDenseRows: Bool {
    let columns = dims.count - 1
    return elementType == .f32 && (strides[columns] == 1 || dims[columns] == 1)
  }
}
