import DLMTensor

/// Where the elements of a term lie in the dense, row-major memory of another.
struct Access: Hashable {
  var offset = 0
  var dims: [Int]
  var strides: [Int]

  /// All elements in order.
  init(dense dims: [Int]) {
    self.dims = dims
    strides = Shape(dims).strides
  }

  /// Whether the elements lie in row-major order without gaps.
  var isDense: Bool {
    zip(zip(dims, strides), Shape(dims).strides).allSatisfy { $0.0 == 1 || $0.1 == $1 }
  }

  /// What `view` shows of these elements, which are its operand's; `nil` where no strides can say it.
  func viewed(by view: Term) -> Access? {
    var result = self
    result.dims = view.dims
    switch view.action {
    case .broadcast(let axes):
      result.strides = view.dims.map { _ in 0 }
      for (axis, place) in axes.enumerated() {
        result.strides[place] = dims[axis] == view.dims[place] ? strides[axis] : 0
      }
    case .transpose(let order): result.strides = order.map { strides[$0] }
    case .slice(let starts, let steps):
      result.strides = zip(strides, steps).map { $0 * $1 }
      if view.count > 0 {
        result.offset += zip(strides, starts).reduce(0) { $0 + $1.0 * $1.1 }
      }
    case .reshape: return reshaped(to: view.dims)
    case .renewed: return self
    case .variable, .constant, .copy, .map, .cast, .pad, .concatenate, .reduce, .indexOf, .matmul,
      .kernel, .indexed, .loop, .part:
      return nil
    }
    return result
  }

  /// The same elements in the same order under other dims, if strides can say it.
  func reshaped(to newDims: [Int]) -> Access? {
    var result = self
    result.dims = newDims
    if dims.contains(0) || newDims.contains(0) {
      result.strides = Shape(newDims).strides
      return result
    }
    // Axes of the old dims, neighbours merged where their strides run through.
    var merged: [(dim: Int, stride: Int)] = []
    for (dim, stride) in zip(dims, strides) where dim != 1 {
      if let last = merged.last, last.stride == stride * dim {
        merged[merged.count - 1] = (last.dim * dim, stride)
      } else {
        merged.append((dim, stride))
      }
    }
    // Each is split among new axes, innermost first.
    result.strides = newDims.map { _ in 0 }
    var left = 1
    var stride = 0
    for axis in newDims.indices.reversed() where newDims[axis] != 1 {
      if left == 1 {
        guard let last = merged.popLast() else { return nil }
        (left, stride) = (last.dim, last.stride)
      }
      guard left % newDims[axis] == 0 else { return nil }
      result.strides[axis] = stride
      stride *= newDims[axis]
      left /= newDims[axis]
    }
    return left == 1 && merged.isEmpty ? result : nil
  }
}
