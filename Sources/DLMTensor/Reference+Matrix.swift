import CDLMKernels

// Linear algebra in the textbook's words, one matrix at a time.
extension Reference {
  func matrices(
    _ routine: Routine, _ operands: [Elements], _ result: Elements, label: String
  ) throws(ExecutionError) {
    let batch = Array(operands[0].dims.dropLast(2))
    var position = 0
    var failure: ExecutionError?
    forEachIndex(of: batch) { start in
      defer { position += 1 }
      guard failure == nil else { return }
      let a = Matrix(operands[0], start)
      switch routine {
      case .solve, .inverse:
        let b = routine == .solve ? Matrix(operands[1], start) : .identity(a.rows)
        guard let x = a.solved(for: b) else {
          failure = .singular(position: position, label: label)
          return
        }
        x.write(to: result, start)
      case .determinant: result[start] = a.determinant
      case .logDeterminant: result[start] = abs(a.determinant).logarithm
      case .cofactors:
        for i in 0..<a.rows {
          for j in 0..<a.columns { result[start + [i, j]] = a.cofactor(i, j) }
        }
      case .cholesky:
        guard let lower = a.symmetric.cholesky else {
          failure = .notPositiveDefinite(position: position, label: label)
          return
        }
        lower.write(to: result, start)
      case .orthogonal: a.orthogonalized.q.write(to: result, start)
      case .triangular: a.orthogonalized.r.write(to: result, start)
      case .eigenvalues:
        for (i, value) in a.symmetric.eigen.values.enumerated() { result[start + [i]] = value }
      default: a.symmetric.eigen.vectors.write(to: result, start)
      }
    }
    if let failure { throw failure }
  }
}

private struct Matrix {
  var rows: Int
  var columns: Int
  var elements: [Double]

  static func identity(_ count: Int) -> Matrix {
    var result = Matrix(
      rows: count, columns: count, elements: .init(repeating: 0, count: count * count))
    for i in 0..<count { result[i, i] = 1 }
    return result
  }

  subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  func write(to target: Elements, _ start: [Int]) {
    for i in 0..<rows { for j in 0..<columns { target[start + [i, j]] = self[i, j] } }
  }

  var symmetric: Matrix {
    var result = self
    for i in 0..<rows { for j in 0..<columns { result[i, j] = (self[i, j] + self[j, i]) / 2 } }
    return result
  }

  /// What counts as nothing beside the elements: what rounding leaves of them.
  private var nothing: Double {
    Double(rows) * 0x1p-52 * elements.reduce(0) { max($0, abs($1)) }
  }

  /// By Gauss and Jordan, the largest element of a column as its pivot; `nil` where there is none.
  func solved(for right: Matrix) -> Matrix? {
    var (a, b) = (self, right)
    if elements.contains(where: \.isNaN) {
      return Matrix(
        rows: b.rows, columns: b.columns, elements: .init(repeating: .nan, count: b.elements.count))
    }
    for column in 0..<rows {
      let pivot = (column..<rows).max { abs(a[$0, column]) < abs(a[$1, column]) } ?? column
      guard abs(a[pivot, column]) > nothing else { return nil }
      a.swapRows(column, pivot)
      b.swapRows(column, pivot)
      let scale = 1 / a[column, column]
      for j in 0..<columns { a[column, j] *= scale }
      for j in 0..<b.columns { b[column, j] *= scale }
      for i in 0..<rows where i != column {
        let factor = a[i, column]
        for j in 0..<columns { a[i, j] -= factor * a[column, j] }
        for j in 0..<b.columns { b[i, j] -= factor * b[column, j] }
      }
    }
    return b
  }

  private mutating func swapRows(_ i: Int, _ k: Int) {
    guard i != k else { return }
    for j in 0..<columns { elements.swapAt(i * columns + j, k * columns + j) }
  }

