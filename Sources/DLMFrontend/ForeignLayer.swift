import DLMSyntax

/// Layers of other libraries whose arguments stand in another order than here, or are not given at all.
enum ForeignLayer {
  /// What the arguments without a name are, one after the other, and what makes the same here.
  private static let known: [String: (name: String, order: [String])] = {
    let convolution = ["in", "out", "k", "stride", "pad", "dilation", "groups"]
    let transposed = ["in", "out", "k", "stride", "pad", "extra", "groups"]
    var known: [String: (name: String, order: [String])] = [
      "Conv1D": ("Conv", ["out", "k", "stride"]), "Conv2D": ("Conv", ["out", "k", "stride"]),
      "Conv3D": ("Conv", ["out", "k", "stride"]),
      "Conv2DTranspose": ("ConvT", ["out", "k", "stride"]),
      "MultiheadAttention": ("Attention", ["in", "heads", "dropout"]),
    ]
    for count in 1...3 {
      known["Conv\(count)d"] = ("Conv", convolution)
      known["ConvTranspose\(count)d"] = ("ConvT", transposed)
      known["BatchNorm\(count)d"] = ("BatchNorm", ["in"])
    }
    return known
  }()

  /// Whether the name alone is not all that differs.
  static func isKnown(_ name: String) -> Bool { known[name] != nil }

  /// A call of it as it is written here: `Conv(8, k: 3)` for `Conv2d(1, 8, 3)`.
  ///
  /// - Returns: `nil` where it has an argument that is unknown here.
  static func call(_ name: String, _ arguments: [(label: String?, text: String)]) -> String? {
    guard let (own, order) = known[name] else { return nil }
    var given: [String: String] = [:]
    for (position, argument) in arguments.enumerated() {
      let parameter =
        argument.label.map { order.contains($0) ? $0 : nearest(to: $0, among: order) }
        ?? (position < order.count ? order[position] : nil)
      guard let parameter, given.updateValue(argument.text, forKey: parameter) == nil else {
        return nil
      }
    }
    // One number alone is what comes out, whatever the order.
    if order.contains("out"), given["out"] == nil { given["out"] = given.removeValue(forKey: "in") }
    guard order.filter({ ["out", "k"].contains($0) }).allSatisfy({ given[$0] != nil }),
      given["dilation"] == nil
    else { return nil }
    // What goes in, every layer takes from its input.
    let parts = order.filter { $0 != "in" }.compactMap { parameter in
      given[parameter].map {
        parameter == "out" || parameter == "heads" ? $0 : "\(parameter): \($0)"
      }
    }
    return "\(own)(\(parts.joined(separator: ", ")))"
  }
}

extension Failure {
  /// Says of the name of another library's layer what the whole call is here.
  mutating func offerLayer(
    _ callee: ExpressionID, _ arguments: [Argument], _ id: ExpressionID, _ frame: Frame
  ) {
    guard case .name(let name) = frame.tree[callee], diagnostic?.code == "N001" else { return }
    // `CrossEntropyLoss()` is made there, and is a function here.
    if arguments.isEmpty, name.first?.isUppercase ?? false,
      let near = diagnostic?.fixes.first?.edits.first?.replacement, near.first?.isLowercase ?? false
    {
      diagnostic?.fixes = [
        Diagnostic.Fix("write `\(near)`", [Diagnostic.Edit(frame.tree.span(id), near)])
      ]
    }
    guard ForeignLayer.isKnown(name) else { return }
    let given = arguments.map { ($0.label?.text, frame.tree.text($0.value)) }
    diagnostic?.fixes = []
    guard let text = ForeignLayer.call(name, given) else { return }
    diagnostic?.help = "write `\(text)`: what goes in is inferred"
    diagnostic?.fixes = [
      Diagnostic.Fix("write `\(text)`", [Diagnostic.Edit(frame.tree.span(id), text)])
    ]
  }
}
