import DLMSyntax
import Foundation
import Testing

@testable import DLMFrontend

@Suite struct ReferenceTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The programs between three backticks and the word `dlm`.
  static func samples(_ path: String) throws -> [String] {
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    return text.components(separatedBy: "```dlm\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  @Test(arguments: ["grammar/reference.md", "README.md"])
  func `samples of the documents are right, and laid out`(_ path: String) throws {
    let samples = try Self.samples(path)
    #expect(!samples.isEmpty)
    for sample in samples {
      #expect(try drawn(sample) == "", "\(sample)")
      let file = SourceFile(path: path, text: sample)
      #expect(Formatter.format(file) == sample, "\(Formatter.format(file) ?? "")")
    }
  }
}