  /// The product of the pivots of elimination, its sign turned by each exchange.
  var determinant: Double {
    var a = self
    var result = 1.0
    for column in 0..<rows {
      let pivot = (column..<rows).max { abs(a[$0, column]) < abs(a[$1, column]) } ?? column
      if pivot != column { result = -result }
      a.swapRows(column, pivot)
      result *= a[column, column]
      guard a[column, column] != 0 else { return result }
      for i in (column + 1)..<max(rows, column + 1) {
        let factor = a[i, column] / a[column, column]
        for j in column..<columns { a[i, j] -= factor * a[column, j] }
      }
    }
    return result
  }

  func cofactor(_ i: Int, _ j: Int) -> Double {
    var minor = Matrix(rows: rows - 1, columns: columns - 1, elements: [])
    for row in 0..<rows where row != i {
      for column in 0..<columns where column != j { minor.elements.append(self[row, column]) }
    }
    return ((i + j) % 2 == 0 ? 1 : -1) * minor.determinant
  }

  var cholesky: Matrix? {
    var lower = Matrix(
      rows: rows, columns: columns, elements: .init(repeating: 0, count: elements.count))
    for i in 0..<rows {
      for j in 0...i {
        let rest = (0..<j).reduce(self[i, j]) { $0 - lower[i, $1] * lower[j, $1] }
        guard i == j else {
          lower[i, j] = rest / lower[j, j]
          continue
        }
        guard rest > nothing || rest.isNaN else { return nil }
        lower[i, i] = rest.squareRoot()
      }
    }
    return lower
  }

  /// By Gram and Schmidt, each column twice, so that rounding leaves nothing of the others in it.
  var orthogonalized: (q: Matrix, r: Matrix) {
    var q = self
    var r = Matrix(
      rows: columns, columns: columns, elements: .init(repeating: 0, count: columns * columns))
    for j in 0..<columns {
      for _ in 0..<2 {
        for k in 0..<j {
          let part = (0..<rows).reduce(0) { $0 + q[$1, k] * q[$1, j] }
          r[k, j] += part
          for i in 0..<rows { q[i, j] -= part * q[i, k] }
        }
      }
      let length = (0..<rows).reduce(0) { $0 + q[$1, j] * q[$1, j] }.squareRoot()
      r[j, j] = length
      for i in 0..<rows { q[i, j] /= length }
    }
    return (q, r)
  }

  /// By Jacobi's rotations of a symmetric matrix, each of which makes an element off the diagonal 0.
  var eigen: (values: [Double], vectors: Matrix) {
    var (a, v) = (self, Matrix.identity(rows))
    for _ in 0..<60 {
      var rest = 0.0
      for i in 0..<rows { for j in 0..<i { rest = max(rest, abs(a[i, j])) } }
      guard rest > nothing * 1e-3 else { break }
      for p in 0..<rows {
        for q in (p + 1)..<max(rows, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          a.rotateColumns(p, q, c, s)
          a.rotateRows(p, q, c, s)
          v.rotateColumns(p, q, c, s)
        }
      }
    }
    let order = (0..<rows).sorted { a[$0, $0] < a[$1, $1] }
    var vectors = v
    for (to, from) in order.enumerated() {
      let largest = (0..<rows).max { abs(v[$0, from]) < abs(v[$1, from]) } ?? 0
      let sign: Double = v[largest, from] < 0 ? -1 : 1
      for i in 0..<rows { vectors[i, to] = sign * v[i, from] }
    }
    return (order.map { a[$0, $0] }, vectors)
  }

  private mutating func rotateColumns(_ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    for i in 0..<rows {
      let (x, y) = (self[i, p], self[i, q])
      self[i, p] = c * x - s * y
      self[i, q] = s * x + c * y
    }
  }

  private mutating func rotateRows(_ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    for j in 0..<columns {
      let (x, y) = (self[p, j], self[q, j])
      self[p, j] = c * x - s * y
      self[q, j] = s * x + c * y
    }
  }
}

extension Matrix {
  init(_ source: Elements, _ start: [Int]) {
    let dims = source.dims.suffix(2)
    (rows, columns) = (dims[dims.startIndex], dims[dims.startIndex + 1])
    elements = []
    for i in 0..<rows { for j in 0..<columns { elements.append(source[start + [i, j]]) } }
  }
}

extension Double {
  fileprivate var logarithm: Double { dlm_function_reference(.log, self, 0, 0) }
}
