import DLMFrontend

/// A tensor as text in columns, cut in the middle where it is long.
package struct TensorText {
  /// Digits behind the point.
  package var precision = 4
  /// Columns that a line may have.
  package var width = 80
  /// Elements above which only the edges of each axis are shown.
  package var threshold = 1000
  /// Entries at each edge.
  package var edge = 3

  package init(width: Int = 80) { self.width = width }

  /// - Parameters:
  ///   - dims: the length of each axis.
  ///   - values: the elements, row-major.
  ///   - isBool: whether to write them as `true` and `false`.
  package func text(dims: [Int], _ values: [Double], isBool: Bool = false) -> String {
    let isCut = values.count > threshold
    let shown = shownIndices(dims, isCut).map { values[$0] }
    let format = isBool ? Format.bool : Format(shown, precision: precision)
    let cellWidth = dims.isEmpty ? 0 : shown.map { format.text($0).count }.max() ?? 0
    let lines = Lines(dims: dims, values: values, format: format, cellWidth: cellWidth)
    return lines.text(from: 0, axis: 0, indent: 1, self, isCut)
  }

  /// Rows of the last axis that the text of such a tensor shows.
  package func rows(_ dims: [Int]) -> Int {
    let isCut = dims.reduce(1, *) > threshold
    return dims.dropLast().reduce(1) { $0 * positions($1, isCut).count }
  }

  /// Positions along an axis of this length; `nil` stands for what is left out.
  fileprivate func positions(_ count: Int, _ isCut: Bool) -> [Int?] {
    guard isCut, count > 2 * edge + 1 else { return Array(0..<count) }
    return Array(0..<edge) + [nil] + Array((count - edge)..<count)
  }

  private func shownIndices(_ dims: [Int], _ isCut: Bool) -> [Int] {
    var indices = [0]
    for count in dims {
      let positions = positions(count, isCut).compactMap { $0 }
      indices = indices.flatMap { index in positions.map { index * count + $0 } }
    }
    return indices
  }

  /// How the numbers of one tensor are written: all alike.
  private enum Format {
    case bool
    case whole
    case fixed(Int)
    case scientific(Int)

    init(_ values: [Double], precision: Int) {
      let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
      let (least, largest) = (sizes.min() ?? 1, sizes.max() ?? 1)
      if largest < 1e9, values.allSatisfy({ !$0.isFinite || $0 == $0.rounded() }) {
        self = .whole
      } else if largest >= 1e6 || least < 1e-4 && largest / least > 1e3 || largest < 1e-3 {
        self = .scientific(precision)
      } else {
        self = .fixed(precision)
      }
    }

    func text(_ value: Double) -> String {
      guard value.isFinite else { return NumberText.of(value) }
      switch self {
      case .bool: return value != 0 ? "true" : "false"
      case .whole: return NumberText.of(value, digits: 0)
      case .fixed(let digits): return NumberText.of(value, digits: digits)
      case .scientific(let digits): return Self.scientific(value, digits)
      }
    }

    private static func scientific(_ value: Double, _ digits: Int) -> String {
      guard value != 0 else { return NumberText.of(0, digits: digits) + "e+00" }
      var (mantissa, exponent) = (value, 0)
      while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      let power = String(abs(exponent))
      return NumberText.of(mantissa, digits: digits) + (exponent < 0 ? "e-" : "e+")
        + (power.count < 2 ? "0" : "") + power
    }
  }

  private struct Lines {
    let dims: [Int]
    let values: [Double]
    let format: Format
    let cellWidth: Int

    /// The text of the part whose first element is `start`.
    func text(from start: Int, axis: Int, indent: Int, _ style: TensorText, _ isCut: Bool)
      -> String
    {
      guard axis < dims.count else { return values.isEmpty ? "" : format.text(values[start]) }
      let size = dims.dropFirst(axis + 1).reduce(1, *)
      let positions = style.positions(dims[axis], isCut)
      if axis == dims.count - 1 {
        return "[" + row(positions.map { $0.map { start + $0 } }, indent, style.width) + "]"
      }
      let margin = String(repeating: " ", count: indent)
      let gap = ",\n" + String(repeating: "\n", count: dims.count - axis - 2) + margin
      return "["
        + positions.map { position in
          position.map {
            text(from: start + $0 * size, axis: axis + 1, indent: indent + 1, style, isCut)
          } ?? "..."
        }.joined(separator: gap) + "]"
    }

    /// Cells with commas, broken where a line is full.
    private func row(_ indices: [Int?], _ indent: Int, _ width: Int) -> String {
      var result = ""
      var column = indent
      for (place, index) in indices.enumerated() {
        let cell = index.map { format.text(values[$0]).paddedLeft(to: cellWidth) } ?? "..."
        let isLast = place == indices.count - 1
        if place > 0 {
          if column + 1 + cell.count + (isLast ? 1 : 2) > width {
            result += "\n" + String(repeating: " ", count: indent)
            column = indent
          } else {
            result += " "
            column += 1
          }
        }
        result += cell + (isLast ? "" : ",")
        column += cell.count + 1
      }
      return result
    }
  }
}

extension String {
  /// With spaces in front.
  func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// With spaces behind.
  func paddedRight(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
