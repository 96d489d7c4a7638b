import DLMData
import DLMFormats
import DLMFrontend
import DLMShapes
import DLMSyntax
import DLMTensor

/// Data in files, named relative to the folder of the program, and in the text of the program.
package final class FileDataProvider: DataProvider {
  package var folder: String
  private let headers: FileHeaders

  /// - Parameters:
  ///   - folder: of the program; `` for the working directory.
  ///   - headers: what has been read of files before.
  package init(folder: String, headers: FileHeaders = FileHeaders()) {
    self.folder = folder
    self.headers = headers
  }

  package func dataset(_ request: DataRequest, symbols: (String) -> Symbol) throws -> Dataset {
    switch request.kind {
    case "csv": return try csv(request)
    case "npy": return try npy(request)
    case "text": return try text(request, symbols)
    default: return try idx(request, symbols)
    }
  }

  private func path(_ request: DataRequest, _ example: String) throws -> String {
    guard let path = request.path else {
      throw DataProblem(
        "`\(request.kind)` needs a path", help: "write `\(request.kind)(\"\(example)\")`")
    }
    return path
  }

  private func idx(_ request: DataRequest, _ symbols: (String) -> Symbol) throws -> Dataset {
    let (name, path) = (request.name, try path(request, "data/mnist"))
    let files = IDXDataset(folder: resolve(path), classes: request.classes ?? 10)
    let header = try reporting(data: { () throws(DataError) in try files.header() })
    let names = header.imageShape.rank == 3 ? ["C", "H", "W"] : []
    let dims: [(dim: Dim, size: Int)] = header.imageShape.dims.enumerated().map { axis, size in
      axis < names.count ? (Dim(symbols(names[axis])), size) : (Dim(size), size)
    }
    return Dataset(
      name: name,
      fields: [
        .init(
          name: "image", type: TensorType(.u8, dims.map(\.dim)),
          source: "image of `\(name)` (\(path)/train-images)"),
        .init(
          name: "label", type: TensorType(.index(Dim(header.classes)), []),
          source: "label of `\(name)` (\(path)/train-labels)"),
      ],
      counts: [("train", header.trainRows), ("test", header.testRows)],
      facts: names.isEmpty ? [] : dims.map { .equal($0.dim, Dim($0.size)) }, content: files)
  }

  package func dataset(
    _ name: String, rows: [(name: String, values: [Double], type: TensorType)]
  ) throws -> Dataset {
    // A check knows the shapes; a run also the numbers.
    let isKnown = rows.allSatisfy { row in
      row.values.count == row.type.dims.compactMap(\.constant).reduce(1, *)
    }
    let fields = try (isKnown ? rows : []).map { row in
      let dims = row.type.dims.compactMap(\.constant)
      return RowDataset.Field(
        row.name, try Tensor(row.values, shape: Shape(dims), row.type.element))
    }
    return Dataset(
      name: name,
      fields: rows.map {
        .init(
          name: $0.name, type: $0.type.of(Array($0.type.dims.dropFirst())),
          source: "\($0.name) of `\(name)`")
      },
      counts: [("", rows.first?.type.dims.first?.constant ?? 0)], facts: [],
      content: isKnown ? RowDataset(fields) : RowDataset?.none)
  }

  private func csv(_ request: DataRequest) throws -> Dataset {
    let path = try path(request, "data/iris.csv")
    let whole = resolve(path)
    let file = try headers.content(of: whole, as: "csv") {
      try reporting(data: { () throws(DataError) in try CSVFile(whole) })
    }
    return Dataset(
      name: request.name,
      fields: file.columns.map { column in
        let kind: Kind =
          switch column.content {
          case .real: .real
          case .int: .int
          case .words(let words): .index(Dim(words.count))
          }
        return .init(
          name: column.name, type: TensorType(kind, []),
          source: "\(column.name) of `\(request.name)` (\(path))")
      },
      counts: [("", file.rowCount)], facts: [], content: file)
  }

  private func npy(_ request: DataRequest) throws -> Dataset {
    guard !request.strings.isEmpty, request.path == nil else {
      throw DataProblem(
        "`npy` needs a file for each field", help: "write `npy(x: \"x.npy\", y: \"y.npy\")`")
    }
    let files = try request.strings.map { name, path in
      let whole = resolve(path)
      let file = try headers.content(of: whole, as: "npy") {
        try reporting(data: { () throws(DataError) in try NPYFile(whole) })
      }
      guard file.shape.rank > 0 else { throw DataProblem("`\(path)` holds one number, no rows") }
      return (name: name, file: file, path: path)
    }
    let rows = files[0].file.shape[0]
    for other in files where other.file.shape[0] != rows {
      throw DataProblem(
        "`\(files[0].path)` has \(rows) rows, but `\(other.path)` has \(other.file.shape[0])",
        help: "use files that belong together")
    }
    return Dataset(
      name: request.name,
      fields: files.map { name, file, path in
        .init(
          name: name,
          type: TensorType(
            file.elementType.kind, file.shape.dims.dropFirst().map { Dim($0) }, file.elementType),
          source: "\(name) of `\(request.name)` (\(path))")
      },
      counts: [("", rows)], facts: [], content: ArrayFiles(files: files.map { ($0.name, $0.file) }))
  }

  private func text(_ request: DataRequest, _ symbols: (String) -> Symbol) throws -> Dataset {
    let path = try path(request, "data/book.txt")
    let word = request.strings.first { $0.name == "by" }?.text ?? "char"
    guard let unit = TextCorpus.Unit(rawValue: word) else {
      throw DataProblem("a text is read `by: char` or `by: word`, not `by: \(word)`")
    }
    let whole = resolve(path)
    let corpus = try headers.content(of: whole, as: "text by \(unit)") {
      try reporting(data: { () throws(DataError) in try TextCorpus(whole, by: unit) })
    }
    let count = Dim(symbols("V"))
    let size = Dim(corpus.vocabulary.count)
    let source = TextSource(corpus: corpus)
    let dataset = Dataset(
      name: request.name,
      fields: [
        .init(
          name: "id", type: TensorType(.index(count), []),
          source: "\(word)s of `\(request.name)` (\(path))")
      ],
      counts: source.parts.map { ($0.name, $0.range.count) }, facts: [.equal(count, size)],
      content: source)
    dataset.vocabulary = count
    dataset.words = corpus.vocabulary
    return dataset
  }

  package func split(
    _ dataset: Dataset, into parts: [(name: String, share: Double)], seed: UInt64
  ) {
    guard let all = dataset.counts.first else { return }
    // While checking, rows of the program text are only counted.
    if let source = dataset.content as? any RowSource {
      dataset.content = SplitSource(
        source: source, whole: all.split, parts: parts, rowCount: all.rows, seed: seed)
    }
    dataset.counts = zip(parts, RowSplit.counts(all.rows, parts.map(\.share))).map {
      ($0.name, $1)
    }
  }

  package func windows(
    of split: DataSplit, length: Int, stride: Int, symbols: (String) -> Symbol
  ) throws -> DataSplit {
    guard let source = split.dataset.content as? any RowSource,
      let kind = split.dataset.fields.first?.type.kind
    else { throw DataProblem("`\(split.dataset.name)` is no text") }
    let axis = Dim(symbols("T"))
    let rows = RowDataset.windowCount(split.rows, length: length, stride: stride)
    let title = "\(split.dataset.name)\(split.name.isEmpty ? "" : ".\(split.name)")"
    let dataset = Dataset(
      name: split.dataset.name,
      fields: ["here", "next"].map { name in
        .init(
          name: name, type: TensorType(kind, [axis]), source: "\(name), windows of `\(title)`")
      },
      counts: [(split.name, rows)], facts: split.dataset.facts + [.equal(axis, Dim(length))],
      content: WindowSource(source: source, length: length, stride: stride))
    return DataSplit(dataset: dataset, name: split.name, rows: rows)
  }

  package func weights(_ path: String) throws -> [(name: String, dims: [Int])] {
    let whole = resolve(path)
    do {
      return try headers.content(of: whole, as: "weights") {
        try Safetensors.header(of: whole).entries.map { (name: $0.name, dims: $0.shape.dims) }
      }
    } catch let error as SafetensorsError {
      throw DataProblem(
        error.message, help: "paths are relative to the program's folder",
        isMissing: !FileSystem.exists(resolve(path)))
    }
  }

  package func picture(_ path: String) throws -> (height: Int, width: Int) {
    let whole = resolve(path)
    return try headers.content(of: whole, as: "picture") {
      let file = try reporting(data: { () throws(DataError) in try PictureFile(whole) })
      return (file.height, file.width)
    }
  }

  package func program(_ path: String) throws -> SourceFile {
    do throws(TextFileError) {
      return SourceFile(path: path, text: try TextFile.read(resolve(path)))
    } catch {
      throw DataProblem(
        "cannot use `\(path)`: \(error.reason)", help: "paths are relative to the program's folder",
        isMissing: !FileSystem.exists(resolve(path)))
    }
  }

  func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }
}
