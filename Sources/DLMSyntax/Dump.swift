extension Token {
  /// `3:14 name "nll"`: place, kind and text in `file`.
  func dumped(_ file: SourceFile) -> String {
    let (line, column) = file.position(at: span.start)
    return "\(line):\(column) \(kind) \(file.string(span))"
  }
}

extension Lexer {
  /// The tokens of `file`, a line each.
  package static func dump(_ file: SourceFile) -> String {
    tokens(of: file).map { $0.dumped(file) + "\n" }.joined()
  }
}

extension Tree {
  /// The tree, a line for each node with its place, indented by its depth.
  ///
  /// Reflection walks the nodes, so that a new sort of node is shown without a line here.
  package func dump() -> String {
    var lines: [String] = []
    for item in items {
      switch item {
      case .declaration(let node): append(node, label: nil, depth: 0, to: &lines)
      case .statement(let node): append(node, label: nil, depth: 0, to: &lines)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func append(_ value: Any, label: String?, depth: Int, to lines: inout [String]) {
    let indent = String(repeating: "  ", count: depth)
    let prefix = indent + (label.map { "\($0): " } ?? "")
    switch value {
    case let id as ExpressionID:
      append(self[id], at: span(id), prefix, depth, &lines)
    case let name as Name: lines.append("\(prefix)\(name.text)")
    case let text as String: if !text.isEmpty { lines.append("\(prefix)\(text.debugDescription)") }
    case let node as any Spanned: append(node.content, at: node.span, prefix, depth, &lines)
    case is Span: break
    default: append(plain: value, prefix, label, depth, &lines)
    }
  }

  /// A node with a place: `3:5 call` and below it what it has.
  private func append(
    _ content: Any, at span: Span, _ prefix: String, _ depth: Int, _ lines: inout [String]
  ) {
    let (line, column) = file.position(at: span.start)
    let mirror = Mirror(reflecting: content)
    guard mirror.displayStyle == .enum, let payload = mirror.children.first else {
      lines.append("\(prefix)\(line):\(column) \(content)")
      return
    }
    let name = payload.label ?? "\(content)"
    if let word = payload.value as? any LosslessStringConvertible {
      lines.append("\(prefix)\(line):\(column) \(name) \(word)")
      return
    }
    lines.append("\(prefix)\(line):\(column) \(name)")
    append(partsOf: payload.value, depth + 1, &lines)
  }

  private func append(
    plain value: Any, _ prefix: String, _ label: String?, _ depth: Int, _ lines: inout [String]
  ) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let some = mirror.children.first {
        append(some.value, label: label, depth: depth, to: &lines)
      }
    case .collection where mirror.children.isEmpty: break
    case .collection, .tuple, .struct, .class:
      if label != nil { lines.append(prefix.trimmingLast(2)) }
      append(partsOf: value, label == nil ? depth : depth + 1, &lines)
    case .enum where !mirror.children.isEmpty:
      lines.append("\(prefix)\(mirror.children.first?.label ?? "")")
      mirror.children.forEach { append(partsOf: $0.value, depth + 1, &lines) }
    default: lines.append("\(prefix)\(value)")
    }
  }

  private func append(partsOf value: Any, _ depth: Int, _ lines: inout [String]) {
    let mirror = Mirror(reflecting: value)
    guard
      mirror.displayStyle == .collection || mirror.displayStyle == .tuple
        || mirror.displayStyle == .struct || mirror.displayStyle == .class,
      !(value is ExpressionID), !(value is any Spanned), !(value is Name)
    else { return append(value, label: nil, depth: depth, to: &lines) }
    for child in mirror.children {
      // Unnamed parts of a tuple are called `.0`.
      let label = child.label.flatMap { $0.hasPrefix(".") ? nil : $0 }
      append(child.value, label: label, depth: depth, to: &lines)
    }
  }
}

/// A node that knows its place beside what it is.
private protocol Spanned {
  var span: Span { get }
  var content: Any { get }
}

extension Statement: Spanned {
  var content: Any { kind }
}

extension Declaration: Spanned {
  var content: Any { kind }
}

extension Clause: Spanned {
  var content: Any { kind }
}

extension String {
  fileprivate func trimmingLast(_ count: Int) -> String {
    hasSuffix(": ") ? String(dropLast(count)) + ":" : self
  }
}
