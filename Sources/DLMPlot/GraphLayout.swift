/// Where the boxes of a graph stand and its edges run, in layers from top to bottom.
///
/// An edge that passes layers has a bend of its own in each of them, which takes a place beside the boxes
/// there: so no edge runs behind a box that it has nothing to do with.
/// - Source: Sugiyama, Tagawa and Toda 1981, https://doi.org/10.1109/TSMC.1981.4308636
struct GraphLayout {
  struct Box {
    var x = 0.0
    var y = 0.0
    var width = 0.0
    var height = 0.0

    var center: Double { x + width / 2 }
  }

  /// A place of an edge; where it goes straight down through a layer, from `top` to `bottom`.
  struct Point {
    var x: Double
    var top: Double
    var bottom: Double
  }

  /// Of the nodes, then of the bends.
  private(set) var boxes: [Box]
  /// One for each input of each node, from the input to the node.
  private(set) var routes: [[Point]] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  private static let gap = (across: 24.0, down: 46.0)

  init(_ nodes: [GraphDrawing.Node]) {
    boxes = nodes.map { node in
      let longest = node.lines.map(\.count).max() ?? 0
      return Box(
        width: max(36, Double(longest) * 7.2 + 18),
        height: Double(max(1, node.lines.count)) * 16 + 12)
    }
    // One below the lowest of its inputs.
    var levels = nodes.indices.reduce(into: [Int]()) { levels, index in
      levels.append(nodes[index].inputs.map { levels[$0] + 1 }.max() ?? 0)
    }
    var paths: [(path: [Int], share: Double)] = []
    for (index, node) in nodes.enumerated() {
      for (position, input) in node.inputs.enumerated() {
        var path = [input]
        for level in levels[input] + 1..<max(levels[input] + 1, levels[index]) {
          path.append(boxes.count)
          boxes.append(Box(width: 2))
          levels.append(level)
        }
        paths.append((path + [index], Double(position + 1) / Double(node.inputs.count + 1)))
      }
    }
    var (above, below) = (
      [[Int]](repeating: [], count: boxes.count), [[Int]](repeating: [], count: boxes.count)
    )
    for (path, _) in paths {
      for (from, to) in zip(path, path.dropFirst()) {
        above[to].append(from)
        below[from].append(to)
      }
    }
    let rows = Self.ordered(levels, above, below)
    place(rows, above, below)
    route(paths, rows, levels)
  }

  /// Each layer from left to right: by the mean place of the neighbours, a few times over.
  private static func ordered(_ levels: [Int], _ above: [[Int]], _ below: [[Int]]) -> [[Int]] {
    var rows = [[Int]](repeating: [], count: (levels.max() ?? -1) + 1)
    for index in levels.indices { rows[levels[index]].append(index) }
    var place = [Double](repeating: 0, count: levels.count)
    for row in rows {
      for (position, index) in row.enumerated() { place[index] = Double(position) }
    }
    for sweep in 0..<8 {
      let near = sweep % 2 == 0 ? above : below
      for number in sweep % 2 == 0 ? Array(rows.indices) : rows.indices.reversed() {
        let mean = { (index: Int) -> Double in
          near[index].isEmpty
            ? place[index] : near[index].map { place[$0] }.reduce(0, +) / Double(near[index].count)
        }
        rows[number] = rows[number].enumerated().sorted {
          (mean($0.element), $0.offset) < (mean($1.element), $1.offset)
        }.map(\.element)
        for (position, index) in rows[number].enumerated() { place[index] = Double(position) }
      }
    }
    return rows
  }

  /// Puts each box near the middle of its neighbours, with a gap to those beside it.
  private mutating func place(_ rows: [[Int]], _ above: [[Int]], _ below: [[Int]]) {
    for row in rows {
      var x = 0.0
      for index in row {
        boxes[index].x = x
        x += boxes[index].width + Self.gap.across
      }
    }
    for sweep in 0..<8 {
      let near = sweep % 2 == 0 ? above : below
      for row in sweep % 2 == 0 ? rows : rows.reversed() { spread(row, toward: near) }
    }
    let left = boxes.map(\.x).min() ?? 0
    for index in boxes.indices { boxes[index].x += 20 - left }
    width = max(80, boxes.map { $0.x + $0.width }.max() ?? 0) + 20
    var y = 20.0
    for row in rows {
      let tallest = row.map { boxes[$0].height }.max() ?? 0
      for index in row { boxes[index].y = y + (tallest - boxes[index].height) / 2 }
      y += tallest + Self.gap.down
    }
    height = rows.isEmpty ? 40 : y - Self.gap.down + 20
  }

  /// The mean of two placings that keep the order and the gaps, one from either end.
  private mutating func spread(_ row: [Int], toward near: [[Int]]) {
    let wanted = row.map { index in
      near[index].isEmpty
        ? boxes[index].center
        : near[index].map { boxes[$0].center }.reduce(0, +) / Double(near[index].count)
    }
    func apart(_ position: Int) -> Double {
      (boxes[row[position]].width + boxes[row[position + 1]].width) / 2 + Self.gap.across
    }
    var (fromLeft, fromRight) = (wanted, wanted)
    for position in row.indices.dropFirst() {
      fromLeft[position] = max(wanted[position], fromLeft[position - 1] + apart(position - 1))
    }
    for position in row.indices.dropLast().reversed() {
      fromRight[position] = min(wanted[position], fromRight[position + 1] - apart(position))
    }
    for (position, index) in row.enumerated() {
      boxes[index].x = (fromLeft[position] + fromRight[position]) / 2 - boxes[index].width / 2
    }
  }

  private mutating func route(
    _ paths: [(path: [Int], share: Double)], _ rows: [[Int]], _ levels: [Int]
  ) {
    let spans = rows.map { row in
      (
        top: row.map { boxes[$0].y }.min() ?? 0,
        bottom: row.map { boxes[$0].y + boxes[$0].height }.max() ?? 0
      )
    }
    routes = paths.map { path, share in
      path.enumerated().map { position, index in
        let box = boxes[index]
        let bottom = box.y + box.height
        if position == 0 { return Point(x: box.center, top: bottom, bottom: bottom) }
        if position == path.count - 1 {
          return Point(x: box.x + box.width * share, top: box.y - 1, bottom: box.y - 1)
        }
        return Point(
          x: box.center, top: spans[levels[index]].top, bottom: spans[levels[index]].bottom)
      }
    }
  }
}
