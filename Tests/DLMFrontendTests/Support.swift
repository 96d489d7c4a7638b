import DLMShapes
import DLMSyntax

@testable import DLMFrontend

/// Data that is only headers: what a check needs.
final class HeaderProvider: DataProvider {
  /// The program that is checked, for those that use themselves.
  var file: SourceFile?

  func dataset(_ request: DataRequest, symbols: (String) -> Symbol) throws -> Dataset {
    let (name, path, classes) = (request.name, request.path, request.classes)
    if request.kind == "text", path == "verse.txt" { return verse(name, Dim(symbols("V"))) }
    guard path == "data/mnist" else {
      throw DataProblem("there is no folder `\(path ?? "")`", help: "`data/mnist` exists")
    }
    let sizes = [("C", 1), ("H", 28), ("W", 28)].map { (symbols($0.0), $0.1) }
    let image = TensorType(.u8, sizes.map { Dim($0.0) })
    let label = TensorType(.index(Dim(classes ?? 10)), [])
    return Dataset(
      name: name,
      fields: [
        .init(name: "image", type: image, source: "image of `\(name)` (data/mnist)"),
        .init(name: "label", type: label, source: "label of `\(name)` (data/mnist)"),
      ],
      counts: [("train", 60_000), ("test", 10_000)],
      facts: sizes.map { .equal(Dim($0.0), Dim($0.1)) }, content: 0)
  }

  /// 100 letters, of which 27 are different.
  private func verse(_ name: String, _ count: Dim) -> Dataset {
    let dataset = Dataset(
      name: name,
      fields: [
        .init(name: "id", type: TensorType(.index(count), []), source: "characters of `\(name)`")
      ],
      counts: [("train", 90), ("valid", 10)], facts: [.equal(count, 27)], content: 0)
    dataset.vocabulary = count
    return dataset
  }

  func weights(_ path: String) throws -> [(name: String, dims: [Int])] {
    guard path == "net.safetensors" else { throw DataProblem("there is no file `\(path)`") }
    return [("w", [3, 2]), ("b", [3])]
  }

  func picture(_ path: String) throws -> (height: Int, width: Int) {
    guard path == "cat.png" else {
      throw DataProblem("there is no file `\(path)`", isMissing: true)
    }
    return (30, 40)
  }

  func split(_ dataset: Dataset, into parts: [(name: String, share: Double)], seed: UInt64) {
    let rows = dataset.counts[0].rows
    dataset.counts = parts.map { ($0.name, Int(Double(rows) * $0.share)) }
  }

  func windows(of split: DataSplit, length: Int, stride: Int, symbols: (String) -> Symbol) throws
    -> DataSplit
  {
    let kind = split.dataset.fields[0].type.kind
    let rows = max(0, (split.rows - length - 1) / stride + 1)
    let dataset = Dataset(
      name: split.dataset.name,
      fields: ["here", "next"].map {
        .init(
          name: $0, type: TensorType(kind, [Dim(length)]),
          source: "\($0), windows of `\(split.name)`")
      },
      counts: [(split.name, split.rows > length ? rows : 0)], facts: split.dataset.facts, content: 0
    )
    return DataSplit(dataset: dataset, name: split.name, rows: dataset.counts[0].rows)
  }

  func program(_ path: String) throws -> SourceFile {
    guard path == file?.path, let file else { throw DataProblem("there is no file `\(path)`") }
    return file
  }

  func dataset(_ name: String, rows: [(name: String, values: [Double], type: TensorType)]) throws
    -> Dataset
  {
    Dataset(
      name: name,
      fields: rows.map {
        .init(
          name: $0.name, type: TensorType($0.type.kind, Array($0.type.dims.dropFirst())),
          source: "\($0.name) of `\(name)`")
      },
      counts: [("", rows.first?.type.dims.first?.constant ?? 0)], facts: [], content: 0)
  }
}

/// Read once: a prelude is never changed.
nonisolated(unsafe) let sharedPrelude = Prelude()

/// What is wrong with a program, drawn for a reader.
func problems(_ text: String, path: String = "test.dlm") throws -> [Diagnostic] {
  let parsed = Parser.parse(SourceFile(path: path, text: text))
  guard parsed.diagnostics.isEmpty else { return parsed.diagnostics }
  let provider = HeaderProvider()
  provider.file = parsed.tree.file
  return withLargeStack {
    let evaluator = Evaluator(prelude: sharedPrelude, provider: provider)
    evaluator.check(parsed.tree)
    return evaluator.diagnostics
  }
}

func drawn(_ text: String, path: String = "test.dlm") throws -> String {
  try problems(text, path: path).map { DiagnosticRenderer().render($0) }.joined()
}
