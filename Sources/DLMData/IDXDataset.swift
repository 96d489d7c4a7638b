import DLMTensor

/// Images with labels in a folder of four IDX files, named as MNIST names them, packed or not.
///
/// The fields are `image`, `u8[rows, channels, height, width]`, and `label`, `i32[rows]`.
package struct IDXDataset: Hashable, Sendable {
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case train, test

    /// What the files' names begin with.
    var prefix: String {
      switch self {
      case .train: "train"
      case .test: "t10k"
      }
    }
  }

  /// What the headers of the four files say.
  package struct Header: Hashable, Sendable {
    /// The shape of one image: `[1, height, width]` where the file knows of no channels.
    package var imageShape: Shape
    package var trainRows: Int
    package var testRows: Int
    package var classes: Int
  }

  package let folder: String
  package let classes: Int

  package init(folder: String, classes: Int) {
    self.folder = folder
    self.classes = classes
  }

  /// Reads the headers of the four files, which takes well under a millisecond.
  ///
  /// - Throws: `DataError` where a file is missing, is not what its header says, or does not fit
  ///   the others.
  package func header() throws(DataError) -> Header {
    let train = try headers(of: .train)
    let test = try headers(of: .test)
    let (shape, testShape) = (imageShape(train.shape), imageShape(test.shape))
    guard shape == testShape else {
      throw DataError(
        path: test.path, problem: .imageShape(testShape, train: shape, trainPath: train.path))
    }
    return Header(
      imageShape: shape, trainRows: train.shape[0], testRows: test.shape[0], classes: classes)
  }

  /// Reads one part: images stay bytes, labels become `i32`, each seen to be below `classes`.
  ///
  /// - Throws: `DataError`, for a label that is too large with its row.
  package func load(_ part: Part) throws(DataError) -> RowDataset {
    let file = try headers(of: part)
    let images = try IDXFile.load(file.path) { shape in
      Shape([shape[0]] + imageShape(shape).dims)
    }
    let labels = try loadLabels(of: part)
    // Another process may have replaced a file since its header was read.
    try compare(labels: labels.shape[0], images: images.shape[0], of: part)
    return RowDataset([.init("image", images), .init("label", labels)])
  }
}

extension IDXDataset {
  /// Where a file is, packed or not; the unpacked name where it is nowhere.
  private func path(_ part: Part, _ rest: String) -> String {
    let name = "\(part.prefix)-\(rest)"
    let names = Set(Folder.names(in: folder) ?? [])
    let packed = names.contains(name + ".gz") && !names.contains(name)
    return "\(folder)/\(name)\(packed ? ".gz" : "")"
  }

  /// The images' header, which fits the labels' header.
  private func headers(of part: Part) throws(DataError) -> IDXFile {
    let images = try IDXFile(path(part, "images-idx3-ubyte"))
    guard images.elementType == .u8, images.shape.rank > 1 else { throw images.wrong(.images) }
    let labels = try IDXFile(path(part, "labels-idx1-ubyte"))
    guard labels.elementType == .u8, labels.shape.rank == 1 else { throw labels.wrong(.labels) }
    try compare(labels: labels.shape[0], images: images.shape[0], of: part)
    return images
  }

  private func compare(labels: Int, images: Int, of part: Part) throws(DataError) {
    if labels == images { return }
    throw DataError(
      path: path(part, "labels-idx1-ubyte"),
      problem: .labelCount(
        labels: labels, images: images, imagesPath: path(part, "images-idx3-ubyte")))
  }

  /// An image in a file of `shape`; `[height, width]` has one channel.
  private func imageShape(_ shape: Shape) -> Shape {
    let dims = Array(shape.dims.dropFirst())
    return Shape(dims.count == 2 ? [1] + dims : dims)
  }

  private func loadLabels(of part: Part) throws(DataError) -> Tensor {
    let path = path(part, "labels-idx1-ubyte")
    let bytes = try IDXFile.load(path)
    let labels: Tensor
    do throws(SizeError) {
      labels = try Tensor(zeros: bytes.shape, .i32)
    } catch {
      throw DataError(path: path, problem: .outOfMemory(shape: bytes.shape))
    }
    let source = bytes.storage.pointer.assumingMemoryBound(to: UInt8.self)
    let target = labels.storage.pointer.assumingMemoryBound(to: Int32.self)
    for row in 0..<bytes.count {
      guard source[row] < classes else {
        throw DataError(
          path: path,
          problem: .labelOutOfRange(row: row, label: Int(source[row]), classes: classes))
      }
      target[row] = Int32(source[row])
    }
    return labels
  }
}

extension IDXFile {
  fileprivate func wrong(_ expected: DataError.Content) -> DataError {
    DataError(
      path: path,
      problem: .wrongContent(expected: expected, shape: shape, elementType: elementType))
  }
}
