// Kernels that read and write at places given by numbers.
extension Reference {
  func index(_ kernel: Kernel, _ operands: [Elements], _ result: Elements, label: String)
    throws(ExecutionError)
  {
    let (x, indices) = (operands[0], operands[1])
    // The axis that indices point into: of x where elements are read, of the result where written.
    let reads = kernel == .gather || kernel == .pick
    let count = reads ? x.dims[1] : result.dims[1]
    try check(indices, count: count, label: label)
    if !reads { result.forEachIndex { result[$0] = 0 } }
    switch kernel {
    case .gather:
      result.forEachIndex { result[$0] = x[[$0[0], Int(indices[[$0[1]]]), $0[2]]] }
    case .scatterAdd:
      x.forEachIndex { place in
        result[[place[0], Int(indices[[place[1]]]), place[2]]] += x[place]
      }
    case .pick:
      result.forEachIndex { result[$0] = x[[$0[0], Int(indices[$0]), $0[1]]] }
    default:
      x.forEachIndex { result[[$0[0], Int(indices[$0]), $0[1]]] = x[$0] }
    }
  }

  private func check(_ indices: Elements, count: Int, label: String) throws(ExecutionError) {
    var position = 0
    var failure: ExecutionError?
    indices.forEachIndex { place in
      let index = Int(indices[place])
      if failure == nil, !(0..<count).contains(index) {
        failure = .indexOutOfRange(index: index, count: count, position: position, label: label)
      }
      position += 1
    }
    if let failure { throw failure }
  }
}
