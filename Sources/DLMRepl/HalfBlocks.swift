/// A picture in a terminal: each character is two pixels, one above the other.
package enum HalfBlocks {
  /// Grey or coloured images side by side.
  ///
  /// - Parameters:
  ///   - dims: `[H, W]`, `[C, H, W]` or `[N, C, H, W]` with one or three channels.
  ///   - values: row-major, any range: the least is black, the largest white.
  ///   - width: columns of the terminal.
  /// - Returns: `nil` where the dims are those of no image.
  package static func text(dims: [Int], _ values: [Double], width: Int) -> String? {
    guard (2...4).contains(dims.count), !values.isEmpty else { return nil }
    let full = Array(repeating: 1, count: 4 - dims.count) + dims
    let (count, channels, rows, columns) = (full[0], full[1], full[2], full[3])
    guard channels == 1 || channels == 3 else { return nil }
    let scale = max(1, (columns + width - 1) / width)
    let (shownRows, shownColumns) = (rows / scale, columns / scale)
    guard shownRows > 0, shownColumns > 0 else { return nil }
    let perRow = max(1, (width + 1) / (shownColumns + 1))
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let range = most > least ? most - least : 1

    func colour(_ image: Int, _ row: Int, _ column: Int) -> String {
      guard row < shownRows else { return "0;0;0" }
      let parts = (0..<3).map { channel -> String in
        let own = channels == 1 ? 0 : channel
        let place = ((image * channels + own) * rows + row * scale) * columns + column * scale
        return String(Int((values[place] - least) / range * 255))
      }
      return parts.joined(separator: ";")
    }

    var lines: [String] = []
    for first in stride(from: 0, to: min(count, 4 * perRow), by: perRow) {
      let images = first..<min(first + perRow, count)
      for row in stride(from: 0, to: shownRows, by: 2) {
        lines.append(
          images.map { image in
            (0..<shownColumns).map { column in
              "\u{1B}[38;2;\(colour(image, row, column));48;2;\(colour(image, row + 1, column))m▀"
            }.joined() + "\u{1B}[0m"
          }.joined(separator: " "))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// A line through `values`, as high as `height` characters.
  package static func line(_ values: [Double], width: Int, height: Int = 8) -> String {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return "nothing to draw" }
    let columns = min(width, values.count)
    let levels = height * 8
    let marks = Array(" ▁▂▃▄▅▆▇█")
    var heights: [Int] = []
    for column in 0..<columns {
      let part = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
        .filter(\.isFinite)
      let mean = part.isEmpty ? least : part.reduce(0, +) / Double(part.count)
      heights.append(
        most > least ? Int((mean - least) / (most - least) * Double(levels - 1)) + 1 : levels / 2)
    }
    return (0..<height).reversed().map { row in
      String(heights.map { marks[min(8, max(0, $0 - row * 8))] })
    }.joined(separator: "\n")
  }
}
