import DLMData
import DLMFormats
import DLMFrontend
import DLMShapes
import DLMSyntax
import DLMTensor

/// Rows that can be read when a run needs them.
protocol RowSource: Sendable {
  /// All rows of a split, fields in the order of the data set's.
  func rows(of split: String) throws -> RowDataset
}

/// Data in files, named relative to the folder of the program, and in the text of the program.
package final class FileDataProvider: DataProvider {
  private let folder: String

  /// - Parameter folder: of the program; `` for the working directory.
  package init(folder: String) { self.folder = folder }

  package func dataset(
    _ name: String, kind: String, path: String?, classes: Int?, symbols: (String) -> Symbol
  ) throws -> Dataset {
    guard let path else {
      throw DataProblem("`\(kind)` needs a folder", help: "write `\(kind)(\"data/mnist\")`")
    }
    let files = IDXDataset(folder: resolve(path), classes: classes ?? 10)
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
    let fields = try rows.map { row in
      let dims = row.type.dims.compactMap(\.constant)
      let type: ElementType = row.type.kind.isReal ? .f32 : row.type.kind == .bool ? .bool : .i32
      return RowDataset.Field(row.name, try Tensor(row.values, shape: Shape(dims), type))
    }
    return Dataset(
      name: name,
      fields: rows.map {
        .init(
          name: $0.name, type: TensorType($0.type.kind, Array($0.type.dims.dropFirst())),
          source: "\($0.name) of `\(name)`")
      },
      counts: [("", rows.first?.type.dims.first?.constant ?? 0)], facts: [],
      content: RowDataset(fields))
  }

  package func program(_ path: String) throws -> SourceFile {
    do throws(TextFileError) {
      return SourceFile(path: path, text: try TextFile.read(resolve(path)))
    } catch {
      throw DataProblem(
        "cannot use `\(path)`: \(error.reason)", help: "paths are relative to the program's folder")
    }
  }

  private func resolve(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }
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

/// Runs `body`; what is wrong with files becomes a message.
private func reporting<T>(data body: () throws(DataError) -> T) throws(DataProblem) -> T {
  do {
    return try body()
  } catch {
    throw DataProblem(error.message, help: error.fix)
  }
}
