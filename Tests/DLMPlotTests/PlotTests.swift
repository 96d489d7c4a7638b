import CZlib
import Foundation
import Testing

@testable import DLMPlot

@Suite struct PlotTests {
  /// Whether a document is well-formed.
  static func parses(_ text: String) -> Bool {
    var depth = 0
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "<") {
      guard let close = rest[open...].firstIndex(of: ">") else { return false }
      let tag = rest[open...close]
      if tag.hasPrefix("</") { depth -= 1 } else if !tag.hasSuffix("/>") { depth += 1 }
      if depth < 0 || tag.filter({ $0 == "\"" }).count % 2 != 0 { return false }
      rest = rest[rest.index(after: close)...]
    }
    return depth == 0
  }

  @Test func `gaps, constants and nothing give pictures without garbage`() {
    let charts = [
      Chart([]), Chart([.line(name: "a", x: [], y: [])]),
      Chart(
        [.line(name: "a & <b>", x: [0, 1, 2, 3], y: [1, .nan, .infinity, 2])], title: "x < y"),
      Chart([.scatter(name: "p", x: [1], y: [5], groups: [-3])]),
      Chart([.bars(name: "h", edges: [0, 1, 2], heights: [3, 4])]),
      Chart([.regions(columns: 2, rows: 2, values: [0, 1, 1, .nan], x: 0...1, y: -1...1)]),
    ]
    for chart in charts {
      let svg = chart.svg
      #expect(Self.parses(svg), "\(svg)")
      #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }
  }

  @Test func `marks are round numbers within the axis`() {
    for (low, high) in [(0.0, 1.0), (-3, 7), (1e-6, 3e-6), (0, 12345), (5, 5), (-0.001, 0.0013)] {
      let scale = Scale(values: [low, high], from: 0, to: 100)
      #expect((3...12).contains(scale.ticks.count), "\(low)...\(high): \(scale.ticks)")
      for tick in scale.ticks { #expect((-0.01...100.01).contains(scale.place(tick))) }
    }
  }

  @Test func `a million points make a small file`() {
    let x = (0..<1_000_000).map(Double.init)
    let chart = Chart([.line(name: "", x: x, y: x.map { sin($0 / 1000) })])
    #expect(chart.svg.utf8.count < 200_000)
  }

  @Test func `numbers are short`() {
    #expect(SVG.number(0.30000000000000004) == "0.3")
    #expect(SVG.number(-2) == "-2")
    #expect(SVG.number(1e-7) == "1e-7")
    #expect(SVG.number(2.5e9) == "2500000000")
  }

  @Test func `the pixels of a PNG are the images`() throws {
    let grid = try #require(ImageGrid([2, 1, 1, 2], [0, 1, 0.5, 0.25]))
    let png = grid.png
    #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // Width 5 and height 1: two images of two pixels with one between.
    #expect(Array(png[16..<24]) == [0, 0, 0, 5, 0, 0, 0, 1])
    let start = try #require(
      (0..<png.count - 4).first { Array(png[$0..<$0 + 4]) == Array("IDAT".utf8) })
    var raw = [UInt8](repeating: 0, count: 16)
    var count = UInt(raw.count)
    #expect(
      uncompress(&raw, &count, Array(png[(start + 4)...]), UInt(png.count - start - 4)) == Z_OK)
    #expect(raw == [0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 128, 128, 128, 64, 64, 64])
    #expect(ImageGrid([2, 2, 1, 1], [0, 0, 0, 0]) == nil)
    #expect(Self.parses(grid.svg))
  }

  @Test func `boxes of a graph do not overlap and edges are drawn`() {
    let nodes = [
      GraphDrawing.Node(lines: ["x", "2"], inputs: []), .init(lines: ["y", "3"], inputs: []),
      .init(lines: ["x * y", "6"], inputs: [0, 1]), .init(lines: ["<sin>"], inputs: [0]),
      .init(lines: ["+"], inputs: [2, 3, 1]),
    ]
    let layout = GraphLayout(nodes)
    for (index, box) in layout.boxes.enumerated() {
      for other in layout.boxes[..<index] {
        let isBeside = box.x >= other.x + other.width || other.x >= box.x + box.width
        #expect(isBeside || box.y >= other.y + other.height || other.y >= box.y + box.height)
      }
    }
    let drawing = GraphDrawing(nodes)
    #expect(Self.parses(drawing.svg))
    #expect(drawing.svg.components(separatedBy: "marker-end").count - 1 == 6)
    // Straight through each layer that it passes, an edge keeps off the boxes there.
    for point in layout.routes.flatMap({ $0.dropFirst().dropLast() }) {
      for box in layout.boxes[..<nodes.count]
      where box.y < point.bottom && point.top < box.y + box.height {
        #expect(point.x < box.x || point.x > box.x + box.width)
      }
    }
    #expect(layout.routes.map(\.count).max() == 3)
    #expect(drawing.mermaid.hasPrefix("flowchart TD\n  n0[\"x<br/>2\"]\n"))
  }
}
