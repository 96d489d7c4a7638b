import DLMData
import DLMFrontend
import DLMTensor

/// Rows that can be read when a run needs them.
protocol RowSource: Sendable {
  /// All rows of a split, fields in the order of the data set's.
  ///
  /// - Throws: `DataProblem`, `SizeError`.
  func rows(of split: String) throws -> RowDataset
}

extension IDXDataset: RowSource {
  func rows(of split: String) throws -> RowDataset {
    guard let part = Part(rawValue: split) else {
      preconditionFailure("the checker knows the splits: \(split)")
    }
    return try reporting(data: { () throws(DataError) in try load(part) })
  }
}

extension RowDataset: RowSource {
  func rows(of split: String) -> RowDataset { self }
}

extension CSVFile: RowSource {
  func rows(of split: String) throws -> RowDataset {
    RowDataset(try columns.map { RowDataset.Field($0.name, try tensor($0)) })
  }
}

/// A file for each field.
struct ArrayFiles: RowSource {
  let files: [(name: String, file: NPYFile)]

  func rows(of split: String) throws -> RowDataset {
    RowDataset(try files.map { RowDataset.Field($0.name, try $0.file.tensor()) })
  }
}

/// A text; its last tenth is for validation.
struct TextSource: RowSource {
  let corpus: TextCorpus

  var parts: [(name: String, range: Range<Int>)] {
    let count = corpus.ids.count
    let end = count - count / 10
    return [("train", 0..<end), ("valid", end..<count)]
  }

  func rows(of split: String) throws -> RowDataset {
    let range = parts.first { $0.name == split }?.range ?? corpus.ids.indices
    let ids = try Tensor(
      corpus.ids[range].map(Double.init), shape: Shape([range.count]), .i32)
    return RowDataset([.init("id", ids)])
  }
}

/// Rows of a source dealt out to parts.
struct SplitSource: RowSource {
  let source: any RowSource
  /// What the source calls all its rows.
  let whole: String
  let parts: [(name: String, share: Double)]
  let rowCount: Int
  let seed: UInt64

  func rows(of split: String) throws -> RowDataset {
    let all = try source.rows(of: whole)
    guard let index = parts.firstIndex(where: { $0.name == split }) else {
      preconditionFailure("the checker knows the splits: \(split)")
    }
    return try all.selecting(RowSplit.rows(rowCount, parts.map(\.share), seed: seed)[index])
  }
}

/// Runs of a text.
struct WindowSource: RowSource {
  let source: any RowSource
  let length: Int
  let stride: Int

  func rows(of split: String) throws -> RowDataset {
    guard let ids = try source.rows(of: split).fields.first?.tensor else {
      preconditionFailure("a text has one field")
    }
    let pointer = ids.storage.pointer.assumingMemoryBound(to: Int32.self)
    let all = Array(UnsafeBufferPointer(start: pointer, count: ids.count))
    return try RowDataset(windows: all[...], length: length, stride: stride)
  }
}

/// Runs `body`; what is wrong with files becomes a message.
func reporting<T>(data body: () throws(DataError) -> T) throws(DataProblem) -> T {
  do {
    return try body()
  } catch {
    let isMissing: Bool =
      switch error.problem {
      case .missing, .missingFolder: true
      default: false
      }
    throw DataProblem(error.message, help: error.fix, isMissing: isMissing)
  }
}

extension RowDataset {
  /// With the columns that fields stack side by side as one field each.
  func stacking(_ declared: [Dataset.Field]) throws -> RowDataset {
    guard declared.contains(where: { !$0.stacked.isEmpty }) else { return self }
    return RowDataset(
      try declared.map { field in
        guard !field.stacked.isEmpty else {
          guard let tensor = self[field.name] else {
            preconditionFailure("a data set has the fields that its header has")
          }
          return Field(field.name, tensor)
        }
        let columns = field.stacked.compactMap { self[$0]?.values }
        let values = (0..<rowCount).flatMap { row in columns.map { $0[row] } }
        return Field(
          field.name, try Tensor(values, shape: Shape([rowCount, columns.count]), .f32))
      })
  }
}
