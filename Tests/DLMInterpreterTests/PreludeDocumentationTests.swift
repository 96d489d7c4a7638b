import CDLMPrelude
import DLMCPU
import DLMInterpreter
import DLMSyntax
import Testing

/// Every layer, function, loss, optimizer and schedule of the prelude says what it does, of which shapes,
/// where that comes from, and shows it in a program that runs.
@Suite struct PreludeDocumentationTests {
  static let files: [SourceFile] = {
    var count = 0
    guard let files = dlm_prelude_files(&count) else { return [] }
    return (0..<count).map {
      SourceFile(
        path: String(cString: files[$0].name), text: String(cString: files[$0].text))
    }
  }()

  @Test(arguments: files.indices)
  func `every declaration has words, shapes, a source and a sample`(index: Int) {
    let file = Self.files[index]
    for case .declaration(let declaration) in Parser.parse(file).tree.items {
      guard let name = declaration.kind.declaredName else { continue }
      let place = "\(file.path): \(name)"
      let words = declaration.documentation.prefix { $0 != "\n" }
      #expect(words.contains(" ") && !words.hasPrefix("```"), "\(place) needs a sentence")
      #expect(
        declaration.documentation.contains("\nSource: "),
        "\(place) needs `/// Source: author year, title or address`, or `/// Source: definition`")
      #expect(
        declaration.documentation.contains("\n```dlm\n"),
        "\(place) needs a sample between `/// ```dlm` and `/// ```")
      let text = file.string(declaration.span)
      #expect(
        declaration.kind.hasTypedTensors || declaration.documentation.contains("["),
        "\(place) says no shapes, neither in its types nor in words: \(text.prefix(100))")
    }
  }

  /// Those that are out of date: `dlm test --record Sources/CDLMPrelude/prelude/*.dlm`.
  @Test(arguments: files.indices)
  func `every sample runs and prints what it says`(index: Int) throws {
    let file = Self.files[index]
    let session = try Session(folder: "", options: RunOptions(), backend: CPUBackend(threads: 2)) {
      _ in
    }
    let run = try session.test(Parser.parse(file).tree) { name, diagnostic in
      let words = diagnostic.map { DiagnosticRenderer().render($0) } ?? ""
      #expect(diagnostic == nil, "\(name)\n\(words)")
    }
    let words = run.diagnostics.map { DiagnosticRenderer().render($0) }
    #expect(words.isEmpty, "\(words.joined(separator: "\n"))")
    #expect(run.recording.isEmpty, "a sample prints what it does not say")
  }
}

extension Declaration.Kind {
  /// Whether the types of what goes in and comes out say the shapes.
  fileprivate var hasTypedTensors: Bool {
    switch self {
    case .layer(let layer):
      layer.inputs.allSatisfy { $0.type != nil } && layer.result != nil
    case .function(let function):
      function.parameters.allSatisfy { $0.type != nil }
        && (function.result != nil || !function.parameters.contains { $0.type?.hasDims ?? false })
    // Those go with parameters of any shape.
    case .optimizer, .schedule: true
    case .use, .data, .dim, .train, .test, .sweep: true
    }
  }
}

extension TypeNode {
  fileprivate var hasDims: Bool {
    if case .tensor(_, _, let dims, _) = self { !dims.isEmpty } else { false }
  }
}
