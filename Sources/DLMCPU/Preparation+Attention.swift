import CDLMKernels
import DLMTensor

/// Attention, a head at a time.
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
    let gradients = results.map { $0.view() }
    (arguments.dq, arguments.dk, arguments.dv) = (gradients[0], gradients[1], gradients[2])
    return [step(kernels.attention_gradient, &arguments, products: 5)]
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
    let products = products * Double(arguments.m * arguments.n) * Double(arguments.d + 16)
    return step(
      work, arguments, units: heads, cost: Double(heads) * products / 30,
      scratch: Int(kernels.attention_scratch(&arguments)))
  }
}

extension Memory {
  /// Whether neighbours along `axis` lie next to each other.
  fileprivate func isDense(along axis: Int) -> Bool { dims[axis] <= 1 || strides[axis] == 1 }
}
