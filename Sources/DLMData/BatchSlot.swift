import DLMTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory for one batch, filled again and again.
///
/// `@unchecked Sendable`: the ring gives it to the filling thread or to the caller, never to both.
final class BatchSlot: @unchecked Sendable {
  /// One tensor a field, `[batch, ...]`.
  let tensors: [Tensor]
  let pointers: [UnsafeMutableRawPointer]
  var epoch = 0
  var rows = 0..<0

  /// - Throws: `SizeError` where there is no memory for it.
  init(of dataset: RowDataset, batchSize: Int) throws(SizeError) {
    var tensors: [Tensor] = []
    for field in dataset.fields {
      tensors.append(
        try Tensor(
          zeros: Shape([batchSize] + field.rowShape.dims), field.tensor.elementType))
    }
    self.tensors = tensors
    pointers = tensors.map(\.storage.pointer)
  }
}

/// Copies rows into slots. It allocates nothing.
struct BatchFiller: Sendable {
  private let tensors: [Tensor]
  /// Bytes of a row of each of the tensors.
  private let byteCounts: [Int]
  private let order: RowOrder

  init(_ dataset: RowDataset, order: RowOrder) {
    tensors = dataset.fields.map(\.tensor)
    byteCounts = dataset.fields.map(\.rowByteCount)
    self.order = order
  }

  /// Fills `slot` with what `positions` of `epoch` are in the order of the rows.
  func fill(_ slot: BatchSlot, with positions: Range<Int>, of epoch: Int) {
    slot.epoch = epoch
    slot.rows = positions
    let rows = order.rows(at: positions, of: epoch)
    for field in tensors.indices {
      let source = UnsafeRawPointer(tensors[field].storage.pointer)
      let (target, byteCount) = (slot.pointers[field], byteCounts[field])
      if let rows {
        gather(rows, from: source, to: target, byteCount)
      } else {
        memcpy(target, source + positions.lowerBound * byteCount, positions.count * byteCount)
      }
    }
  }

  private func gather(
    _ rows: UnsafeBufferPointer<UInt32>, from source: UnsafeRawPointer,
    to target: UnsafeMutableRawPointer, _ byteCount: Int
  ) {
    // Labels are 4 bytes; a call for each would cost more than the copy.
    if byteCount == 4 {
      for (index, row) in rows.enumerated() {
        let value = source.load(fromByteOffset: 4 * Int(row), as: UInt32.self)
        target.storeBytes(of: value, toByteOffset: 4 * index, as: UInt32.self)
      }
    } else {
      for (index, row) in rows.enumerated() {
        memcpy(target + index * byteCount, source + Int(row) * byteCount, byteCount)
      }
    }
  }
}
