import DLMTensor

/// A table in text, a column a field: comma, semicolon or tab between cells, names in the first line.
///
/// - Source: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180
package struct CSVFile: Sendable {
  /// What all cells of a column are.
  package enum Content: Hashable, Sendable {
    case real, int
    /// Words; each is one of these, in the order in which they first occur.
    case words([String])
  }

  package struct Column: Sendable {
    package var name: String
    package var content: Content
    /// One number a row; of words, which of them it is.
    fileprivate var numbers: [Double]
  }

  package let path: String
  package let columns: [Column]
  package let rowCount: Int

  /// Reads the whole table; what a column holds is known when every cell has been seen.
  ///
  /// - Throws: `DataError` naming the line: cells missing or too many, a quote that does not end, an
  ///   empty cell, two columns of one name.
  package init(_ path: String) throws(DataError) {
    self.path = path
    var bytes = try WholeFile.bytes(path)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    var reader = CSVReader(bytes, path: path)
    guard let names = try reader.row(), !(names.count == 1 && names[0].isEmpty) else {
      throw DataError(
        path: path, problem: .malformed("has no line with the names of the columns", line: 1))
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw DataError(path: path, problem: .malformed("has two columns `\(name)`", line: 1))
    }
    var builders = names.map { ColumnBuilder(name: $0) }
    var rows = 0
    while let cells = try reader.row() {
      guard cells.count == names.count else {
        throw DataError(
          path: path,
          problem: .malformed(
            "has \(cells.count) cells where the first line names \(names.count) columns",
            line: reader.line))
      }
      for (index, cell) in cells.enumerated() {
        guard !cell.isEmpty else {
          throw DataError(
            path: path,
            problem: .malformed("has nothing in column `\(names[index])`", line: reader.line))
        }
        builders[index].add(cell)
      }
      rows += 1
    }
    rowCount = rows
    columns = builders.map(\.column)
  }

  /// The column called `name` as `f32[rows]`, `i32[rows]`, or `i32[rows]` of word numbers.
  ///
  /// - Throws: `SizeError` where there is no memory for it.
  package func tensor(_ column: Column) throws(SizeError) -> Tensor {
    let type: ElementType = if case .real = column.content { .f32 } else { .i32 }
    return try Tensor(column.numbers, shape: Shape([rowCount]), type)
  }
}

/// Cells of a column as far as they have been read.
private struct ColumnBuilder {
  private let name: String
  private var numbers: [Double] = []
  private var isWhole = true
  /// The cells as they are written, kept from the first on that is no number.
  private var texts: [String]? = nil
  private var seen: [String] = []

  init(name: String) { self.name = name }

  mutating func add(_ cell: String) {
    if texts == nil, let number = Double(cell) {
      numbers.append(number)
      isWhole =
        isWhole && number == number.rounded() && abs(number) < 0x8000_0000
        && !cell.contains { $0 == "." || $0 == "e" || $0 == "E" }
      seen.append(cell)
      return
    }
    if texts == nil { texts = seen }
    texts?.append(cell)
  }

  var column: CSVFile.Column {
    guard let texts else {
      return CSVFile.Column(name: name, content: isWhole ? .int : .real, numbers: numbers)
    }
    var numberOf: [String: Int] = [:]
    var words: [String] = []
    let numbers = texts.map { text -> Double in
      if let known = numberOf[text] { return Double(known) }
      numberOf[text] = words.count
      words.append(text)
      return Double(words.count - 1)
    }
    return CSVFile.Column(name: name, content: .words(words), numbers: numbers)
  }
}

/// Cuts the bytes of a table into rows of cells.
private struct CSVReader {
  private let bytes: ArraySlice<UInt8>
  private let path: String
  private let separator: UInt8
  private var offset: Int
  /// Of the row that was read last, from 1 on.
  private(set) var line = 0
  private var nextLine = 1

  init(_ bytes: ArraySlice<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    offset = bytes.startIndex
    // The one that the first line has most of.
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let counts = candidates.map { candidate in first.count { $0 == candidate } }
    separator = zip(candidates, counts).max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
  }

  /// The next row that is not empty; `nil` at the end.
  mutating func row() throws(DataError) -> [String]? {
    while offset < bytes.endIndex,
      bytes[offset] == UInt8(ascii: "\n") || bytes[offset] == UInt8(ascii: "\r")
    {
      if bytes[offset] == UInt8(ascii: "\n") { nextLine += 1 }
      offset += 1
    }
    guard offset < bytes.endIndex else { return nil }
    line = nextLine
    var cells: [String] = []
    while true {
      cells.append(try cell())
      guard offset < bytes.endIndex else { return cells }
      let byte = bytes[offset]
      offset += 1
      if byte == separator { continue }
      if byte == UInt8(ascii: "\r"), offset < bytes.endIndex, bytes[offset] == UInt8(ascii: "\n") {
        offset += 1
      }
      nextLine += 1
      return cells
    }
  }

  /// Up to the separator or the end of the line, which stay.
  private mutating func cell() throws(DataError) -> String {
    if offset < bytes.endIndex, bytes[offset] == UInt8(ascii: "\"") { return try quotedCell() }
    let start = offset
    while offset < bytes.endIndex, bytes[offset] != separator, bytes[offset] != UInt8(ascii: "\n"),
      bytes[offset] != UInt8(ascii: "\r")
    {
      offset += 1
    }
    var text = bytes[start..<offset]
    while let last = text.last, last == UInt8(ascii: " ") { text = text.dropLast() }
    text = text.drop { $0 == UInt8(ascii: " ") }
    return String(decoding: text, as: UTF8.self)
  }

  /// A quote inside is written twice; line breaks belong to the cell.
  private mutating func quotedCell() throws(DataError) -> String {
    var content: [UInt8] = []
    offset += 1
    while offset < bytes.endIndex {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "\"") {
        guard offset < bytes.endIndex, bytes[offset] == byte else {
          while offset < bytes.endIndex, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
          guard
            offset == bytes.endIndex || bytes[offset] == separator
              || bytes[offset] == UInt8(ascii: "\n")
              || bytes[offset] == UInt8(ascii: "\r")
          else {
            throw DataError(path: path, problem: .malformed("has text behind a quote", line: line))
          }
          return String(decoding: content, as: UTF8.self)
        }
        offset += 1
      }
      if byte == UInt8(ascii: "\n") { nextLine += 1 }
      content.append(byte)
    }
    throw DataError(path: path, problem: .malformed("has a quote that does not end", line: line))
  }
}
