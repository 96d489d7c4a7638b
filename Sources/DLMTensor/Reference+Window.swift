// Convolutions and pooling: a window slides over the spatial axes of an image-like tensor.
extension Reference {
  func slideWindow(_ kernel: Kernel, _ operands: [Elements], _ results: [Elements]) {
    let result = results[0]
    switch kernel {
    case .convolve(let window, let groups, let layout, let epilogue):
      convolve(
        window, groups, layout, epilogue, Image(operands[0], layout), operands,
        results.map { Image($0, layout) })
    case .convolveInputGradient(let window, let groups, let layout):
      let (dy, dx) = (Image(operands[0], layout), Image(result, layout))
      let w = operands[1]
      result.forEachIndex { result[$0] = 0 }
      forEachIndex(of: dy.dims) { place in
        let factor = dy[place]
        forEachTap(of: place, window, groups, dx, dy.dims[1], w) {
          result[at: $0] += w[at: $1] * factor
        }
      }
    case .convolveWeightGradient(let window, let groups, let layout, let absent):
      let (x, dy) = (Image(operands[0], layout), Image(operands[1], layout))
      result.forEachIndex { result[$0] = 0 }
      forEachIndex(of: [dy.dims[0] - absent] + dy.dims.dropFirst()) { place in
        let factor = dy[place]
        forEachTap(of: place, window, groups, x, dy.dims[1], result) {
          result[at: $1] += operands[0][at: $0] * factor
        }
      }
    case .maxPool(let window, let layout), .maxPoolScatter(let window, let layout),
      .maxPoolGather(let window, let layout):
      maxPool(kernel, window, layout, operands, result)
    case .meanPool(let window, let layout), .meanPoolGradient(let window, let layout):
      meanPool(kernel, window, layout, operands[0], result)
    default: preconditionFailure("\(kernel) has no window")
    }
  }

  private func convolve(
    _ window: Window, _ groups: Int, _ layout: Layout, _ epilogue: ScalarProgram?, _ x: Image,
    _ operands: [Elements], _ results: [Image]
  ) {
    let (w, y) = (operands[1], results[0])
    let extra = operands.dropFirst(2).map { Image($0, layout) }
    forEachIndex(of: y.dims) { place in
      var sum = 0.0
      forEachTap(of: place, window, groups, x, y.dims[1], w) {
        sum += operands[0][at: $0] * w[at: $1]
      }
      let values = epilogue.map { $0.evaluate([sum] + extra.map { $0[place] }) } ?? [sum]
      for (result, value) in zip(results, values) { result[place] = value }
    }
  }

  private func maxPool(
    _ kernel: Kernel, _ window: Window, _ layout: Layout, _ operands: [Elements],
    _ result: Elements
  ) {
    let (x, y) = (Image(operands[0], layout), Image(result, layout))
    let second = operands.count > 1 ? Image(operands[1], layout) : x
    if case .maxPoolScatter = kernel {
      result.forEachIndex { result[$0] = 0 }
      forEachIndex(of: second.dims) { place in
        if let best = largest(in: window, at: place, x) { y[best] += second[place] }
      }
    } else {
      // `maxPool` gathers from x itself; a window over nothing but padding is -∞, which has no derivative.
      let nothing: Double = if case .maxPoolGather = kernel { 0 } else { -.infinity }
      forEachIndex(of: y.dims) { place in
        y[place] = largest(in: window, at: place, x).map { second[$0] } ?? nothing
      }
    }
  }

  /// The place of the first largest element of the window at `place`; a NaN is larger than any number.
  private func largest(in window: Window, at place: [Int], _ x: Image) -> [Int]? {
    var best: [Int]?
    forEachPlace(in: window, at: place, x.dims) { candidate in
      guard let current = best else {
        best = candidate
        return
      }
      if x[candidate] > x[current] || (x[candidate].isNaN && !x[current].isNaN) { best = candidate }
    }
    return best
  }

  private func meanPool(
    _ kernel: Kernel, _ window: Window, _ layout: Layout, _ operand: Elements, _ result: Elements
  ) {
    let (from, to) = (Image(operand, layout), Image(result, layout))
    let share = 1 / Double(window.size.reduce(1, *))
    if case .meanPoolGradient = kernel {
      result.forEachIndex { result[$0] = 0 }
      forEachIndex(of: from.dims) { place in
        forEachPlace(in: window, at: place, to.dims) { to[$0] += share * from[place] }
      }
    } else {
      forEachIndex(of: to.dims) { place in
        var sum = 0.0
        forEachPlace(in: window, at: place, from.dims) { sum += from[$0] }
        to[place] = share * sum
      }
    }
  }

  /// Places of an input `[N, C, ...S]` that the window at output place `[n, c, ...t]` covers.
  private func forEachPlace(
    in window: Window, at place: [Int], _ dims: [Int], _ body: ([Int]) -> Void
  ) {
    forEachIndex(of: window.size) { offset in
      guard let spatial = covered(window, place, offset, dims) else { return }
      body(Array(place.prefix(2)) + spatial)
    }
  }

  /// The products that output `place` of `outputs` channels is the sum of: positions in x and in w.
  private func forEachTap(
    of place: [Int], _ window: Window, _ groups: Int, _ x: Image, _ outputs: Int, _ w: Elements,
    _ body: (Int, Int) -> Void
  ) {
    let inputs = w.dims[1]
    let first = place[1] / (outputs / groups) * inputs
    let dims = x.dims
    forEachIndex(of: window.size) { offset in
      guard let spatial = covered(window, place, offset, dims) else { return }
      let from = x.position([place[0], first] + spatial)
      let by = w.position([place[1], 0] + offset)
      for input in 0..<inputs {
        body(from + input * x.channelStride, by + input * w.view.strides[1])
      }
    }
  }

  /// Spatial place of the input under `offset` of the window at `place`; `nil` on padding.
  private func covered(_ window: Window, _ place: [Int], _ offset: [Int], _ dims: [Int]) -> [Int]? {
    var spatial = [Int]()
    for axis in offset.indices {
      let position =
        place[axis + 2] * window.stride[axis] + offset[axis] * window.dilation[axis]
        - window.low[axis]
      guard (0..<dims[axis + 2]).contains(position) else { return nil }
      spatial.append(position)
    }
    return spatial
  }
}

/// An image-like tensor addressed as `[n, c, ...s]`, however it lies in memory.
private struct Image {
  let elements: Elements
  let layout: Layout

  init(_ elements: Elements, _ layout: Layout) {
    self.elements = elements
    self.layout = layout
  }

  /// `[N, C, ...S]`.
  var dims: [Int] {
    let dims = elements.dims
    guard case .batchInner(let lanes) = layout else { return dims }
    return [dims[0] * lanes, dims[dims.count - 2]] + dims[1..<(dims.count - 2)]
  }

  /// How far from an element that of the next channel lies.
  var channelStride: Int {
    let strides = elements.view.strides
    return layout == .rowMajor ? strides[1] : strides[strides.count - 2]
  }

  subscript(place: [Int]) -> Double {
    get { elements[at: position(place)] }
    nonmutating set { elements[at: position(place)] = newValue }
  }

  /// Where in memory the element at `place` lies.
  func position(_ place: [Int]) -> Int {
    guard case .batchInner(let lanes) = layout else { return elements.position(place) }
    return elements.position(
      [place[0] / lanes] + place[2...] + [place[1], place[0] % lanes])
  }
}
