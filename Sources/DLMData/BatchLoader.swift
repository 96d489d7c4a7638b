import DLMTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Some rows of a data set, side by side.
package struct Batch {
  private let slot: BatchSlot

  init(_ slot: BatchSlot) { self.slot = slot }

  /// Rows in this batch: fewer than the batch size at most at the end of an epoch.
  package var rowCount: Int { slot.rows.count }
  package var epoch: Int { slot.epoch }
  /// Where the batch's rows are in the order of the epoch.
  package var positions: Range<Int> { slot.rows }
  /// The fields in the data set's order, each `[batch size, ...]`, of which the first `rowCount`
  /// rows count.
  package var tensors: [Tensor] { slot.tensors }
  /// The first byte of each of the tensors.
  package var pointers: [UnsafeMutableRawPointer] { slot.pointers }
}

/// Takes batches of rows, epoch after epoch, gathered by another thread before they are needed.
///
/// Which rows come when depends on the data set's size, the batch size and the seed, never on
/// threads. One thread at a time may use a loader.
package final class BatchLoader {
  /// Batches with fewer bytes are gathered in `next`, since a thread would cost more than it saves.
  private static let inlineLimit = 4096
  private static let slotCount = 4

  private var sequence: BatchSequence
  private let filler: BatchFiller
  private let slots: [BatchSlot]
  private var nextSlot = 0
  private let ring: BatchRing?
  private var thread: pthread_t?

  /// Starts at `cursor`, and to gather if the batches are large enough for that.
  ///
  /// - Parameters:
  ///   - batchSize: rows of a batch, at least 1.
  ///   - shuffled: whether each epoch has an order of its own, drawn from `seed` and its number.
  ///   - dropLast: whether rows that do not fill the last batch of an epoch are left out.
  ///   - cursor: where to go on; a position behind the last row is the end of that epoch.
  /// - Throws: `SizeError` where there is no memory for the batches.
  package init(
    _ dataset: RowDataset, batchSize: Int, shuffled: Bool = false, dropLast: Bool = false,
    seed: UInt64 = 0, from cursor: BatchCursor = BatchCursor()
  ) throws(SizeError) {
    precondition(batchSize > 0, "a batch has a row or more")
    precondition(cursor.epoch >= 0 && cursor.position >= 0, "a cursor counts from 0")
    sequence = BatchSequence(
      rowCount: dataset.rowCount, batchSize: batchSize, dropLast: dropLast, from: cursor)
    filler = BatchFiller(
      dataset, order: RowOrder(rowCount: dataset.rowCount, seed: shuffled ? seed : nil))
    var slots: [BatchSlot] = []
    for _ in 0..<Self.slotCount {
      slots.append(try BatchSlot(of: dataset, batchSize: batchSize))
    }
    self.slots = slots
    let byteCount = dataset.fields.reduce(0) { $0 + $1.rowByteCount * batchSize }
    guard byteCount >= Self.inlineLimit, sequence.batchCount > 0 else {
      ring = nil
      return
    }
    let ring = BatchRing(slots)
    thread = Self.start(FillingWork(sequence: sequence, filler: filler, ring: ring))
    // Without a thread, `next` gathers: slower, and nothing else changes.
    self.ring = thread == nil ? nil : ring
  }

  deinit {
    ring?.stop()
    if let thread { pthread_join(thread, nil) }
  }

  /// The next batch of the epoch, or `nil` once at its end; the call after that begins the next.
  ///
  /// A batch keeps its content until the third call after the one that returned it.
  package func next() -> Batch? {
    let epoch = sequence.cursor.epoch
    guard let positions = sequence.next() else { return nil }
    if let ring { return Batch(ring.take()) }
    let slot = slots[nextSlot]
    nextSlot = (nextSlot + 1) % slots.count
    filler.fill(slot, with: positions, of: epoch)
    return Batch(slot)
  }

  /// Where the next call of `next` goes on: what a checkpoint keeps.
  package var cursor: BatchCursor { sequence.cursor }
  /// Whether the last batch of the epoch has been taken.
  package var isAtEndOfEpoch: Bool { sequence.isAtEnd }
  /// Batches of a whole epoch.
  package var batchCount: Int { sequence.batchCount }
}

/// What the thread owns. It knows nothing of the loader, whose end is therefore its own.
private final class FillingWork: Sendable {
  private let start: BatchSequence
  private let filler: BatchFiller
  private let ring: BatchRing

  init(sequence: BatchSequence, filler: BatchFiller, ring: BatchRing) {
    start = sequence
    self.filler = filler
    self.ring = ring
  }

  func run() {
    var sequence = start
    while let slot = ring.slotToFill() {
      var epoch = sequence.cursor.epoch
      var positions = sequence.next()
      // At most twice, after the end of an epoch that was begun in the middle: an epoch has batches.
      while positions == nil {
        epoch = sequence.cursor.epoch
        positions = sequence.next()
      }
      if let positions { filler.fill(slot, with: positions, of: epoch) }
      ring.pass()
    }
  }
}

extension BatchLoader {
  private static func start(_ work: FillingWork) -> pthread_t? {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(work)
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<FillingWork>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, retained.toOpaque())
    if code == 0 { return thread }
    retained.release()
    return nil
  }
}
