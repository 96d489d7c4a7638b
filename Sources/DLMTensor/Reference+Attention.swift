import CDLMKernels

// Attention and its gradients, as plainly as they can be written.
extension Reference {
  func attention(_ attention: Attention, _ operands: [Elements], _ results: [Elements]) {
    let head = Head(attention, operands)
    let (o, statistics) = (results[0], results[1])
    forEachIndex(of: Array(statistics.dims.dropLast())) { row in
      let scores = head.scores(row)
      let largest = scores.reduce(-.infinity, Extremum.max.better)
      let powers = scores.map { dlm_function_reference(.exp, $0 - largest, 0, 0) }
      let sum = powers.reduce(0, +)
      statistics[row + [0]] = largest
      statistics[row + [1]] = sum
      for column in 0..<o.dims[row.count] {
        var total = 0.0
        for (key, power) in powers.enumerated() { total += power * head.value(row, key, column) }
        o[row + [column]] = total / sum
      }
    }
  }

  func attentionGradient(_ attention: Attention, _ operands: [Elements], _ results: [Elements]) {
    let count = attention.hidden == nil ? 3 : 4
    let head = Head(attention, operands)
    let (o, statistics, dy) = (operands[count], operands[count + 1], operands[count + 2])
    let (dq, dk, dv) = (results[0], results[1], results[2])
    for result in results { result.forEachIndex { result[$0] = 0 } }
    forEachIndex(of: Array(statistics.dims.dropLast())) { row in
      let batch = Array(row.dropLast())
      let (largest, sum) = (statistics[row + [0]], statistics[row + [1]])
      let p = head.scores(row).map { dlm_function_reference(.exp, $0 - largest, 0, 0) / sum }
      let width = dy.dims[row.count]
      let dp = p.indices.map { key in
        (0..<width).reduce(0.0) { $0 + dy[row + [$1]] * head.value(row, key, $1) }
      }
      // The sum of p dp, since o is p v.
      let mean = (0..<width).reduce(0.0) { $0 + o[row + [$1]] * dy[row + [$1]] }
      for key in p.indices {
        for column in 0..<width {
          dv[batch + [key, column]] += p[key] * dy[row + [column]]
        }
        guard !head.isHidden(row, key) else { continue }
        let ds = p[key] * (dp[key] - mean) * attention.scale
        for column in 0..<dq.dims[row.count] {
          dq[row + [column]] += ds * head.keys[batch + [key, column]]
          dk[batch + [key, column]] += ds * head.queries[row + [column]]
        }
      }
    }
  }
}

/// Queries, keys and values, by index.
private struct Head {
  let queries: Elements
  let keys: Elements
  private let values: Elements
  private let mask: Elements?
  private let attention: Attention

  init(_ attention: Attention, _ operands: [Elements]) {
    (queries, keys, values) = (operands[0], operands[1], operands[2])
    mask = attention.hidden == nil ? nil : operands[3]
    self.attention = attention
  }

  func isHidden(_ row: [Int], _ key: Int) -> Bool { mask.map { $0[row + [key]] != 0 } ?? false }

  func value(_ row: [Int], _ key: Int, _ column: Int) -> Double {
    values[row.dropLast() + [key, column]]
  }

  /// Scores of one query with all keys.
  func scores(_ row: [Int]) -> [Double] {
    let batch = Array(row.dropLast())
    return (0..<keys.dims[row.count - 1]).map { key in
      if let hidden = attention.hidden, isHidden(row, key) { return hidden }
      let product = (0..<queries.dims[row.count]).reduce(0.0) {
        $0 + queries[row + [$1]] * keys[batch + [key, $1]]
      }
      return product * attention.scale
    }
  }
}

extension Extremum {
  /// The better of two; NaN before all.
  fileprivate func better(_ a: Double, _ b: Double) -> Double {
    a.isNaN || (self == .max ? a > b : a < b) ? a : b
  }
}
