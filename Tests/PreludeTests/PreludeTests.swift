import CDLMPrelude
import Foundation
import Testing

@Suite struct PreludeTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/CDLMPrelude/prelude")

  static var embedded: [String: String] {
    var count = 0
    guard let files = dlm_prelude_files(&count) else { return [:] }
    return (0..<count).reduce(into: [:]) {
      $0[String(cString: files[$1].name)] = String(cString: files[$1].text)
    }
  }

  @Test func `every file of the prelude is in the binary, unchanged`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(names) == Set(Self.embedded.keys))
    for name in names {
      let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
      #expect(Self.embedded[name] == text, "\(name)")
    }
  }
}
