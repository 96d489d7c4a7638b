import Foundation
import Testing

@testable import DLMFrontend
@testable import DLMSyntax

@Suite struct ExplanationTests {
  /// Codes that only the command line or a text can meet, and those of runs, which are tested with them.
  static let met = ["N027", "R001", "R002", "R003"]

  @Test(arguments: Explanation.all.map(\.code))
  func `the wrong program is wrong so, the right one is right`(_ code: String) throws {
    let page = try #require(Explanation.all.first { $0.code == code })
    #expect(!page.title.isEmpty)
    let right = try drawn(page.right)
    #expect(right == "", "\(code)")
    guard let wrong = page.wrong else {
      #expect(Self.met.contains(code), "\(code) has no wrong program")
      return
    }
    if Self.met.contains(code) { return }
    let found = try problems(wrong)
    #expect(
      found.contains { $0.code == code },
      "\(code): \(found.map { DiagnosticRenderer().render($0) })")
  }

  @Test func `every code of the sources has a page, and every page a code`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    var codes: Set<String> = []
    for case let name as String in try #require(
      FileManager.default.enumerator(atPath: root.path)?.allObjects)
    where name.hasSuffix(".swift") {
      let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
      for match in text.matches(of: /"([NSKTDPRW][0-9]{3})"/) { codes.insert(String(match.1)) }
    }
    let pages = Explanation.all.map(\.code)
    #expect(Set(pages).count == pages.count)
    #expect(codes.subtracting(pages) == [])
    #expect(Set(pages).subtracting(codes) == [])
  }
}
