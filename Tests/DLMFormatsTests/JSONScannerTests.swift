import Testing

@testable import DLMFormats

@Suite struct JSONScannerTests {
  @Test(arguments: [
    (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u0041\u00e9""#, "Aé"),
    (#""\ud83d\ude00""#, "😀"), (#"  "größe""#, "größe"),
  ])
  func `strings are read with their escapes`(_ json: String, _ text: String) throws {
    var scanner = JSONScanner(Array(json.utf8))
    #expect(try scanner.string() == text)
    try scanner.expectEnd()
  }

  @Test(arguments: ["", "plain", "\"\\\n\u{1}\u{1F}\u{7F}", "größe 😀"])
  func `a written string reads back`(_ text: String) throws {
    var scanner = JSONScanner(Array(jsonString(text).utf8))
    #expect(try scanner.string() == text)
  }

  @Test(arguments: [
    ("x", 0, JSONError.Problem.expected("a string")), ("\"a", 2, .expected("`\"`")),
    (#""\x""#, 1, .badEscape), (#""\u12""#, 1, .badEscape), (#""\ud83d""#, 1, .badEscape),
    (#""\ud83d\u0041""#, 1, .badEscape), (#""\udc00""#, 1, .badEscape), (#""\"#, 1, .badEscape),
    ("\"a\nb\"", 2, .controlCharacter),
  ])
  func `broken strings are refused at their place`(
    _ json: String, _ offset: Int, _ problem: JSONError.Problem
  ) {
    var scanner = JSONScanner(Array(json.utf8))
    #expect(throws: JSONError(offset: offset, problem: problem)) { try scanner.string() }
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    var scanner = JSONScanner([0x22, 0x61, 0xFF, 0x22])
    #expect(throws: JSONError(offset: 0, problem: .badUTF8)) { try scanner.string() }
  }

  @Test(arguments: [("[]", []), ("[ 0 ,12,\n9223372036854775807 ]", [0, 12, Int.max])])
  func `lists of whole numbers are read`(_ json: String, _ values: [Int]) throws {
    var scanner = JSONScanner(Array(json.utf8))
    #expect(try scanner.naturals() == values)
  }

  @Test(arguments: [
    "[", "[1", "[1,]", "[,1]", "[-1]", "[1.5]", "[1e3]", "[01]", "[9223372036854775808]",
  ])
  func `other lists are refused`(_ json: String) {
    #expect(throws: JSONError.self) {
      var scanner = JSONScanner(Array(json.utf8))
      _ = try scanner.naturals()
    }
  }
}
