import DLMTensor

extension Kernel {
  /// The window that it slides over images, if it does.
  var window: Window? {
    switch self {
    case .convolve(let window, _, _, _), .convolveInputGradient(let window, _, _),
      .convolveWeightGradient(let window, _, _, _), .maxPool(let window, _),
      .maxPoolScatter(let window, _), .maxPoolGather(let window, _), .meanPool(let window, _),
      .meanPoolGradient(let window, _):
      window
    case .map, .reduce, .indexOf, .matmul, .attention, .attentionGradient, .gather, .scatterAdd,
      .pick, .place, .random, .iota,
      .routine, .loop:
      nil
    }
  }

  /// Into how many groups a convolution divides its channels.
  var groups: Int {
    switch self {
    case .convolve(_, let groups, _, _), .convolveInputGradient(_, let groups, _),
      .convolveWeightGradient(_, let groups, _, _):
      groups
    default: 1
    }
  }

  /// Whether its result is shaped like the weights of a convolution, not like an image.
  var yieldsWeights: Bool {
    if case .convolveWeightGradient = self { true } else { false }
  }

  /// Which operands are images.
  func imagePlaces(operandCount: Int) -> [Int] {
    switch self {
    case .convolve, .convolveInputGradient: [0]
    case .convolveWeightGradient, .maxPool, .maxPoolScatter, .maxPoolGather, .meanPool,
      .meanPoolGradient:
      Array(0..<operandCount)
    case .map, .reduce, .indexOf, .matmul, .attention, .attentionGradient, .gather, .scatterAdd,
      .pick, .place, .random, .iota,
      .routine, .loop:
      []
    }
  }

  /// An operand of `term` that is an image.
  func imageOperand(_ term: Term) -> Int { term.operands[0] }

  /// The same kernel on images that lie in `layout`; the last `absent` samples of theirs are not there.
  func laidOut(_ layout: Layout, absent: Int = 0) -> Kernel {
    switch self {
    case .convolve(let window, let groups, _, let epilogue):
      .convolve(window, groups: groups, layout, epilogue: epilogue)
    case .convolveInputGradient(let window, let groups, _):
      .convolveInputGradient(window, groups: groups, layout)
    case .convolveWeightGradient(let window, let groups, _, _):
      .convolveWeightGradient(window, groups: groups, layout, absent: absent)
    case .maxPool(let window, _): .maxPool(window, layout)
    case .maxPoolScatter(let window, _): .maxPoolScatter(window, layout)
    case .maxPoolGather(let window, _): .maxPoolGather(window, layout)
    case .meanPool(let window, _): .meanPool(window, layout)
    case .meanPoolGradient(let window, _): .meanPoolGradient(window, layout)
    case .map, .reduce, .indexOf, .matmul, .attention, .attentionGradient, .gather, .scatterAdd,
      .pick, .place, .random, .iota,
      .routine, .loop:
      self
    }
  }
}
