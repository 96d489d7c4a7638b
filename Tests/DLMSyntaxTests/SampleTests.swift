import DLMSyntax
import Foundation
import Testing

/// Programs that use the whole grammar.
@Suite struct SampleTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Samples")
  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

  @Test(arguments: names) func `a program is read without a complaint`(name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let parsed = Parser.parse(SourceFile(path: name, text: text))
    #expect(
      parsed.diagnostics.isEmpty,
      "\(parsed.diagnostics.map { DiagnosticRenderer().render($0) }.joined())")
    #expect(!parsed.tree.items.isEmpty)
  }

  @Test func `there is a program for every part of the language`() {
    #expect(Self.names.count >= 11)
  }

  @Test func `exceptions end where the next label begins`() throws {
    let parsed = Parser.parse(
      SourceFile(path: "a.dlm", text: "f(a: 1 except bias, norm.*, b: 2)"))
    #expect(parsed.diagnostics.isEmpty)
    let dump = parsed.tree.dump()
    #expect(dump.contains("bias") && dump.contains("norm.*") && dump.contains("label: b"))
  }

  @Test func `three mistakes in a file are three diagnostics`() {
    let parsed = Parser.parse(
      SourceFile(
        path: "a.dlm",
        text: """
          let x = = 3
          layer Net(x: real[B, 4]) -> { x }
          let y = 4
          print y +
          train t on d { batch 4 batches 5 }
          """))
    #expect(
      Set(parsed.diagnostics.map { $0.primary.file.position(at: $0.primary.span.start).line })
        .count >= 3)
  }
}
