/// A place in the rows of a run of epochs.
package struct BatchCursor: Hashable, Sendable {
  /// From 0 on.
  package var epoch: Int
  /// Rows of the epoch that have been taken.
  package var position: Int

  package init(epoch: Int = 0, position: Int = 0) {
    self.epoch = epoch
    self.position = position
  }
}

/// Which positions make up each batch, epoch after epoch.
struct BatchSequence: Sendable {
  let rowCount: Int
  let batchSize: Int
  let dropLast: Bool
  private(set) var cursor: BatchCursor

  init(rowCount: Int, batchSize: Int, dropLast: Bool, from cursor: BatchCursor) {
    self.rowCount = rowCount
    self.batchSize = batchSize
    self.dropLast = dropLast
    self.cursor = BatchCursor(epoch: cursor.epoch, position: min(cursor.position, rowCount))
  }

  /// Batches of a whole epoch.
  var batchCount: Int { dropLast ? rowCount / batchSize : (rowCount + batchSize - 1) / batchSize }

  /// Whether no batch is left in the epoch.
  var isAtEnd: Bool {
    let rest = rowCount - cursor.position
    return dropLast ? rest < batchSize : rest <= 0
  }

  /// The positions of the next batch, over which the cursor moves; `nil` at the end of the epoch,
  /// after which the cursor is at the start of the next one.
  mutating func next() -> Range<Int>? {
    guard !isAtEnd else {
      cursor = BatchCursor(epoch: cursor.epoch + 1)
      return nil
    }
    let start = cursor.position
    cursor.position += min(rowCount - start, batchSize)
    return start..<cursor.position
  }
}
