import DLMSyntax

/// What entries came to, as a terminal shows it.
package struct LineText {
  /// The column in which remarks begin, where there is room.
  private static let remarkColumn = 60
  private let renderer: DiagnosticRenderer
  private let usesColor: Bool
  /// Columns that there are now.
  private let width: () -> Int

  package init(usesColor: Bool = false, width: @escaping () -> Int) {
    self.usesColor = usesColor
    self.width = width
    renderer = DiagnosticRenderer(usesColor: usesColor)
  }

  /// One thing to show, with a line break at its end.
  package func text(of line: Repl.Line) -> String {
    switch line {
    case .binding(let name, let value):
      let isShort = value.text.map { !$0.contains("\n") } ?? false
      let head = "\(name) : \(value.type)" + (isShort ? " = \(value.text ?? "")" : "")
      let rest = isShort ? "" : value.text.map { $0 + "\n" } ?? ""
      return row(head, value.detail) + rest
    case .value(let value, let remark):
      let remarks = [value.detail, remark].compactMap { $0 }.joined(separator: "  ")
      guard let text = value.text else { return row(value.type, remarks) }
      if !text.contains("\n"), text.count < 40 { return row("\(text) : \(value.type)", remarks) }
      return text + "\n" + row(dim(value.type), remarks, width: value.type.count)
    case .note(let text): return dim(text) + "\n"
    case .text(let text): return text + "\n"
    case .diagnostic(let diagnostic): return renderer.render(diagnostic)
    }
  }

  private func row(_ head: String, _ remark: String?, width: Int? = nil) -> String {
    guard let remark, !remark.isEmpty else { return head + "\n" }
    let used = width ?? head.count
    let room = self.width() - used - remark.count
    guard room >= 2 else { return head + "\n    " + dim(remark) + "\n" }
    let gap = min(max(2, Self.remarkColumn - used), room)
    return head + String(repeating: " ", count: gap) + dim(remark) + "\n"
  }

  private func dim(_ text: String) -> String {
    usesColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text
  }
}
