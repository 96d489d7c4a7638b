import DLMFrontend
import DLMSyntax

/// A program that compares the gradient which a function writes with finite differences of the function:
/// along a direction, at a point, of the sum of the squares of its result.
struct GradientTrial {
  let program: String
  /// Half the distance between the two points of the difference.
  private static let step = 0.01
  /// What single precision and the step leave of the agreement.
  private static let tolerance = 0.02

  /// - Returns: `nil` where a parameter is not real, or its shape is not said in symbols and numbers.
  init?(_ function: FunctionDeclaration, in tree: Tree) {
    guard function.gradient != nil else { return nil }
    let name = function.name.text
    var sizes: [String: Int] = [:]
    var lines: [String] = []
    var inputs: [String] = []
    for (index, parameter) in function.parameters.enumerated() {
      if parameter.type == nil || parameter.standard != nil { continue }
      guard case .tensor(let kind, nil, let dims, _)? = parameter.type, kind.text == "real" else {
        return nil
      }
      var shape: [String] = []
      for dim in dims {
        switch tree[dim] {
        case .integer(let value): shape.append("\(value)")
        case .name(let symbol):
          sizes[symbol] = sizes[symbol] ?? sizes.count + 2
          shape.append("\(sizes[symbol] ?? 2)")
        case .pack: shape += ["3", "2"]
        default: return nil
        }
      }
      let draw =
        shape.isEmpty ? "sum(fixed normal[1])" : "fixed normal[\(shape.joined(separator: ", "))]"
      lines += ["let trial_x\(index) = \(draw)", "let trial_v\(index) = \(draw)"]
      inputs.append("\(index)")
    }
    guard !inputs.isEmpty else { return nil }
    let call = { (shift: String) in
      let values = inputs.map {
        "\(function.parameters[Int($0) ?? 0].name.text): trial_x\($0)\(shift.isEmpty ? "" : " \(shift) * trial_v\($0)")"
      }
      return "sum(\(name)(\(values.joined(separator: ", ")))^2)"
    }
    let slopes = inputs.map { "sum(grad(trial_s, wrt: trial_x\($0)) * trial_v\($0))" }
    lines += [
      "let trial_s = \(call(""))", "print \(slopes.joined(separator: " + "))",
      "print (\(call("+ \(Self.step)")) - \(call("- \(Self.step)"))) / \(2 * Self.step)",
    ]
    program = tree.declarationText + lines.joined(separator: "\n") + "\n"
  }

  /// What is wrong with the two numbers that the program prints; nothing where the function has no slope
  /// at all, since a gradient for it is meant to pass straight through.
  static func problem(_ printed: [String]) -> String? {
    let numbers = printed.compactMap { Double($0) }
    guard numbers.count == 2 else { return "the trial printed \(printed)" }
    let (written, difference) = (numbers[0], numbers[1])
    if difference == 0 { return nil }
    guard abs(written - difference) > tolerance * (abs(written) + abs(difference)) + 1e-3 else {
      return nil
    }
    return
      "along a direction the written gradient is \(NumberText.of(written)), finite differences give "
      + NumberText.of(difference)
  }
}
