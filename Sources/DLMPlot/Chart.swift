/// A picture with two axes: lines, points and decision regions over one another, as SVG.
package struct Chart: Sendable {
  package enum Layer: Sendable {
    /// Points joined in their order; a value that is no number is a gap.
    case line(name: String, x: [Double], y: [Double])
    /// Points; `groups` colours them, one group each.
    case scatter(name: String, x: [Double], y: [Double], groups: [Int]?)
    /// Values of `columns` times `rows` cells over a rectangle, lowest row first, coloured by value.
    case regions(
      columns: Int, rows: Int, values: [Double], x: ClosedRange<Double>, y: ClosedRange<Double>)
    /// Bars from 0, side by side between the edges, one more than there are bars.
    case bars(name: String, edges: [Double], heights: [Double])
  }

  package var layers: [Layer]
  package var title: String

  package init(_ layers: [Layer], title: String = "") {
    self.layers = layers
    self.title = title
  }

  static let width = 640.0
  static let height = 420.0
  private static let margin = (left: 64.0, right: 20.0, top: 36.0, bottom: 44.0)

  /// Colours that people with any colour vision can tell apart.
  /// - Source: Okabe and Ito 2008, https://jfly.uni-koeln.de/color
  static let palette = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000",
  ]

  /// The picture as an SVG document.
  package var svg: String {
    let frame = Frame(
      x: Scale(
        values: layers.flatMap(\.xs), from: Self.margin.left, to: Self.width - Self.margin.right),
      y: Scale(
        values: layers.flatMap(\.ys), from: Self.height - Self.margin.bottom, to: Self.margin.top))
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(SVG.number(Self.width))" height="\(SVG.number(Self.height))" \
      viewBox="0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))" font-family="sans-serif" font-size="12">
      """,
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ]
    for case .regions(let columns, let rows, let values, let x, let y) in layers {
      parts += regions(columns, rows, values, x, y, frame)
    }
    parts += axes(frame)
    var series = 0
    var names: [(name: String, color: String)] = []
    for layer in layers {
      let color = Self.palette[series % Self.palette.count]
      switch layer {
      case .line(let name, let x, let y):
        parts.append(line(x, y, color, frame))
        names.append((name, color))
        series += 1
      case .scatter(let name, let x, let y, let groups):
        parts += scatter(x, y, groups, color, frame)
        if groups == nil { names.append((name, color)) }
        series += 1
      case .bars(let name, let edges, let heights):
        parts += bars(edges, heights, color, frame)
        names.append((name, color))
        series += 1
      case .regions: break
      }
    }
    if !title.isEmpty {
      parts.append(SVG.text(title, Self.width / 2, 22, anchor: "middle", size: 15))
    }
    parts += legend(names.filter { !$0.name.isEmpty })
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }

  private struct Frame {
    var x: Scale
    var y: Scale
  }

  private func axes(_ frame: Frame) -> [String] {
    let (left, right) = (Self.margin.left, Self.width - Self.margin.right)
    let (top, bottom) = (Self.margin.top, Self.height - Self.margin.bottom)
    var parts: [String] = []
    for tick in frame.x.ticks {
      let at = frame.x.place(tick)
      parts.append(SVG.line(at, bottom, at, bottom + 5, "#444444"))
      parts.append(SVG.text(SVG.number(tick), at, bottom + 19, anchor: "middle"))
    }
    for tick in frame.y.ticks {
      let at = frame.y.place(tick)
      parts.append(SVG.line(left, at, right, at, "#e4e4e4"))
      parts.append(SVG.line(left - 5, at, left, at, "#444444"))
      parts.append(SVG.text(SVG.number(tick), left - 9, at + 4, anchor: "end"))
    }
    parts.append(SVG.line(left, bottom, right, bottom, "#444444"))
    parts.append(SVG.line(left, top, left, bottom, "#444444"))
    return parts
  }

  /// A path; of more points than there are pixels only the lowest and highest of each column.
  private func line(_ x: [Double], _ y: [Double], _ color: String, _ frame: Frame) -> String {
    var points: [(Double, Double)?] = zip(x, y).map { $0.isFinite && $1.isFinite ? ($0, $1) : nil }
    let limit = Int(Self.width) * 2
    if points.count > 2 * limit {
      let size = (points.count + limit - 1) / limit
      points = stride(from: 0, to: points.count, by: size).flatMap { start -> [(Double, Double)?] in
        let part = points[start..<min(points.count, start + size)].compactMap { $0 }
        guard let low = part.min(by: { $0.1 < $1.1 }), let high = part.max(by: { $0.1 < $1.1 })
        else {
          return [nil]
        }
        return low.0 <= high.0 ? [low, high] : [high, low]
      }
    }
    var path = ""
    var isOpen = false
    for point in points {
      guard let (px, py) = point else {
        isOpen = false
        continue
      }
      path +=
        "\(isOpen ? "L" : "M")\(SVG.number(frame.x.place(px))) \(SVG.number(frame.y.place(py)))"
      isOpen = true
    }
    return
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>"
  }

  private func scatter(
    _ x: [Double], _ y: [Double], _ groups: [Int]?, _ color: String, _ frame: Frame
  ) -> [String] {
    zip(x, y).enumerated().compactMap { index, point in
      guard point.0.isFinite, point.1.isFinite else { return nil }
      let count = Self.palette.count
      let fill = groups.map { Self.palette[(($0[index] % count) + count) % count] } ?? color
      return
        "<circle cx=\"\(SVG.number(frame.x.place(point.0)))\" cy=\"\(SVG.number(frame.y.place(point.1)))\" "
        + "r=\"3.5\" fill=\"\(fill)\" stroke=\"#ffffff\" stroke-width=\"0.8\"/>"
    }
  }

  private func bars(_ edges: [Double], _ heights: [Double], _ color: String, _ frame: Frame)
    -> [String]
  {
    heights.indices.compactMap { index in
      guard index + 1 < edges.count, heights[index].isFinite else { return nil }
      let (a, b) = (frame.x.place(edges[index]), frame.x.place(edges[index + 1]))
      let (low, high) = (frame.y.place(0), frame.y.place(heights[index]))
      return SVG.rectangle(a + 0.5, min(low, high), max(b - a - 1, 0.5), abs(low - high), color)
    }
  }

  /// Equal cells of a row are one rectangle.
  private func regions(
    _ columns: Int, _ rows: Int, _ values: [Double], _ x: ClosedRange<Double>,
    _ y: ClosedRange<Double>, _ frame: Frame
  ) -> [String] {
    guard columns > 0, rows > 0, values.count == columns * rows else { return [] }
    let colors = RegionColors(values)
    var parts: [String] = []
    let (dx, dy) = (
      (x.upperBound - x.lowerBound) / Double(columns), (y.upperBound - y.lowerBound) / Double(rows)
    )
    for row in 0..<rows {
      var start = 0
      while start < columns {
        let color = colors.color(values[row * columns + start])
        var end = start + 1
        while end < columns, colors.color(values[row * columns + end]) == color { end += 1 }
        let left = frame.x.place(x.lowerBound + Double(start) * dx)
        let right = frame.x.place(x.lowerBound + Double(end) * dx)
        let bottom = frame.y.place(y.lowerBound + Double(row) * dy)
        let top = frame.y.place(y.lowerBound + Double(row + 1) * dy)
        // A little larger, so that no seam shows between neighbours.
        parts.append(SVG.rectangle(left, top, right - left + 0.4, bottom - top + 0.4, color))
        start = end
      }
    }
    return parts
  }

  private func legend(_ names: [(name: String, color: String)]) -> [String] {
    names.enumerated().flatMap { index, entry -> [String] in
      let y = Self.margin.top + 14 + Double(index) * 17
      let right = Self.width - Self.margin.right - 8
      return [
        SVG.rectangle(right - 12, y - 9, 12, 10, entry.color),
        SVG.text(entry.name, right - 18, y, anchor: "end"),
      ]
    }
  }
}

extension Chart.Layer {
  fileprivate var xs: [Double] {
    switch self {
    case .line(_, let x, _), .scatter(_, let x, _, _): x
    case .regions(_, _, _, let x, _): [x.lowerBound, x.upperBound]
    case .bars(_, let edges, _): edges
    }
  }

  fileprivate var ys: [Double] {
    switch self {
    case .line(_, _, let y), .scatter(_, _, let y, _): y
    case .regions(_, _, _, _, let y): [y.lowerBound, y.upperBound]
    case .bars(_, _, let heights): [0] + heights
    }
  }
}
