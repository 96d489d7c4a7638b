import DLMSyntax
import DLMTestSupport
import Testing

@testable import DLMLanguageServer

@Suite struct PositionTests {
  // Characters of one, two, three and four bytes, and all three line ends.
  private let text = "aé€😀b\r\n\rx\n😀\n"

  @Test(arguments: [PositionEncoding.utf8, .utf16, .utf32])
  func `every offset of a character comes back`(_ encoding: PositionEncoding) {
    let lines = LineIndex(Array(text.utf8))
    #expect(lines.lineCount == 5)
    for index in text.unicodeScalars.indices {
      let offset = text.utf8.distance(from: text.startIndex, to: index)
      let line = lines.span(ofLine: lines.line(at: offset))
      // Behind the end of a line there is only its break.
      guard offset <= line.end else { continue }
      let position = lines.position(of: offset, encoding)
      #expect(lines.offset(of: position, encoding) == offset)
    }
  }

  @Test func `columns are counted as the client does`() {
    let lines = LineIndex(Array(text.utf8))
    let end = "aé€😀".utf8.count
    #expect(lines.position(of: end, .utf8) == Position(line: 0, column: 10))
    #expect(lines.position(of: end, .utf16) == Position(line: 0, column: 5))
    #expect(lines.position(of: end, .utf32) == Position(line: 0, column: 4))
  }

  @Test(arguments: [PositionEncoding.utf8, .utf16, .utf32])
  func `positions that are none come to the nearest place`(_ encoding: PositionEncoding) {
    let lines = LineIndex(Array(text.utf8))
    let count = text.utf8.count
    #expect(lines.offset(of: Position(line: 99, column: 3), encoding) == count)
    #expect(lines.offset(of: Position(line: 0, column: 99), encoding) == "aé€😀b".utf8.count)
    #expect(lines.offset(of: Position(line: -1, column: -1), encoding) == 0)
    #expect(lines.offset(of: Position(line: 0, column: -1), encoding) == 0)
  }

  @Test func `a position inside a character is where it begins`() {
    let lines = LineIndex(Array("😀".utf8))
    #expect(lines.offset(of: Position(line: 0, column: 1), .utf16) == 0)
    #expect(lines.offset(of: Position(line: 0, column: 3), .utf8) == 0)
  }

  @Test func `the client's encoding is taken`() {
    func encoding(_ offered: JSON) -> String? {
      let client = TestClient(initialized: nil)
      let result = client.request(
        "initialize", ["capabilities": ["general": ["positionEncodings": offered]]])
      return result["capabilities"]?["positionEncoding"]?.string
    }
    #expect(encoding(["utf-16", "utf-8"]) == "utf-8")
    #expect(encoding(["utf-32", "utf-16"]) == "utf-32")
    #expect(encoding([]) == "utf-16")
    #expect(encoding(["utf-7"]) == "utf-16")
  }

  @Test func `edits make the text that the client has`() {
    var random = SplitMix(state: 7)
    let pieces = ["", "x", "é", "😀", "\n", "\r\n", "let a = 1\n", "€€"]
    for encoding in [PositionEncoding.utf8, .utf16, .utf32] {
      let document = Document(uri: TestClient.uri, version: 0, text: "")
      var model: [Unicode.Scalar] = []
      for _ in 0..<300 {
        let a = Int.random(in: 0...model.count, using: &random)
        let b = Int.random(in: a...min(model.count, a + 3), using: &random)
        func position(_ count: Int) -> Position {
          let before = String(String.UnicodeScalarView(model[..<count]))
          let offset = before.utf8.count
          return document.text.lines.position(of: offset, encoding)
        }
        // Between the two halves of a line end no client has its cursor.
        let isSplit = [a, b].contains {
          $0 > 0 && $0 < model.count && model[$0 - 1] == "\r" && model[$0] == "\n"
        }
        if isSplit { continue }
        let new = pieces.randomElement(using: &random) ?? ""
        document.change(from: position(a), to: position(b), by: new, encoding)
        model.replaceSubrange(a..<b, with: new.unicodeScalars)
        #expect(document.text.file.text == String(String.UnicodeScalarView(model)))
      }
    }
  }
}
