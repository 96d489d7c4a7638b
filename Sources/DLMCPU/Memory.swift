import CDLMKernels
import DLMTensor

/// A strided array as kernels see it: a view whose buffer may also be scratch memory.
struct Memory {
  /// Numbers of the memories in `dlm_run.bases`.
  static let arena = 0
  static let shared = 1
  /// What a loop makes ready before its first place.
  static let held = 2
  static let firstSlot = 3

  var base: Int
  /// Bytes from the start of the base to the first element.
  var offset: Int
  var elementType: ElementType
  var dims: [Int]
  var strides: [Int]

  init(base: Int, offset: Int, _ elementType: ElementType, dims: [Int], strides: [Int]) {
    self.base = base
    self.offset = offset
    self.elementType = elementType
    self.dims = dims
    self.strides = strides
  }

  init(_ view: View) {
    let inside = view.offset * view.elementType.byteCount
    switch view.buffer {
    case .arena(let byteOffset): (base, offset) = (Memory.arena, byteOffset + inside)
    case .slot(let slot): (base, offset) = (Memory.firstSlot + slot, inside)
    }
    elementType = view.elementType
    dims = view.dims
    strides = view.strides
  }

  /// Row-major scratch shared by all threads.
  static func shared(_ elementType: ElementType = .f32, offset: Int = 0, dims: [Int]) -> Memory {
    Memory(
      base: shared, offset: offset, elementType, dims: dims, strides: Shape(dims).strides)
  }

  var count: Int { dims.reduce(1, *) }
  var byteCount: Int { count * elementType.byteCount }

  /// Whether elements lie in row-major order without gaps.
  var isDense: Bool {
    zip(zip(dims, strides), Shape(dims).strides).allSatisfy { $0.0 == 1 || $0.1 == $1 }
  }

  /// First and last byte that an element may touch, relative to the base.
  var byteRange: ClosedRange<Int> {
    var (low, high) = (0, 0)
    for (dim, stride) in zip(dims, strides) where dim > 1 {
      if stride < 0 { low += (dim - 1) * stride } else { high += (dim - 1) * stride }
    }
    let size = elementType.byteCount
    return offset + low * size...offset + high * size + size - 1
  }

  func overlaps(_ other: Memory) -> Bool {
    base == other.base && byteRange.overlaps(other.byteRange)
  }

  /// The C view, its strides along `axes` (all where nil).
  func view(axes: [Int]? = nil) -> dlm_view {
    var view = dlm_view()
    view.base = Int32(base)
    view.type = dlm_type(UInt32(elementType.rawValue))
    view.offset = Int64(offset)
    fill(&view.strides, (axes ?? Array(dims.indices)).map { strides[$0] })
    return view
  }

  /// The same elements with axes in another order.
  func permuted(_ axes: [Int]) -> Memory {
    Memory(
      base: base, offset: offset, elementType, dims: axes.map { dims[$0] },
      strides: axes.map { strides[$0] })
  }
}

/// Writes `values` into a C array of 64-bit integers, which Swift sees as a tuple.
func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
  withUnsafeMutableBytes(of: &tuple) { bytes in
    precondition(values.count * 8 <= bytes.count, "as many values as the array holds")
    for (index, value) in values.enumerated() {
      bytes.storeBytes(of: Int64(value), toByteOffset: 8 * index, as: Int64.self)
    }
  }
}

/// Arrays over one index space, with axes of length 1 dropped and axes merged that lie next to each
/// other in every array.
struct IndexSpace {
  var dims: [Int]
  var arrays: [Memory]

  /// - Returns: nil where more axes are left than kernels take.
  init?(_ arrays: [Memory], dims: [Int]) {
    let axes = dims.indices.filter { dims[$0] != 1 }
    var merged: [Int] = []
    var strides = arrays.map { _ in [Int]() }
    for axis in axes {
      let joins =
        !merged.isEmpty
        && arrays.indices.allSatisfy {
          strides[$0][merged.count - 1] == arrays[$0].strides[axis] * dims[axis]
        }
      if joins {
        merged[merged.count - 1] *= dims[axis]
        for index in arrays.indices {
          strides[index][merged.count - 1] = arrays[index].strides[axis]
        }
      } else {
        merged.append(dims[axis])
        for index in arrays.indices { strides[index].append(arrays[index].strides[axis]) }
      }
    }
    if merged.isEmpty {
      merged = [1]
      for index in arrays.indices { strides[index] = [0] }
    }
    guard merged.count <= DLM_RANK else { return nil }
    self.dims = merged
    self.arrays = zip(arrays, strides).map {
      Memory(base: $0.base, offset: $0.offset, $0.elementType, dims: merged, strides: $1)
    }
  }

  var count: Int { dims.reduce(1, *) }

  /// After how many elements of the space `memory` is read from its start again, 1 where that is never or
  /// always. Of several periods the longest is a multiple of all.
  func period(of memory: Memory) -> Int {
    guard let first = memory.strides.firstIndex(where: { $0 != 0 }), first > 0 else { return 1 }
    return dims[first...].reduce(1, *)
  }

  /// Whether elements of `memory` until then follow each other.
  func isDenseInPeriod(_ memory: Memory) -> Bool {
    guard let first = memory.strides.firstIndex(where: { $0 != 0 }) else { return false }
    return Array(memory.strides[first...]) == Shape(Array(dims[first...])).strides
  }
}
