import DLMTensor

// Rules for windows over what is put between numbers, or cut: the window itself can stand over an edge,
// by another width on each side.
extension Terms {
  /// A window over an image with a border of what changes nothing in it: it stands over the edge instead,
  /// and the image with its border is never made.
  mutating func simplifiedWindow(_ kernel: Kernel, _ term: Term) -> Int? {
    guard let border = kernel.border, let edge = edge(of: term.operands[0], border) else {
      return nil
    }
    var operands = term.operands
    operands[0] = edge.image
    if case .maxPoolGather = kernel {
      // What lies in the border is at no place of a largest element.
      guard let second = self.edge(of: operands[1], nil), second.low == edge.low,
        self[second.image].dims == self[edge.image].dims
      else { return nil }
      operands[1] = second.image
    }
    guard let wider = kernel.widened(low: edge.low, high: edge.high) else { return nil }
    return make(Term(.kernel(wider), operands, term.dims, term.elementType))
  }

  /// The part of an image that a gradient in it is wanted of: its window stands over the edges of that
  /// part.
  mutating func sliceOfImage(_ starts: [Int], _ steps: [Int], _ term: Term) -> Int? {
    let source = self[term.operands[0]]
    guard case .kernel(let kernel) = source.action, steps.allSatisfy({ $0 == 1 }),
      term.dims.prefix(2) == source.dims.prefix(2)
    else { return nil }
    let low = Array(starts.dropFirst(2))
    let high = starts.indices.dropFirst(2).map { source.dims[$0] - starts[$0] - term.dims[$0] }
    // Of an image that is cut into many parts, each would take as long as the whole.
    guard let window = kernel.window,
      window.size.indices.allSatisfy({
        max(low[$0], high[$0]) <= window.dilation[$0] * (window.size[$0] - 1)
      })
    else { return nil }
    var operands = source.operands
    switch kernel {
    case .convolveInputGradient, .meanPoolGradient: break
    case .maxPoolScatter:
      // Which places are largest must be known without the border.
      guard let edge = edge(of: operands[0], -.infinity), edge.low == low,
        self[edge.image].dims == term.dims
      else { return nil }
      operands[0] = edge.image
    default: return nil
    }
    guard let wider = kernel.widened(low: low, high: high) else { return nil }
    return make(Term(.kernel(wider), operands, term.dims, term.elementType))
  }

  /// The image inside of a border of `value`, any where that is `nil`, and how wide the border is.
  private func edge(of index: Int, _ value: Double?) -> (image: Int, low: [Int], high: [Int])? {
    let padded = self[index]
    guard case .pad(let low, let steps, let found) = padded.action, found == value ?? found,
      steps.allSatisfy({ $0 == 1 })
    else { return nil }
    let image = padded.operands[0]
    let dims = self[image].dims
    guard dims.prefix(2) == padded.dims.prefix(2), !dims.contains(0) else { return nil }
    let high = dims.indices.dropFirst(2).map { padded.dims[$0] - dims[$0] - low[$0] }
    return (image, Array(low.dropFirst(2)), high)
  }
}

extension Kernel {
  /// What a border of the first operand may be for a window to look beyond it the same.
  fileprivate var border: Double? {
    switch self {
    case .convolve, .convolveWeightGradient, .meanPool: 0
    case .maxPool, .maxPoolGather: -.infinity
    default: nil
    }
  }

  /// The same kernel on images without a border so wide.
  fileprivate func widened(low: [Int], high: [Int]) -> Kernel? {
    func wider(_ window: Window) -> Window {
      Window(
        size: window.size, stride: window.stride, low: zip(window.low, low).map { $0 + $1 },
        high: zip(window.high, high).map { $0 + $1 }, dilation: window.dilation)
    }
    // Layouts are chosen later: until then all images are row-major.
    return switch self {
    case .convolve(let window, let groups, .rowMajor, nil):
      .convolve(wider(window), groups: groups, .rowMajor, epilogue: nil)
    case .convolveInputGradient(let window, let groups, .rowMajor):
      .convolveInputGradient(wider(window), groups: groups, .rowMajor)
    case .convolveWeightGradient(let window, let groups, .rowMajor, _):
      .convolveWeightGradient(wider(window), groups: groups, .rowMajor)
    case .maxPool(let window, .rowMajor): .maxPool(wider(window), .rowMajor)
    case .maxPoolScatter(let window, .rowMajor): .maxPoolScatter(wider(window), .rowMajor)
    case .maxPoolGather(let window, .rowMajor): .maxPoolGather(wider(window), .rowMajor)
    case .meanPool(let window, .rowMajor): .meanPool(wider(window), .rowMajor)
    case .meanPoolGradient(let window, .rowMajor): .meanPoolGradient(wider(window), .rowMajor)
    default: nil
    }
  }
}
