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

  /// The picture as an SVG document.
  package var svg: String {
    let layout = GraphLayout(nodes)
    let parts =
      layout.routes.map { edge(along: $0) } + nodes.indices.flatMap { box($0, layout.boxes[$0]) }
    let (width, height) = (SVG.number(layout.width), SVG.number(layout.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path d="M0 0L8 4L0 8z" fill="#777777"/></marker></defs>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  /// A curve from layer to layer, straight through those that it passes.
  private func edge(along route: [GraphLayout.Point]) -> String {
    var path = "M\(SVG.number(route[0].x)) \(SVG.number(route[0].top))"
    for (from, to) in zip(route, route.dropFirst()) {
      let (y1, y2) = (from.bottom, to.top)
      let middle = SVG.number((y1 + y2) / 2)
      path +=
        "C\(SVG.number(from.x)) \(middle) \(SVG.number(to.x)) \(middle) \(SVG.number(to.x)) \(SVG.number(y2))"
      if to.bottom > to.top { path += "L\(SVG.number(to.x)) \(SVG.number(to.bottom))" }
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#777777\" marker-end=\"url(#arrow)\"/>"
  }

  private func box(_ index: Int, _ box: GraphLayout.Box) -> [String] {
    let fill = nodes[index].inputs.isEmpty ? "#dbeefb" : "#ffffff"
    let frame =
      "<rect x=\"\(SVG.number(box.x))\" y=\"\(SVG.number(box.y))\" width=\"\(SVG.number(box.width))\" "
      + "height=\"\(SVG.number(box.height))\" rx=\"5\" fill=\"\(fill)\" stroke=\"#444444\"/>"
    return [frame]
      + nodes[index].lines.enumerated().map { line, text in
        SVG.text(text, box.x + box.width / 2, box.y + 18 + Double(line) * 16, anchor: "middle")
      }
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
