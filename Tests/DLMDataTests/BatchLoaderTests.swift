import DLMData
import DLMTensor
import Testing

/// Rows in batches: all of them, in an order that depends on nothing but size and seed.
@Suite struct BatchLoaderTests {
  /// Rows that hold their own numbers: a field of one number, and one of `width` that repeats it.
  private func numbered(_ count: Int, width: Int) throws -> RowDataset {
    let wide = try Tensor(
      (0..<count).flatMap { Array(repeating: Double($0), count: width) },
      shape: Shape([count, width]))
    let label = try Tensor((0..<count).map(Double.init), shape: Shape([count]), .i32)
    return RowDataset([.init("wide", wide), .init("label", label)])
  }

  /// The rows of each batch until `epochs` are over, after seeing that the fields of a row stay together.
  private func batches(_ loader: BatchLoader, width: Int, epochs: Int) -> [[Int]] {
    var all: [[Int]] = []
    for _ in 0..<epochs {
      while let batch = loader.next() {
        let rows = (0..<batch.rowCount).map { Int(batch.tensors[1][$0]) }
        for (index, row) in rows.enumerated() {
          #expect(batch.tensors[0][index * width] == Double(row))
          #expect(batch.tensors[0][index * width + width - 1] == Double(row))
        }
        all.append(rows)
      }
    }
    return all
  }

  /// Small batches are gathered by the caller, large ones by a thread.
  private static let widths = [1, 1000]

  @Test(arguments: widths) func `an epoch has every row once`(width: Int) throws {
    let dataset = try numbered(103, width: width)
    for shuffled in [false, true] {
      let loader = try BatchLoader(dataset, batchSize: 10, shuffled: shuffled, seed: 5)
      #expect(loader.batchCount == 11)
      let epochs = batches(loader, width: width, epochs: 3)
      #expect(epochs.map(\.count) == (0..<33).map { $0 % 11 == 10 ? 3 : 10 })
      for epoch in 0..<3 {
        let rows = epochs[(11 * epoch)..<(11 * epoch + 11)].flatMap { $0 }
        #expect(rows.sorted() == Array(0..<103))
        #expect((rows == Array(0..<103)) == !shuffled)
      }
      if shuffled { #expect(epochs[..<11] != epochs[11..<22]) }
    }
  }

  @Test(arguments: widths) func `rows that fill no batch may be dropped`(width: Int) throws {
    let loader = try BatchLoader(
      numbered(103, width: width), batchSize: 10, shuffled: true, dropLast: true)
    #expect(
      batches(loader, width: width, epochs: 2).map(\.count) == Array(repeating: 10, count: 20))
  }

  @Test func `the order is that of the seed, whoever gathers`() throws {
    func order(_ width: Int, _ seed: UInt64) throws -> [[Int]] {
      let loader = try BatchLoader(
        numbered(50, width: width), batchSize: 8, shuffled: true, seed: seed)
      return batches(loader, width: width, epochs: 2)
    }
    #expect(try order(1, 3) == order(1, 3))
    #expect(try order(1, 3) == order(1000, 3))
    #expect(try order(1, 3) != order(1, 4))
  }

  @Test(arguments: widths) func `a loader goes on from any place`(width: Int) throws {
    let dataset = try numbered(45, width: width)
    let whole = try BatchLoader(dataset, batchSize: 10, shuffled: true, seed: 9)
    var expected: [(cursor: BatchCursor, rows: [Int])] = []
    for _ in 0..<3 {
      while case let cursor = whole.cursor, let batch = whole.next() {
        expected.append((cursor, (0..<batch.rowCount).map { Int(batch.tensors[1][$0]) }))
      }
    }
    for index in expected.indices {
      let loader = try BatchLoader(
        dataset, batchSize: 10, shuffled: true, seed: 9, from: expected[index].cursor)
      let rest = batches(loader, width: width, epochs: 3 - expected[index].cursor.epoch)
      #expect(rest == expected[index...].map(\.rows))
    }
  }

  @Test(arguments: widths) func `a batch stays until the third call after it`(width: Int) throws {
    let loader = try BatchLoader(
      numbered(200, width: width), batchSize: 10, shuffled: true, seed: 1)
    var kept: [(batch: Batch, rows: [Double])] = []
    while let batch = loader.next() {
      kept.append((batch, (0..<10).map { batch.tensors[1][$0] }))
      for (batch, rows) in kept.suffix(3) { #expect((0..<10).map { batch.tensors[1][$0] } == rows) }
    }
    #expect(kept.count == 20)
  }

  @Test func `a loader that nobody empties ends`() throws {
    for taken in 0..<6 {
      let loader = try BatchLoader(numbered(500, width: 1000), batchSize: 10, shuffled: true)
      for _ in 0..<taken { _ = loader.next() }
    }
  }

  @Test func `a shuffle puts every row everywhere`() throws {
    // Where row 0 stands over 2000 shuffles of 8 rows: about 250 times at each place, and the square
    // root of that times five is 80.
    let loader = try BatchLoader(numbered(8, width: 1), batchSize: 8, shuffled: true, seed: 2)
    var counts = [Int](repeating: 0, count: 8)
    for rows in batches(loader, width: 1, epochs: 2000) {
      if let place = rows.firstIndex(of: 0) { counts[place] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 250) < 80 }, "\(counts)")
  }
}
