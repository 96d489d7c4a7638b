import DLMTensor
import Foundation
import Testing

@testable import DLMData

@Suite struct IDXDatasetTests {
  /// Four files with images of 2 by 2 and the labels 0, 1, 2, …
  func folder(train: Int = 3, test: Int = 2) throws -> TestFolder {
    let folder = try TestFolder()
    for (part, rows) in [("train", train), ("t10k", test)] {
      let images = (0..<(4 * rows)).map { UInt8($0) }
      let labels = (0..<rows).map { UInt8($0) }
      _ = try folder.write(gzip(idx([rows, 2, 2], images)), to: part + "-images-idx3-ubyte.gz")
      _ = try folder.write(idx([rows], labels), to: part + "-labels-idx1-ubyte")
    }
    return folder
  }

  @Test func `headers say what MNIST holds`() throws {
    let header = try IDXDataset(folder: mnist, classes: 10).header()
    #expect(
      header == .init(imageShape: [1, 28, 28], trainRows: 60_000, testRows: 10_000, classes: 10))
  }

  @Test func `MNIST is loaded as bytes and labels`() throws {
    let rows = try IDXDataset(folder: mnist, classes: 10).load(.test)
    #expect(rows.rowCount == 10_000)
    let images = try #require(rows["image"])
    #expect(images.elementType == .u8)
    #expect(images.shape == [10_000, 1, 28, 28])
    let labels = try #require(rows["label"])
    #expect(labels.elementType == .i32)
    // How often each digit occurs in the test part.
    var counts = [Int](repeating: 0, count: 10)
    for label in labels.values { counts[Int(label)] += 1 }
    #expect(counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }

  @Test func `packed and unpacked files mix`() throws {
    let folder = try folder()
    let dataset = IDXDataset(folder: folder.path, classes: 3)
    #expect(
      try dataset.header() == .init(imageShape: [1, 2, 2], trainRows: 3, testRows: 2, classes: 3))
    let rows = try dataset.load(.train)
    #expect(rows["image"]?.shape == [3, 1, 2, 2])
    #expect(rows["image"]?.values == (0..<12).map(Double.init))
    #expect(rows["label"]?.values == [0, 1, 2])
  }

  @Test func `images with channels keep them`() throws {
    let folder = try folder()
    let pixels = (0..<24).map { UInt8($0) }
    _ = try folder.write(gzip(idx([2, 3, 2, 2], pixels)), to: "t10k-images-idx3-ubyte.gz")
    let rows = try IDXDataset(folder: folder.path, classes: 3).load(.test)
    #expect(rows["image"]?.shape == [2, 3, 2, 2])
  }

  @Test func `a label beyond the classes is found with its row`() throws {
    let folder = try folder()
    let path = folder.path + "/train-labels-idx1-ubyte"
    let error = DataError(path: path, problem: .labelOutOfRange(row: 2, label: 2, classes: 2))
    #expect(throws: error) { try IDXDataset(folder: folder.path, classes: 2).load(.train) }
    #expect(
      error.message
        == "row 2 of `\(path)` has label 2, with 2 classes the last is 1")
    #expect(error.fix == "`classes: 3` or more would take it")
  }

  @Test func `another number of labels than of images is found in the headers`() throws {
    let folder = try folder()
    let path = try folder.write(idx([4], [0, 0, 0, 0]), to: "train-labels-idx1-ubyte")
    let images = folder.path + "/train-images-idx3-ubyte.gz"
    let problem = DataError.Problem.labelCount(labels: 4, images: 3, imagesPath: images)
    #expect(throws: DataError(path: path, problem: problem)) {
      try IDXDataset(folder: folder.path, classes: 3).header()
    }
  }

  @Test func `exchanged files are found`() throws {
    let folder = try folder()
    let path = try folder.write(idx([3, 1], [0, 0, 0]), to: "train-labels-idx1-ubyte")
    let problem = DataError.Problem.wrongContent(
      expected: .labels, shape: [3, 1], elementType: .u8)
    #expect(throws: DataError(path: path, problem: problem)) {
      try IDXDataset(folder: folder.path, classes: 3).header()
    }
  }

  @Test func `images of two sizes are found`() throws {
    let folder = try folder()
    let path = try folder.write(
      gzip(idx([2, 1, 2], [0, 0, 0, 0])), to: "t10k-images-idx3-ubyte.gz")
    let problem = DataError.Problem.imageShape(
      [1, 1, 2], train: [1, 2, 2], trainPath: folder.path + "/train-images-idx3-ubyte.gz")
    #expect(throws: DataError(path: path, problem: problem)) {
      try IDXDataset(folder: folder.path, classes: 3).header()
    }
  }

  @Test func `a missing file names what is there`() throws {
    let folder = try folder()
    try FileManager.default.removeItem(atPath: folder.path + "/t10k-labels-idx1-ubyte")
    let path = folder.path + "/t10k-labels-idx1-ubyte"
    do throws(DataError) {
      _ = try IDXDataset(folder: folder.path, classes: 3).header()
      Issue.record("read a file that is not there")
    } catch {
      #expect(error.path == path)
      #expect(error.message == "there is no file `\(path)`")
      #expect(error.fix?.contains("`train-labels-idx1-ubyte`") == true)
    }
  }
}
