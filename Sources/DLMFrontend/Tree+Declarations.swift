import DLMSyntax

extension Tree {
  /// The declaration at a place.
  package func declaration(at extent: Span) -> Declaration? {
    for case .declaration(let declaration) in items where declaration.span == extent {
      return declaration
    }
    return nil
  }

  package func declaration(named name: String) -> Declaration? {
    for case .declaration(let declaration) in items where declaration.kind.declaredName == name {
      return declaration
    }
    return nil
  }

  /// A parameter as it is written.
  package func text(_ parameter: Parameter) -> String {
    var end = parameter.name.span.end
    if let type = parameter.type { end = max(end, type.span.end) }
    if let standard = parameter.standard { end = max(end, span(standard).end) }
    return file.string(Span(parameter.name.span.start, end))
  }
}
