/// Why a text is no JSON.
package struct JSONSyntaxError: Error, Hashable {
  /// Bytes before the place.
  package var offset: Int
  package var message: String
}

extension JSON {
  /// Reads a whole JSON text (RFC 8259); nesting is bounded, so that no text exhausts the stack.
  package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.offset < bytes.count { throw reader.error("nothing more may follow") }
  }
}

private struct JSONReader {
  static let nestingLimit = 256

  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: offset, message: message)
  }

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = next, UInt32(byte) == character.value else { return false }
    offset += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
    guard depth < Self.nestingLimit else { throw error("nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    guard bytes[offset...].starts(with: text.utf8) else { throw error("expected a value") }
    offset += text.utf8.count
    return value
  }

  private mutating func array(_ depth: Int) throws(JSONSyntaxError) -> JSON {
    offset += 1
    var items: [JSON] = []
    if take("]") { return .array(items) }
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("expected `,` or `]`") }
    return .array(items)
  }

  private mutating func object(_ depth: Int) throws(JSONSyntaxError) -> JSON {
    offset += 1
    var members: [(name: String, value: JSON)] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a name in quotes") }
      let name = try string()
      guard take(":") else { throw error("expected `:`") }
      members.append((name, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("expected `,` or `}`") }
    return .object(members)
  }

  /// `-` digits, then a fraction, then an exponent; no zero in front of other digits.
  private mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    let first = offset
    skipDigits()
    guard offset > first, offset == first + 1 || bytes[first] != UInt8(ascii: "0") else {
      throw JSONSyntaxError(offset: start, message: "expected a value")
    }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      try skipPart()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      if offset + 1 < bytes.count, bytes[offset + 1] == 0x2B || bytes[offset + 1] == 0x2D {
        offset += 1
      }
      try skipPart()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text) else {
      throw JSONSyntaxError(offset: start, message: "expected a number")
    }
    return .number(value)
  }

  private mutating func skipDigits() {
    while let byte = next, byte >= 0x30, byte <= 0x39 { offset += 1 }
  }

  /// The sign or point at `offset` and the digits that must follow it.
  private mutating func skipPart() throws(JSONSyntaxError) {
    offset += 1
    let start = offset
    skipDigits()
    if offset == start { throw error("expected a digit") }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONSyntaxError(offset: start, message: "the string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try escape(&text)
      case 0..<0x20: throw error("a control character must be escaped")
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw error("the string has no end")
  }

  private mutating func escape(_ text: inout [UInt8]) throws(JSONSyntaxError) {
    offset += 1
    guard let byte = next else { throw error("the string has no end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var units = [try unit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: "\\u".utf8) {
        let before = offset
        offset += 2
        let second = try unit()
        if UTF16.isTrailSurrogate(second) { units.append(second) } else { offset = before }
      }
      // Half a pair is no character: what stands for one takes its place.
      text += String(decoding: units, as: UTF16.self).utf8
    default: throw error("unknown escape")
    }
  }

  private mutating func unit() throws(JSONSyntaxError) -> UInt16 {
    guard offset + 4 <= bytes.count,
      let value = UInt16(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16),
      bytes[offset] != 0x2B
    else { throw error("expected four hexadecimal digits") }
    offset += 4
    return value
  }
}
