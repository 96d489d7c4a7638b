import Testing

@testable import DLMFrontend

@Suite struct LibraryTests {
  @Test func `what the prelude declares is found by its name, and nothing else`() {
    let prelude = Prelude()
    // Before any file is read.
    let names = prelude.scope.names
    #expect(prelude.scope["no_such_name"] == nil)
    for name in names { #expect(prelude.scope[name] != nil, "\(name)") }
    #expect(names == Set(prelude.modules.flatMap { $0.globals.own.keys }))
    #expect(names.count > 150)
  }
}
