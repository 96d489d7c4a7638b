import CDLMKernels
import DLMTensor

/// Attention, a head, or where there are few a share of its queries, at a time.
extension Preparation {
  mutating func attention(_ attention: Attention, _ operands: [Memory], _ results: [Memory])
    -> [dlm_step]?
  {
    guard var arguments = arguments(attention, operands, results) else { return nil }
    (arguments.o, arguments.statistics) = (results[0].view(), results[1].view())
    return [step(kernels.attention, &arguments, products: 2)]
  }

  mutating func attentionGradient(_ attention: Attention, _ operands: [Memory], _ results: [Memory])
    -> [dlm_step]?
  {
    guard var arguments = arguments(attention, operands, results) else { return nil }
    let rest = operands.suffix(3).map { $0.view() }
    (arguments.o, arguments.statistics, arguments.dy) = (rest[0], rest[1], rest[2])
    arguments.dq = results[0].view()
    guard arguments.shares > 1 else {
      (arguments.dk, arguments.dv) = (results[1].view(), results[2].view())
      return [step(kernels.attention_gradient, &arguments, products: 5)]
    }
    // Each share sums up gradients of keys and values for itself; then all are added in order.
    let sums = results.dropFirst().map { takeShared(dims: [Int(arguments.shares)] + $0.dims) }
    let views = sums.map { $0.view(axes: Array($0.dims.indices.dropFirst())) }
    (arguments.dk, arguments.dv) = (views[0], views[1])
    (arguments.dk_share, arguments.dv_share) = (
      Int64(sums[0].strides[0]), Int64(sums[1].strides[0])
    )
    var steps = [step(kernels.attention_gradient, &arguments, products: 5)]
    for (sum, gradient) in zip(sums, results.dropFirst()) {
      var result = gradient
      result.dims.insert(1, at: 0)
      result.strides.insert(0, at: 0)
      guard let addition = reduce(.sum, .copy(), [0], [sum], [result]) else { return nil }
      steps += addition
    }
    return steps
  }

  /// What both have in common, or nil where no kernel can do it.
  private func arguments(_ attention: Attention, _ operands: [Memory], _ results: [Memory])
    -> dlm_attention?
  {
    let (q, k, v) = (operands[0], operands[1], operands[2])
    let rank = q.dims.count
    let mask = attention.hidden == nil ? nil : operands[3]
    let numbers = operands.indices.filter { mask == nil || $0 != 3 }.map { operands[$0] } + results
    guard (2...Int(DLM_RANK)).contains(rank), numbers.allSatisfy({ $0.elementType == .f32 }),
      mask.map({ $0.elementType == .bool && $0.isDense(along: rank - 1) }) ?? true,
      results.allSatisfy({ $0.isDense(along: rank - 1) })
    else { return nil }
    var arguments = dlm_attention()
    arguments.rank = Int32(rank - 2)
    fill(&arguments.dims, Array(q.dims.prefix(rank - 2)))
    (arguments.m, arguments.d) = (Int64(q.dims[rank - 2]), Int64(q.dims[rank - 1]))
    (arguments.n, arguments.e) = (Int64(v.dims[rank - 2]), Int64(v.dims[rank - 1]))
    arguments.scale = Float(attention.scale)
    arguments.hidden = Float(attention.hidden ?? 0)
    (arguments.q, arguments.k, arguments.v) = (q.view(), k.view(), v.view())
    if let mask { arguments.mask = mask.view() } else { arguments.mask.base = -1 }
    // Units for a few threads, whatever their number, of queries enough to make up for copies of all keys.
    let heads = q.dims.prefix(rank - 2).reduce(1, *)
    let (rows, wanted) = (q.dims[rank - 2], (8 + heads - 1) / max(1, heads))
    let most = rank < Int(DLM_RANK) ? max(1, min(wanted, rows / Attention.leastShare)) : 1
    let share = max(1, (rows + most - 1) / most)
    arguments.share = Int64(share)
    arguments.shares = Int64(max(1, (rows + share - 1) / share))
    return arguments
  }

  /// - Parameter products: of all queries with all keys.
  private mutating func step(_ work: dlm_work, _ arguments: inout dlm_attention, products: Double)
    -> dlm_step
  {
    let heads = withUnsafeBytes(of: arguments.dims) { dims in
      (0..<Int(arguments.rank)).reduce(1) {
        $0 * Int(dims.load(fromByteOffset: 8 * $1, as: Int64.self))
      }
    }
    let units = heads * Int(arguments.shares)
    let products = products * Double(arguments.m * arguments.n) * Double(arguments.d + 16)
    return step(
      work, arguments, units: units, cost: Double(heads) * products / 30,
      scratch: Int(kernels.attention_scratch(&arguments)))
  }
}

extension Memory {
  /// Whether neighbours along `axis` lie next to each other.
  fileprivate func isDense(along axis: Int) -> Bool { dims[axis] <= 1 || strides[axis] == 1 }
}
