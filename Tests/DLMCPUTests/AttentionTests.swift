import DLMTensor
import Testing

@Suite struct AttentionTests {
  /// Queries, keys, sizes of queries and of values.
  static let sizes: [[Int]] = [
    [1, 1, 1, 1], [5, 7, 3, 2], [33, 16, 8, 19], [99, 40, 3, 2], [9, 270, 2, 3], [290, 20, 2, 3],
  ]

  @Test(arguments: sizes, [false, true])
  func `heads of any size, wherever they lie, agree with the reference`(
    _ size: [Int], _ masked: Bool
  )
    throws
  {
    let batch = [2, 2]
    let (m, n, d, e) = (size[0], size[1], size[2], size[3])
    let attention = Attention(scale: 0.7, hidden: masked ? -1e9 : nil)
    let q = Array_(batch + [m, d])
    let k = Array_(batch + [n, d])
    let v = Array_(batch + [n, e])
    let mask = masked ? [Array_(batch + [m, n], .bool, in: 0...1.99).broadcast([0])] : []
    let o = Array_(batch + [m, e])
    let statistics = Array_(batch + [m, 2], in: 1...2)
    for order in [[0, 1, 2, 3], [0, 2, 1, 3]] {
      let operands = [q, k, v].map { $0.stored(order) } + mask
      try expectAgreement(
        .attention(attention), operands, [o.stored(order), statistics], within: 1e-5)
      try expectAgreement(
        .attentionGradient(attention), operands + [o, statistics, o.stored([3, 2, 1, 0])],
        [q, k.stored(order), v.stored(order)], within: 1e-5)
    }
  }
}
