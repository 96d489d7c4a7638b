import CDLMPrelude
import DLMSyntax

/// The standard library: dlm in the binary, read once.
package struct Prelude {
  package let scope: Scope
  package let modules: [Module]

  package init() {
    let scope = Scope()
    var modules: [Module] = []
    var count = 0
    if let files = dlm_prelude_files(&count) {
      for index in 0..<count {
        let file = SourceFile(
          path: "prelude/\(String(cString: files[index].name))",
          text: String(cString: files[index].text))
        let parsed = Parser.parse(file)
        precondition(parsed.diagnostics.isEmpty, "the prelude parses: \(file.path)")
        let module = Module(parsed.tree, isPrelude: true, around: scope)
        module.declareAll()
        modules.append(module)
      }
    }
    // Files of the prelude see each other's declarations.
    for module in modules {
      for (name, slot) in module.globals.own { scope.define(name, slot.value) }
    }
    self.scope = scope
    self.modules = modules
  }
}
