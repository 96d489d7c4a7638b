import CDLMKernels
import DLMOperators
import DLMShapes
import DLMSyntax
import DLMTensor

// Calls of functions of numbers; functions of the program and of the prelude are written in.
extension NumberCompiler {
  /// Functions of the table that give no real number.
  private static let others: Set<String> = [
    "is_nan", "logical_not", "less", "less_equal", "equal", "not_equal", "logical_and",
    "logical_or", "select",
    "round_bf16",
  ]

  mutating func call(_ name: String, _ arguments: [Argument]) throws -> Place {
    guard arguments.allSatisfy({ $0.exceptions.isEmpty }) else { throw NoProgram() }
    if let slot = around.scope[name] {
      guard case .function(let function) = slot.value else { throw NoProgram() }
      return try call(function, arguments)
    }
    guard arguments.allSatisfy({ $0.label == nil }) else { throw NoProgram() }
    if Builtin.all[name] != nil { return try call(builtin: name, arguments.map(\.value)) }
    guard let operation = Operator.named(name), case .map(let function) = operation.lowering,
      !Self.others.contains(name), arguments.count == function.arity
    else { throw NoProgram() }
    let operands = try arguments.map { try value($0.value) }
    let wantsReals = operation.signature.operands.map { operand in
      if case .tensor(.kind(.real), _) = operand.type { true } else { false }
    }
    guard operands.allSatisfy({ $0.sort != .truth }),
      operands.contains(where: { $0.sort == .real }) || !wantsReals.contains(false)
    else { throw NoProgram() }
    let reals = operands.map { real($0) }
    return emit(
      .function, .real, reals[0], reals.count > 1 ? reals[1] : nil,
      reals.count > 2 ? reals[2] : nil,
      function: function)
  }

  private mutating func call(builtin name: String, _ arguments: [ExpressionID]) throws -> Place {
    switch (name, arguments.count) {
    case ("real", 1): return real(try value(arguments[0]))
    case ("int", 1):
      let number = try value(arguments[0])
      return number.sort == .whole ? number : emit(.toWhole, .whole, real(number))
    case ("length", 1):
      guard case .name(let list) = around.tree[arguments[0]] else { throw NoProgram() }
      return constant(Int64(try self.list(list).count), .whole)
    default: throw NoProgram()
    }
  }

  private mutating func call(_ function: FunctionValue, _ arguments: [Argument]) throws -> Place {
    let declaration = function.declaration
    guard !declaration.isLoss, declaration.conditions.isEmpty else { throw NoProgram() }
    var given: [String: Place] = [:]
    var position = 0
    for argument in arguments {
      guard
        let parameter = argument.label?.text ?? declaration.parameters[safe: position]?.name.text,
        given[parameter] == nil
      else { throw NoProgram() }
      if argument.label == nil { position += 1 }
      given[parameter] = try value(argument.value)
    }
    var dims = function.dims
    dims.add(function.module.dims)
    let surroundings = Surroundings(
      tree: function.module.tree, scope: function.enclosing ?? function.module.globals,
      dims: dims)
    let result = try inside(surroundings, [:]) { compiler in
      for parameter in declaration.parameters {
        let place: Place
        if let found = given.removeValue(forKey: parameter.name.text) {
          place = found
        } else if let standard = parameter.standard {
          place = try compiler.value(standard)
        } else {
          throw NoProgram()
        }
        compiler.define(parameter.name.text, try compiler.conforming(place, to: parameter.type))
      }
      guard given.isEmpty else { throw NoProgram() }
      return try compiler.value(of: declaration.body)
    }
    return try conforming(result, to: declaration.result)
  }

  /// A number as a parameter or a result of this type has it: `real`, `real[...S]`, `int`, `bool`.
  private mutating func conforming(_ place: Place, to type: TypeNode?) throws -> Place {
    guard let type else { return place }
    guard case .tensor(let kind, nil, let dims, _) = type else { throw NoProgram() }
    for dim in dims {
      guard case .pack = around.tree[dim] else { throw NoProgram() }
    }
    switch (kind.text, place.sort) {
    case ("real", .real), ("int", .whole), ("bool", .truth): return place
    case ("real", .whole) where dims.isEmpty: return real(place)
    default: throw NoProgram()
    }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
