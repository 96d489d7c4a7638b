/// A graph without circles, drawn in layers from top to bottom.
package struct GraphDrawing: Sendable {
  package struct Node: Sendable {
    /// What stands in the box, a line each.
    package var lines: [String]
    /// Numbers of the nodes that it is made of; they stand before it.
    package var inputs: [Int]

    package init(lines: [String], inputs: [Int]) {
      self.lines = lines
      self.inputs = inputs
    }
  }

  package var nodes: [Node]

  package init(_ nodes: [Node]) { self.nodes = nodes }

  private static let gap = (across: 24.0, down: 46.0)

  /// The layer of each node: one below the lowest of its inputs.
  private var levels: [Int] {
    nodes.indices.reduce(into: [Int]()) { levels, index in
      levels.append(nodes[index].inputs.map { levels[$0] + 1 }.max() ?? 0)
    }
  }

  /// Nodes of each layer from left to right: by the mean place of their neighbours, a few times over.
  /// - Source: Sugiyama, Tagawa and Toda 1981, https://doi.org/10.1109/TSMC.1981.4308636
  private var order: [[Int]] {
    let levels = levels
    var rows = [[Int]](repeating: [], count: (levels.max() ?? -1) + 1)
    for index in nodes.indices { rows[levels[index]].append(index) }
    var place = [Double](repeating: 0, count: nodes.count)
    for row in rows {
      for (position, index) in row.enumerated() { place[index] = Double(position) }
    }
    var users = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { users[input].append(index) }
    }
    for sweep in 0..<6 {
      for number in sweep % 2 == 0 ? Array(rows.indices) : rows.indices.reversed() {
        let mean = { (index: Int) -> Double in
          let near = sweep % 2 == 0 ? nodes[index].inputs : users[index]
          return near.isEmpty
            ? place[index] : near.map { place[$0] }.reduce(0, +) / Double(near.count)
        }
        rows[number] = rows[number].enumerated().sorted {
          (mean($0.element), $0.offset) < (mean($1.element), $1.offset)
        }.map(\.element)
        for (position, index) in rows[number].enumerated() { place[index] = Double(position) }
      }
    }
    return rows
  }

  private func boxSize(_ node: Node) -> (width: Double, height: Double) {
    let longest = node.lines.map(\.count).max() ?? 0
    return (max(36, Double(longest) * 7.2 + 18), Double(max(1, node.lines.count)) * 16 + 12)
  }

  /// The picture as an SVG document.
  package var svg: String {
    var boxes = [(x: Double, y: Double, width: Double, height: Double)](
      repeating: (0, 0, 0, 0), count: nodes.count)
    let rows = order
    let widths = rows.map { row in
      row.map { boxSize(nodes[$0]).width + Self.gap.across }.reduce(-Self.gap.across, +)
    }
    let total = max(widths.max() ?? 0, 80)
    var y = 20.0
    for (number, row) in rows.enumerated() {
      var x = 20 + (total - widths[number]) / 2
      let height = row.map { boxSize(nodes[$0]).height }.max() ?? 0
      for index in row {
        let size = boxSize(nodes[index])
        boxes[index] = (x, y + (height - size.height) / 2, size.width, size.height)
        x += size.width + Self.gap.across
      }
      y += height + Self.gap.down
    }
    var parts: [String] = []
    for (index, node) in nodes.enumerated() {
      let to = boxes[index]
      for (position, input) in node.inputs.enumerated() {
        let from = boxes[input]
        let (x1, y1) = (from.x + from.width / 2, from.y + from.height)
        let share = Double(position + 1) / Double(node.inputs.count + 1)
        let (x2, y2) = (to.x + to.width * share, to.y)
        let middle = (y1 + y2) / 2
        parts.append(
          "<path d=\"M\(SVG.number(x1)) \(SVG.number(y1))C\(SVG.number(x1)) \(SVG.number(middle)) "
            + "\(SVG.number(x2)) \(SVG.number(middle)) \(SVG.number(x2)) \(SVG.number(y2 - 1))\" "
            + "fill=\"none\" stroke=\"#777777\" marker-end=\"url(#arrow)\"/>")
      }
    }
    for (index, node) in nodes.enumerated() {
      let box = boxes[index]
      let fill = node.inputs.isEmpty ? "#dbeefb" : "#ffffff"
      parts.append(
        "<rect x=\"\(SVG.number(box.x))\" y=\"\(SVG.number(box.y))\" width=\"\(SVG.number(box.width))\" "
          + "height=\"\(SVG.number(box.height))\" rx=\"5\" fill=\"\(fill)\" stroke=\"#444444\"/>")
      for (line, text) in node.lines.enumerated() {
        parts.append(
          SVG.text(text, box.x + box.width / 2, box.y + 18 + Double(line) * 16, anchor: "middle"))
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(SVG.number(total + 40))" height="\(SVG.number(y))" \
      viewBox="0 0 \(SVG.number(total + 40)) \(SVG.number(y))" font-family="sans-serif" font-size="12">
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path d="M0 0L8 4L0 8z" fill="#777777"/></marker></defs>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  /// The graph as text that documents can draw.
  package var mermaid: String {
    var lines = ["flowchart TD"]
    for (index, node) in nodes.enumerated() {
      let text = node.lines.joined(separator: "<br/>").replacing("\"", with: "'")
      lines.append("  n\(index)[\"\(text)\"]")
      for input in node.inputs { lines.append("  n\(input) --> n\(index)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
