import DLMSyntax

/// How a client counts columns.
enum PositionEncoding: String {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf32 = "utf-32"

  /// Columns of the character that begins with `byte` in UTF-8.
  fileprivate func width(beginning byte: UInt8) -> Int {
    switch self {
    case .utf8: byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    case .utf16: byte < 0xF0 ? 1 : 2
    case .utf32: 1
    }
  }
}

/// A line and a column as a client says them, both from 0 on.
struct Position: Hashable {
  var line: Int
  var column: Int
}

/// Where the lines of a text begin, and the way between offsets and the positions of a client.
///
/// Lines end as the protocol has it: with `\n`, `\r\n` or `\r`.
struct LineIndex {
  private let bytes: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices where bytes[offset] == 0x0A || bytes[offset] == 0x0D {
        if bytes[offset] == 0x0D, offset + 1 < bytes.count, bytes[offset + 1] == 0x0A { continue }
        starts.append(offset + 1)
      }
    }
    self.starts = starts
  }

  var lineCount: Int { starts.count }

  /// Offsets of a line without its end.
  func span(ofLine line: Int) -> Span {
    var end = line + 1 < starts.count ? starts[line + 1] : bytes.count
    while end > starts[line], bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return Span(starts[line], end)
  }

  func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The offset of a position; one past the end of its line is that end, one past the last line the end
  /// of the text. Inside a character it is where the character begins.
  func offset(of position: Position, _ encoding: PositionEncoding) -> Int {
    guard position.line < starts.count else { return bytes.count }
    guard position.line >= 0 else { return 0 }
    let line = span(ofLine: position.line)
    var offset = line.start
    var column = 0
    while offset < line.end {
      let width = encoding.width(beginning: bytes[offset])
      if column + width > position.column { break }
      column += width
      offset = next(after: offset, before: line.end)
    }
    return offset
  }

  func position(of offset: Int, _ encoding: PositionEncoding) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let line = line(at: offset)
    if encoding == .utf8 { return Position(line: line, column: offset - starts[line]) }
    var column = 0
    var place = starts[line]
    while place < offset {
      column += encoding.width(beginning: bytes[place])
      place = next(after: place, before: offset)
    }
    return Position(line: line, column: column)
  }

  private func next(after offset: Int, before end: Int) -> Int {
    var next = offset + 1
    while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
