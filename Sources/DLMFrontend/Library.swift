import CDLMPrelude
import DLMSyntax
import Synchronization

/// The files of the prelude with the names that each declares, which are found without reading it.
final class Library {
  let files: [LibraryFile]
  private let places: [String: Int]

  init() {
    var files: [LibraryFile] = []
    var places: [String: Int] = [:]
    var count = 0
    if let found = dlm_prelude_files(&count) {
      for index in 0..<count {
        let file = LibraryFile(
          name: String(cString: found[index].name), text: String(cString: found[index].text))
        for name in file.declaredNames { places[name] = index }
        files.append(file)
      }
    }
    self.files = files
    self.places = places
  }

  var names: some Collection<String> { places.keys }

  func declares(_ name: String) -> Bool { places[name] != nil }

  func value(of name: String) -> Value? {
    places[name].flatMap { files[$0].module.globals.ownValue(name) }
  }
}

/// One file of the prelude.
final class LibraryFile {
  private let name: String
  private let text: String
  /// Where the files of the prelude see each other's declarations.
  var surroundings: Scope?
  private let lock = Mutex(())
  private var read: Module?

  init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// What the lines that begin with the word of a declaration declare: the files are laid out, so what
  /// stands inside another is indented.
  var declaredNames: [String] {
    var names: [String] = []
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while let first = rest.first {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        if Self.initials.contains(first), let name = Self.declared(in: rest[..<end]) {
          names.append(name)
        }
        rest = rest[min(end + 1, rest.endIndex)...]
      }
    }
    return names
  }

  private static func declared(in line: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    guard let space = line.firstIndex(of: UInt8(ascii: " ")),
      declaring.contains(where: { line[..<space].elementsEqual($0.utf8) })
    else { return nil }
    let name = line[(space + 1)...].prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: " ") }
    return String(decoding: name, as: UTF8.self)
  }

  private static let declaring = ["fn", "layer", "loss", "optimizer", "schedule"]
  private static let initials = declaring.compactMap(\.utf8.first)

  /// The file, read once, by whoever asks first.
  var module: Module {
    lock.withLock { _ in
      if read == nil { read = parsed() }
    }
    guard let read else { preconditionFailure("a file that was read is there") }
    return read
  }

  private func parsed() -> Module {
    let parsed = Parser.parse(SourceFile(path: "prelude/\(name)", text: text))
    precondition(parsed.diagnostics.isEmpty, "the prelude parses: \(name)")
    let module = Module(parsed.tree, isPrelude: true, around: surroundings)
    module.declareAll()
    return module
  }
}
