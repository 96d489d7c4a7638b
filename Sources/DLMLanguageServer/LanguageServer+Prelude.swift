import DLMFrontend
import DLMSyntax

/// What the prelude declares, by name.
struct PreludeIndex {
  struct Entry {
    var module: Module
    var declaration: Declaration
    var name: Name
  }

  private(set) var entries: [String: Entry] = [:]
  /// The modules by the name of their file, `layers.dlm`.
  private(set) var modules: [String: Module] = [:]

  init(_ prelude: Prelude) {
    for module in prelude.modules {
      modules[module.tree.file.fileName] = module
      for case .declaration(let declaration) in module.tree.items {
        guard let name = declaration.name else { continue }
        entries[name.text] = Entry(module: module, declaration: declaration, name: name)
      }
    }
  }
}

// The prelude as documents that are only read: by an address of its own where the client asks the server
// for contents, else as files.
extension LanguageServer {
  private static let scheme = "dlm-prelude:/"

  func preludeURI(of file: SourceFile) -> String? {
    let name = file.fileName
    guard let module = preludeIndex.modules[name], module.tree.file.path == file.path else {
      return nil
    }
    if client.asksForContents { return Self.scheme + name }
    return host.preludeFile(name, file.text).map { DocumentURI.file($0) }
  }

  /// The file of the prelude that an address stands for.
  func preludeFile(of uri: String) -> SourceFile? {
    if uri.hasPrefix(Self.scheme) {
      return preludeIndex.modules[String(uri.dropFirst(Self.scheme.count))]?.tree.file
    }
    guard let path = DocumentURI.path(uri) else { return nil }
    guard let module = preludeIndex.modules[SourceFile(path: path, text: "").fileName] else {
      return nil
    }
    let file = module.tree.file
    return host.preludeFile(file.fileName, file.text) == path ? file : nil
  }

  /// The text of an address that is no file.
  func content(_ params: JSON) throws(ResponseError) -> JSON {
    guard let uri = params["uri"]?.string, let file = preludeFile(of: uri) else {
      throw ResponseError(.invalidParams, "there is no such document")
    }
    return ["text": .string(file.text)]
  }
}

extension SourceFile {
  /// The last part of the path.
  var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension Declaration {
  /// What it declares; a `use` or a test has no name.
  var name: Name? { kind.name }
}
