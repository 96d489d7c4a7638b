import CDLMKernels
import DLMTensor

/// Routines on whole arrays.
extension Preparation {
  mutating func routine(_ routine: Routine, _ operands: [Memory], _ result: Memory) -> [dlm_step]? {
    switch routine {
    case .cumulate(let reduction, let axis):
      line(dlm_line_cumulate, axis, operands, result, option: Int32(kind(reduction).rawValue))
    case .running(let extremum, let axis):
      line(dlm_line_running, axis, operands, result, option: extremum == .max ? 1 : 0)
    case .order(let axis, let descending):
      line(dlm_line_order, axis, operands, result, option: descending ? 1 : 0)
    case .take(let axis): line(dlm_line_take, axis, operands, result, option: 0)
    case .put(let axis): line(dlm_line_put, axis, operands, result, option: 0)
    case .triangle(let diagonal):
      [triangle(operands[0], result, diagonal: diagonal)]
    case .cholesky: matrix(dlm_matrix_cholesky, operands, result)
    case .solve: matrix(dlm_matrix_solve, operands, result)
    case .inverse: matrix(dlm_matrix_inverse, operands, result)
    case .determinant: matrix(dlm_matrix_determinant, operands, result)
    case .logDeterminant: matrix(dlm_matrix_log_determinant, operands, result)
    case .cofactors: matrix(dlm_matrix_cofactors, operands, result)
    case .orthogonal: matrix(dlm_matrix_orthogonal, operands, result)
    case .triangular: matrix(dlm_matrix_triangular, operands, result)
    case .eigenvalues: matrix(dlm_matrix_eigenvalues, operands, result)
    case .eigenvectors: matrix(dlm_matrix_eigenvectors, operands, result)
    case .fourier, .fourierAdjoint:
      [fourier(operands[0], result, isAdjoint: routine == .fourierAdjoint)]
    }
  }

  private mutating func line(
    _ kind: dlm_line_kind, _ axis: Int, _ operands: [Memory], _ result: Memory, option: Int32
  ) -> [dlm_step]? {
    let isPut = kind == dlm_line_put
    let adds = isPut || kind == dlm_line_cumulate
    guard !adds || !operands[0].elementType.isHalf else { return nil }
    // x and the result of put have the length that indices point into.
    let (long, short) = isPut ? (result, operands[0]) : (operands[0], result)
    var arguments = dlm_line()
    arguments.kind = kind
    arguments.option = option
    arguments.x = operands[0].view(axes: [])
    arguments.y = result.view(axes: [])
    arguments.outer = Int64(long.dims[..<axis].reduce(1, *))
    arguments.inner = Int64(long.dims[(axis + 1)...].reduce(1, *))
    (arguments.length, arguments.count) = (Int64(long.dims[axis]), Int64(short.dims[axis]))
    var steps: [dlm_step] = []
    if operands.count > 1 {
      guard operands[1].elementType == .i32 else { return nil }
      arguments.index = operands[1].view(axes: [])
      var flat = operands[1]
      (flat.dims, flat.strides) = ([operands[1].count], [1])
      steps.append(check(flat, count: long.dims[axis]))
    }
    let isSort = kind == dlm_line_order
    steps.append(
      step(
        dlm_line_run, arguments, units: Int(arguments.outer * arguments.inner),
        cost: Double(long.count + short.count) * (isSort ? 40 : 1),
        scratch: isSort ? 32 * long.dims[axis] : 0))
    return steps
  }

  private mutating func triangle(_ x: Memory, _ y: Memory, diagonal: Int) -> dlm_step {
    let dims = x.dims.suffix(2).map { Int64($0) }
    // Beyond these nothing changes; and no sum with a row can overflow.
    let diagonal = max(-dims[0], min(dims[1], Int64(diagonal)))
    var arguments = dlm_triangle()
    (arguments.x, arguments.y) = (x.view(axes: []), y.view(axes: []))
    (arguments.m, arguments.n, arguments.diagonal) = (dims[0], dims[1], diagonal)
    arguments.size = Int64(x.elementType.byteCount)
    return step(
      dlm_triangle_run, arguments, units: x.dims.dropLast().reduce(1, *),
      cost: Double(x.byteCount) / 8)
  }

  private mutating func matrix(
    _ kind: dlm_matrix_kind, _ operands: [Memory], _ result: Memory
  ) -> [dlm_step]? {
    let dims = operands[0].dims
    var arguments = dlm_matrix()
    arguments.kind = kind
    arguments.a = operands[0].view(axes: [])
    if operands.count > 1 { arguments.b = operands[1].view(axes: []) }
    arguments.y = result.view(axes: [])
    (arguments.m, arguments.n) = (Int64(dims[dims.count - 2]), Int64(dims[dims.count - 1]))
    arguments.k = kind == dlm_matrix_solve ? Int64(operands[1].dims.last ?? 1) : arguments.n
    arguments.instruction = currentInstruction
    let size = Double(arguments.m * arguments.n)
    let batch = dims.dropLast(2).reduce(1, *)
    return [
      step(
        dlm_matrix_run, arguments, units: batch,
        cost: Double(batch) * size * Double(arguments.n),
        scratch: 8 * Int(dlm_matrix_scratch(&arguments)))
    ]
  }

  private mutating func fourier(_ x: Memory, _ y: Memory, isAdjoint: Bool) -> dlm_step {
    let count = (isAdjoint ? y : x).dims.last ?? 1
    var arguments = dlm_fourier()
    (arguments.x, arguments.y) = (x.view(axes: []), y.view(axes: []))
    arguments.n = Int64(count)
    arguments.adjoint = isAdjoint ? 1 : 0
    let lines = (isAdjoint ? y : x).count / max(count, 1)
    return step(
      dlm_fourier_run, arguments, units: lines, cost: Double(lines * count) * 20,
      scratch: 64 * count)
  }
}
