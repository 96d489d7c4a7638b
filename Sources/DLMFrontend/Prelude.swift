import DLMSyntax

/// The standard library: dlm in the binary. A file of it is read when a name that it declares is first asked
/// for, so that a program waits only for what it uses.
package struct Prelude {
  package let scope: Scope
  private let library: Library

  package init() {
    library = Library()
    scope = Scope(of: library)
    for file in library.files { file.surroundings = scope }
  }

  /// All files, read.
  package var modules: [Module] { library.files.map(\.module) }
}
