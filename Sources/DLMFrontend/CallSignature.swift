import DLMSyntax

/// What a call takes, as it is declared.
package struct CallSignature {
  package private(set) var label: String
  package private(set) var parameters: [(name: String, text: String)]
  package private(set) var documentation: String

  /// `nil` where nobody knows what is called.
  package init?(of call: OpenCall, in text: CheckedText) {
    let name = text.file.string(call.callee)
    let value = text.value(of: name, at: call.callee.start)
    if case .instance(let instance)? = value {
      self.init(
        of: instance.declaration.name.text, in: instance.module.tree, isSecondGroup: true)
    } else if let module = value?.module {
      self.init(of: name, in: module.tree, isSecondGroup: call.isSecondGroup)
    } else if let page = BuiltinPage.named(name) {
      self.init(page)
    } else {
      return nil
    }
  }

  private init(_ page: BuiltinPage) {
    label = page.signature
    parameters = page.parameters.map { ($0.name, $0.text) }
    documentation = page.summary
  }

  /// Statics of what is made, or inputs of what is applied.
  private init?(of name: String, in tree: Tree, isSecondGroup: Bool) {
    guard let declaration = tree.declaration(named: name) else { return nil }
    let parameters: [Parameter]
    switch declaration.kind {
    case .layer(let layer): parameters = isSecondGroup ? layer.inputs : layer.statics
    case .function(let function): parameters = function.parameters
    case .optimizer(let optimizer): parameters = optimizer.statics
    case .schedule(let schedule): parameters = schedule.statics
    case .use, .data, .dim, .train, .test, .sweep: return nil
    }
    self.parameters = parameters.map { ($0.name.text, tree.text($0)) }
    label = "\(name)(\(self.parameters.map(\.text).joined(separator: ", ")))"
    documentation = declaration.documentation
  }
}
