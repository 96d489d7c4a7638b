import DLMSyntax
import Foundation
import Testing

@testable import DLMInterpreter

/// The programs that the language was designed for, made whole: each is laid out, checks, and runs a step
/// of every loop.
@Suite struct ProgramTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Programs")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".dlm") }.sorted()

  @Test func `there are all of them`() {
    #expect(
      Self.names == [
        "attention.dlm", "autoencoder.dlm", "characters.dlm", "classifier.dlm", "own.dlm",
        "resnet.dlm", "sweep.dlm", "training.dlm", "wgan.dlm",
      ])
  }

  @Test(arguments: names)
  func `a step of each gives plausible numbers`(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    #expect(Formatter.format(SourceFile(path: name, text: text)) == text)
    var options = RunOptions()
    options.isSmoke = true
    let outcome = try run(text, in: Self.folder.path, options, path: name)
    #expect(outcome.errors == "")
    #expect(!outcome.losses.isEmpty)
    for loss in outcome.losses { #expect(loss.isFinite && abs(loss) < 100, "\(loss)") }
  }
}
