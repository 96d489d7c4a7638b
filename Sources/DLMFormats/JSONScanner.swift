/// Where and why a JSON text is not what its reader expects.
package struct JSONError: Error, Hashable {
  package enum Problem: Hashable, Sendable {
    /// What the reader needs at this place, as a person would say it.
    case expected(String)
    case badEscape
    case badUTF8
    /// A control character that must be escaped.
    case controlCharacter
    case numberTooLarge
  }

  /// Bytes before the place.
  package var offset: Int
  package var problem: Problem
}

/// Reads JSON (RFC 8259) token by token, each asked for by a caller that knows what must come.
///
/// Nothing recurses and nothing is skipped, so no text, however deep, costs more than its length.
struct JSONScanner {
  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Takes one of the six structural characters.
  mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
    guard take(character) else { throw error(.expected("`\(character)`")) }
  }

  /// Takes `character` if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard offset < bytes.count, UInt32(bytes[offset]) == character.value else { return false }
    offset += 1
    return true
  }

  mutating func expectEnd() throws(JSONError) {
    skipSpace()
    guard offset == bytes.count else { throw error(.expected("nothing more")) }
  }

  /// A whole number from 0 on, without sign, fraction, exponent or leading zeros.
  mutating func natural() throws(JSONError) -> Int {
    skipSpace()
    let start = offset
    var value = 0
    while offset < bytes.count, bytes[offset] >= 0x30, bytes[offset] <= 0x39 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[offset] - 0x30))
      guard !overflow, !carry else { throw error(.numberTooLarge) }
      value = sum
      offset += 1
    }
    let leadingZero = offset - start > 1 && bytes[start] == 0x30
    guard offset > start, !leadingZero else {
      throw JSONError(offset: start, problem: .expected("a whole number"))
    }
    return value
  }

  /// `[` natural { `,` natural } `]`, or `[]`.
  mutating func naturals() throws(JSONError) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var values: [Int] = []
    repeat { values.append(try natural()) } while take(",")
    try expect("]")
    return values
  }

  /// A string, its escapes resolved.
  mutating func string() throws(JSONError) -> String {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == 0x22 else { throw error(.expected("a string")) }
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case 0x22:
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError(offset: start, problem: .badUTF8)
        }
        return string
      case 0x5C: text += try escape()
      case 0..<0x20: throw error(.controlCharacter)
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw error(.expected("`\"`"))
  }
}

extension JSONScanner {
  private func error(_ problem: JSONError.Problem) -> JSONError {
    JSONError(offset: offset, problem: problem)
  }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  /// The UTF-8 of the escape at `offset`, which is moved behind it.
  private mutating func escape() throws(JSONError) -> [UInt8] {
    let start = offset
    guard offset + 1 < bytes.count else { throw error(.badEscape) }
    offset += 2
    switch bytes[start + 1] {
    case 0x22, 0x2F, 0x5C: return [bytes[start + 1]]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try hexadecimal(from: start)]
      if UTF16.isLeadSurrogate(units[0]) {
        guard offset + 1 < bytes.count, bytes[offset] == 0x5C,
          bytes[offset + 1] == UInt8(ascii: "u")
        else { throw JSONError(offset: start, problem: .badEscape) }
        offset += 2
        units.append(try hexadecimal(from: start))
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw JSONError(offset: start, problem: .badEscape)
      }
      return Array(text.utf8)
    default: throw JSONError(offset: start, problem: .badEscape)
    }
  }

  private mutating func hexadecimal(from start: Int) throws(JSONError) -> UInt16 {
    let digits = bytes[offset..<Swift.min(offset + 4, bytes.count)]
    var value: UInt16 = 0
    for digit in digits {
      guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else {
        throw JSONError(offset: start, problem: .badEscape)
      }
      value = value << 4 | UInt16(number)
    }
    guard digits.count == 4 else { throw JSONError(offset: start, problem: .badEscape) }
    offset += 4
    return value
  }
}

/// `text` as a JSON string, quotes included.
package func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
