import CDLMKernels

/// The order in which an epoch takes the rows: their own, or a permutation that depends on nothing
/// but the seed, the number of the epoch and the number of rows.
///
/// `@unchecked Sendable`: whoever fills batches, one thread at a time, owns it.
final class RowOrder: @unchecked Sendable {
  let rowCount: Int
  private let seed: UInt64
  private let rows: UnsafeMutableBufferPointer<UInt32>
  private var epoch: Int?

  /// - Parameter seed: `nil` for the rows' own order.
  init(rowCount: Int, seed: UInt64?) {
    precondition(rowCount <= UInt32.max, "rows are numbered with 32 bits")
    self.rowCount = rowCount
    self.seed = seed ?? 0
    rows = .allocate(capacity: seed == nil ? 0 : rowCount)
  }

  deinit { rows.deallocate() }

  /// The rows at `positions` of `epoch`; `nil` where they are the positions themselves.
  func rows(
    at positions: Range<Int>, of epoch: Int
  ) -> UnsafeBufferPointer<UInt32>? {
    if rows.isEmpty { return nil }
    if self.epoch != epoch {
      shuffle(epoch)
      self.epoch = epoch
    }
    return UnsafeBufferPointer(rebasing: rows[positions])
  }

  /// The shuffle of Fisher and Yates in the form of Durstenfeld 1964,
  /// https://doi.org/10.1145/364520.364540, from the front: each row changes places with one of
  /// those before it or with itself.
  private func shuffle(_ epoch: Int) {
    for row in rows.indices { rows[row] = UInt32(truncatingIfNeeded: row) }
    // Each call draws four words, enough for two rows.
    for first in stride(from: 0, to: rowCount, by: 2) {
      var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      withUnsafeMutableBytes(of: &words) { bytes in
        dlm_philox(
          seed, Self.stream, UInt64(epoch), UInt64(first / 2),
          bytes.assumingMemoryBound(to: UInt32.self).baseAddress)
      }
      exchange(first, UInt64(words.0) << 32 | UInt64(words.1))
      if first + 1 < rowCount { exchange(first + 1, UInt64(words.2) << 32 | UInt64(words.3)) }
    }
  }

  /// The high half of a product with 64 random bits is below the other factor, and the bias, some
  /// 2^-32 at most, is beyond what any run could show.
  private func exchange(_ row: Int, _ word: UInt64) {
    rows.swapAt(row, Int(word.multipliedFullWidth(by: UInt64(row + 1)).high))
  }

  /// "shuffle" in ASCII: a stream of random numbers that no operator has.
  private static let stream: UInt64 = 0x73_6875_6666_6C65
}
