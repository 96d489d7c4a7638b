import CDLMKernels
import DLMTensor

extension Preparation {
  /// Registers that fit the C interpreter's table.
  private static let registerLimit = 250

  /// The kernels that compute in `domain`, or nil where no kernel does.
  func kernels(for domain: ElementType) -> dlm_kernels? {
    switch domain {
    case .f32: kernels
    case .f64: dlm_kernels_generic(dlm_f64)?.pointee
    case .i64: dlm_kernels_generic(dlm_i64)?.pointee
    case .i32, .u8, .bool, .f16, .bf16: nil
    }
  }

  /// A program over an index space, or nil where it has too many registers.
  ///
  /// - Parameter writes: whether results are written to their memory; else the first is only evaluated.
  mutating func prepared(_ program: ScalarProgram, _ space: IndexSpace, writes: Bool = true)
    -> PreparedProgram?
  {
    guard let kernels = kernels(for: program.domain),
      program.registerCount <= Preparation.registerLimit
    else { return nil }
    var space = space
    var copies: [dlm_step] = []
    if !program.steps.isEmpty {
      for input in 0..<program.inputCount {
        let operand = space.arrays[input]
        guard program.domain == .f32, operand.base >= 0,
          let (copy, steps) = repeated(operand, space) ?? turned(operand, space)
        else { continue }
        space.arrays[input] = copy
        copies += steps
      }
    }
    var prepared = PreparedProgram(program, space, kernels: kernels, writes: writes, arguments)
    prepared.before = copies
    return prepared
  }

  /// An operand that is read over and over and whose neighbours do not lie side by side, such as a number for
  /// each channel of images with samples in lanes, as a dense one that steps copy first. A short one is held in
  /// a tile instead.
  private mutating func repeated(_ memory: Memory, _ space: IndexSpace) -> (Memory, [dlm_step])? {
    let period = space.period(of: memory)
    guard period > DLM_TILE, period <= Self.repeatedLimit, space.count >= 4 * period,
      memory.elementType != .f32 || !space.isDenseInPeriod(memory)
    else { return nil }
    let first = space.dims.count - memory.strides.drop { $0 == 0 }.count
    var source = memory
    source.dims = Array(space.dims[first...])
    source.strides = Array(memory.strides[first...])
    var copy = takeShared(dims: source.dims)
    guard let steps = map(.copy(), [source], [copy]) else { return nil }
    copy.dims = space.dims
    copy.strides = [Int](repeating: 0, count: first) + copy.strides
    return (copy, steps)
  }

  /// An operand whose neighbours along the last axis lie far apart, but those along another side by side, as a
  /// copy: blocks of both axes are turned faster than lines of cache are read for an element each.
  private mutating func turned(_ memory: Memory, _ space: IndexSpace) -> (Memory, [dlm_step])? {
    guard let last = memory.strides.last, last >= 64, !memory.strides.contains(0),
      memory.elementType == .f32, space.count >= 1 << 14, space.count <= Self.turnedLimit,
      let axis = memory.strides.firstIndex(of: 1), min(space.dims[axis], space.dims.last!) >= 8
    else { return nil }
    let copy = takeShared(dims: space.dims)
    return map(.copy(), [memory], [copy]).map { (copy, $0) }
  }

  /// Numbers that stay in the third cache.
  private static var turnedLimit: Int { 1 << 22 }

  /// Numbers that stay in the second cache.
  private static var repeatedLimit: Int { 1 << 16 }

  mutating func map(_ program: ScalarProgram, _ operands: [Memory], _ results: [Memory])
    -> [dlm_step]?
  {
    // Any order of the axes gives the same elements; take the one in which results are dense.
    let order = results[0].dims.indices.sorted { a, b in
      let (first, second) = (abs(results[0].strides[a]), abs(results[0].strides[b]))
      return first != second ? first > second : a < b
    }
    let arrays = (operands + results).map { $0.permuted(order) }
    guard let space = IndexSpace(arrays, dims: order.map { results[0].dims[$0] }) else {
      return nil
    }
    if program.isCopy, let transpose = transpose(space) { return [transpose] }
    guard let kernels = kernels(for: program.domain), let prepared = prepared(program, space)
    else { return nil }
    // Eight units for threads to share; where each would be more than a tile, whole tiles, but few.
    let (tile, lanes) = (Int(prepared.program.tile), Int(kernels.lanes))
    let share = (space.count + 7) / 8
    let unit =
      share < tile ? max(1, (share + lanes - 1) / lanes) * lanes : min(4, share / tile) * tile
    let map = dlm_map(
      program: prepared.program, count: Int64(space.count), unit: Int64(unit))
    return prepared.before + [
      step(
        kernels.map, map, units: (space.count + unit - 1) / unit,
        cost: Double(space.count) * prepared.cost, scratch: prepared.scratchByteCount)
    ]
  }

  /// A program over a dense result, its first operand, applied range by range by the kernel that makes it;
  /// the first result takes the place of that operand.
  ///
  /// - Returns: the map and what it takes, which is to be done `before` too.
  mutating func epilogue(_ program: ScalarProgram, _ extra: [Memory], _ results: [Memory])
    -> (UnsafePointer<dlm_map>, PreparedProgram)?
  {
    guard program.domain == .f32,
      let space = IndexSpace([results[0]] + extra + results, dims: results[0].dims),
      let prepared = prepared(program, space)
    else { return nil }
    let map = dlm_map(program: prepared.program, count: Int64(space.count), unit: 1)
    return (arguments.copy(map), prepared)
  }

  /// A copy whose source is dense along another axis than its result.
  private mutating func transpose(_ space: IndexSpace) -> dlm_step? {
    let (source, target) = (space.arrays[0], space.arrays[1])
    let sameFour = source.elementType == target.elementType && source.elementType.byteCount == 4
    guard sameFour || (source.elementType == .u8 && target.elementType == .f32),
      let columns = space.dims.indices.last, space.dims.count > 1, target.strides[columns] == 1,
      source.strides[columns] != 1, source.strides[columns] != 0,
      let rows = space.dims.indices.dropLast().first(where: { source.strides[$0] == 1 }),
      space.dims[rows] >= 8
    else { return nil }
    var order = space.dims.indices.filter { $0 != rows && $0 != columns }
    order += [rows, columns]
    var (from, to) = (source.permuted(order), target.permuted(order))
    // Few outer indices would leave threads idle: take blocks of rows as an axis of their own.
    let length = space.dims[rows]
    let block = stride(from: 128, through: 16, by: -16).first { length % $0 == 0 && length > $0 }
    if let block, from.dims.count < DLM_RANK {
      from = from.splittingRows(by: block)
      to = to.splittingRows(by: block)
    }
    var arguments = dlm_transpose()
    arguments.source = from.view()
    arguments.target = to.view()
    arguments.rank = Int32(from.dims.count)
    fill(&arguments.dims, from.dims)
    return step(
      kernels.transpose, arguments, units: from.dims.dropLast(2).reduce(1, *),
      cost: Double(space.count) * 0.3)
  }
}

extension Memory {
  /// The last axis but one as two, the inner of length `block`.
  fileprivate func splittingRows(by block: Int) -> Memory {
    let axis = dims.count - 2
    var result = self
    result.dims[axis] /= block
    result.strides[axis] *= block
    result.dims.insert(block, at: axis + 1)
    result.strides.insert(strides[axis], at: axis + 1)
    return result
  }
}
