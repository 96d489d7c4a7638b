import DLMTensor

/// A text as numbers: one for each of its characters, or of its words.
package struct TextCorpus: Sendable {
  package enum Unit: String, Hashable, Sendable, CaseIterable {
    /// Unicode characters, in the order of their code points.
    case char
    /// Runs of letters and digits, and every other character that is no space; the most frequent first.
    case word
  }

  package let path: String
  package let vocabulary: [String]
  /// Which of the vocabulary stands where.
  package let ids: [Int32]

  /// - Throws: `DataError` where there is no such file, or it is empty or not UTF-8.
  package init(_ path: String, by unit: Unit) throws(DataError) {
    self.path = path
    let bytes = try WholeFile.bytes(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(path: path, problem: .malformed("is not UTF-8", line: nil))
    }
    guard !bytes.isEmpty else {
      throw DataError(path: path, problem: .malformed("is empty", line: nil))
    }
    switch unit {
    case .char:
      let scalars = Set(text.unicodeScalars).sorted()
      var numbers: [UInt32: Int32] = [:]
      for (number, scalar) in scalars.enumerated() { numbers[scalar.value] = Int32(number) }
      vocabulary = scalars.map { String($0) }
      ids = text.unicodeScalars.map { numbers[$0.value] ?? 0 }
    case .word:
      let words = Self.words(text)
      var counts: [Substring: Int] = [:]
      for word in words { counts[word, default: 0] += 1 }
      let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
      var numbers: [Substring: Int32] = [:]
      for (number, word) in sorted.enumerated() { numbers[word] = Int32(number) }
      vocabulary = sorted.map(String.init)
      ids = words.map { numbers[$0] ?? 0 }
    }
  }

  private static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var start: String.Index?
    for index in text.indices {
      let character = text[index]
      if character.isLetter || character.isNumber || character == "'" {
        start = start ?? index
        continue
      }
      if let from = start { words.append(text[from..<index]) }
      start = nil
      if !character.isWhitespace { words.append(text[index...index]) }
    }
    if let from = start { words.append(text[from...]) }
    return words
  }
}

extension RowDataset {
  /// Runs of `length` ids, and the same runs one place later: `here` and `next`, `i32[rows, length]`.
  ///
  /// - Parameter stride: places from the start of one run to the start of the next.
  /// - Throws: `SizeError` where there is no memory for them.
  package init(windows ids: ArraySlice<Int32>, length: Int, stride: Int) throws(SizeError) {
    let rows = Self.windowCount(ids.count, length: length, stride: stride)
    let here = try Tensor(zeros: Shape([rows, length]), .i32)
    let next = try Tensor(zeros: Shape([rows, length]), .i32)
    let (a, b) = (
      here.storage.pointer.assumingMemoryBound(to: Int32.self),
      next.storage.pointer.assumingMemoryBound(to: Int32.self)
    )
    for row in 0..<rows {
      for place in 0..<length {
        let index = ids.startIndex + row * stride + place
        a[row * length + place] = ids[index]
        b[row * length + place] = ids[index + 1]
      }
    }
    self.init([Field("here", here), Field("next", next)])
  }

  /// How many runs there are.
  package static func windowCount(_ count: Int, length: Int, stride: Int) -> Int {
    max(0, (count - 1 - length) / stride + (count - 1 >= length ? 1 : 0))
  }

  /// The rows at `positions`, in that order.
  ///
  /// - Throws: `SizeError` where there is no memory for them.
  package func selecting(_ positions: [Int]) throws(SizeError) -> RowDataset {
    var selected: [Field] = []
    for field in fields {
      let shape = Shape([positions.count] + field.rowShape.dims)
      let tensor = try Tensor(zeros: shape, field.tensor.elementType)
      let width = field.rowByteCount
      for (row, position) in positions.enumerated() where width > 0 {
        (tensor.storage.pointer + row * width).copyMemory(
          from: field.tensor.storage.pointer + position * width, byteCount: width)
      }
      selected.append(Field(field.name, tensor))
    }
    return RowDataset(selected)
  }
}

/// Rows dealt out to parts, the same for the same seed.
package enum RowSplit {
  /// Rows of each part: its share of `count`, what rounding leaves to the first parts.
  package static func counts(_ count: Int, _ shares: [Double]) -> [Int] {
    let total = shares.reduce(0, +)
    let exact = shares.map { total > 0 ? Double(count) * $0 / max(total, 1) : 0 }
    var counts = exact.map { Int($0) }
    let wanted = total >= 1 - 1e-9 ? count : Int(exact.reduce(0, +))
    let order = exact.indices.sorted {
      exact[$0] - Double(counts[$0]) > exact[$1] - Double(counts[$1])
    }
    for index in order where counts.reduce(0, +) < wanted { counts[index] += 1 }
    return counts
  }

  /// The rows of each part, drawn with `seed`.
  package static func rows(_ count: Int, _ shares: [Double], seed: UInt64) -> [[Int]] {
    let order = RowOrder(rowCount: count, seed: seed)
    let drawn = order.rows(at: 0..<count, of: 0).map { $0.map { Int($0) } } ?? Array(0..<count)
    var start = 0
    return counts(count, shares).map { size in
      defer { start += size }
      return Array(drawn[start..<start + size])
    }
  }
}
