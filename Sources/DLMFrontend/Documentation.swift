import DLMSyntax

/// What is known of a name that the language or a program declares.
package struct Documentation: Sendable {
  /// As it is declared, without its body.
  package var head: String
  /// Shapes, source and sample, as the declaration says them.
  package var text: String
  /// The file that declares it; `nil` for what the language knows.
  package var path: String?

  /// A declaration of `modules` or, where none is called so, what the language knows.
  package init?(of name: String, in modules: some Sequence<Module>) {
    for module in modules {
      for case .declaration(let declaration) in module.tree.items
      where declaration.kind.declaredName == name {
        head = module.tree.head(of: declaration)
        text = declaration.documentation
        path = module.tree.file.path
        return
      }
    }
    if let page = BuiltinPage.named(name) {
      head = page.signature
      text =
        page.summary + (page.source.map { "\nSource: \($0)" } ?? "")
        + (page.example.map { "\n\n```dlm\nprint \($0)\n```" } ?? "")
    } else if let meaning = KindMeaning.all[name] {
      (head, text) = (name, meaning)
    } else {
      return nil
    }
  }

  /// Every name that has documentation in `modules` or is of the language itself.
  package static func names(in modules: some Sequence<Module>) -> [String] {
    modules.flatMap { module in
      module.tree.items.compactMap { item in
        if case .declaration(let declaration) = item { declaration.kind.declaredName } else { nil }
      }
    } + BuiltinPage.names + KindMeaning.all.keys
  }

  /// As it is shown at a prompt.
  package var page: String {
    let place = path.map { "\n\n\($0)" } ?? ""
    return head + (text.isEmpty ? "" : "\n\n" + text) + place
  }
}

extension Tree {
  /// A declaration without its body, in one line where it is short.
  package func head(of declaration: Declaration) -> String {
    let body: Span? =
      switch declaration.kind {
      case .layer(let layer): layer.body.span
      case .function(let function): function.body.span
      case .optimizer(let optimizer): optimizer.body.span
      case .schedule(let schedule): schedule.body.span
      case .train(let train): Span(span(train.source).end, declaration.span.end)
      case .data, .use, .dim, .test, .sweep: nil
      }
    let text = file.string(Span(declaration.span.start, body?.start ?? declaration.span.end))
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
