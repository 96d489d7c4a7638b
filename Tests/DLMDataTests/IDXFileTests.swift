import DLMTensor
import Foundation
import Testing

@testable import DLMData

@Suite struct IDXFileTests {
  typealias Problem = DataError.Problem

  /// The problem of loading `bytes`, whose error must name the file.
  func problem(loading bytes: [UInt8]) throws -> Problem? {
    let folder = try TestFolder()
    let file = try folder.write(bytes, to: "a-idx")
    do throws(DataError) {
      _ = try IDXFile.load(file)
    } catch {
      #expect(error.path == file)
      #expect(error.message.contains(file))
      return error.problem
    }
    return nil
  }

  @Test(arguments: [false, true])
  func `bytes are read as they are`(_ packed: Bool) throws {
    let folder = try TestFolder()
    let bytes = idx([2, 3], [1, 2, 3, 4, 5, 255])
    let path = try folder.write(packed ? gzip(bytes) : bytes, to: "a")
    let file = try IDXFile(path)
    #expect(file.shape == [2, 3])
    #expect(file.elementType == .u8)
    #expect(try IDXFile.load(path).values == [1, 2, 3, 4, 5, 255])
  }

  static let numbers: [(UInt8, [UInt8], [Double], ElementType)] = [
    (0x0C, [0x00, 0x00, 0x01, 0x02, 0xFF, 0xFF, 0xFF, 0xFE], [258, -2], ElementType.i32),
    (0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0], [1, -2.5], .f32),
    (0x0E, [0x40, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [2.5, 0], .f64),
  ]

  @Test(arguments: numbers)
  func `numbers are turned from big-endian`(
    _ code: UInt8, _ elements: [UInt8], _ values: [Double], _ type: ElementType
  ) throws {
    let folder = try TestFolder()
    let tensor = try IDXFile.load(folder.write(idx([2], elements, type: code), to: "a"))
    #expect(tensor.elementType == type)
    #expect(tensor.values == values)
  }

  @Test func `content packed in several pieces is one`() throws {
    let folder = try TestFolder()
    let bytes = idx([2, 3], [1, 2, 3, 4, 5, 6])
    let pieces = gzip(Array(bytes[..<5])) + gzip(Array(bytes[5...]))
    let tensor = try IDXFile.load(folder.write(pieces, to: "a"))
    #expect(tensor.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func `content packed far below its size is read`() throws {
    let folder = try TestFolder()
    let zeros = [UInt8](repeating: 0, count: 1_000_000)
    let tensor = try IDXFile.load(folder.write(gzip(idx([1000, 1000], zeros)), to: "a"))
    #expect(tensor.shape == [1000, 1000])
  }

  @Test func `MNIST has its rows and its first image`() throws {
    let file = try IDXFile(mnist + "/train-images-idx3-ubyte.gz")
    #expect(file.shape == [60_000, 28, 28])
    let images = try IDXFile.load(mnist + "/t10k-images-idx3-ubyte.gz")
    #expect(images.shape == [10_000, 28, 28])
    let labels = try IDXFile.load(mnist + "/t10k-labels-idx1-ubyte.gz")
    #expect((0..<10).map { labels[$0] } == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
  }

  static let broken: [([UInt8], Problem)] = [
    ([], .notIDX(firstBytes: [])),
    ([0, 0, 8], .notIDX(firstBytes: [0, 0, 8])),
    (Array("<!DOCTYPE html>".utf8), .notIDX(firstBytes: Array("<!DO".utf8))),
    ([0, 0, 8, 0, 1], .notIDX(firstBytes: [0, 0, 8, 0])),
    (idx([1], [0], type: 0x07), .notIDX(firstBytes: [0, 0, 7, 1])),
    (idx([1], [0], type: 0x09), .unsupportedElement(code: 0x09)),
    ([0, 0, 8, 3, 0, 0, 0, 1, 0, 0], .truncated(has: 10, needs: 16)),
    (idx([2, 3], [1, 2, 3, 4, 5]), .truncated(has: 17, needs: 18)),
    (idx([2, 3], [1, 2, 3, 4, 5, 6, 7]), .trailing(bytes: 1, needs: 18)),
    (
      idx([1 << 31, 1 << 31, 4], []), .tooLarge(shape: [1 << 31, 1 << 31, 4])
    ),
    (
      idx([0, 1 << 31, 1 << 31, 4], []), .tooLarge(shape: [0, 1 << 31, 1 << 31, 4])
    ),
    // Four petabytes are refused for what the file has, not for want of memory.
    (idx([1 << 20, 1 << 16, 1 << 16], [1]), .truncated(has: 17, needs: 1 << 52 + 16)),
  ]

  @Test(arguments: broken)
  func `a file that is not what it says is refused`(_ bytes: [UInt8], _ problem: Problem) throws {
    #expect(try self.problem(loading: bytes) == problem)
  }

  @Test(arguments: broken)
  func `packed, it is refused for the same reason`(_ bytes: [UInt8], _ problem: Problem) throws {
    #expect(try self.problem(loading: gzip(bytes)) == problem)
  }

  @Test func `a header is read though the elements are not there`() throws {
    let folder = try TestFolder()
    let whole = gzip(idx([100, 30], (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0) }))
    let path = try folder.write(Array(whole[..<(whole.count / 2)]), to: "a")
    #expect(try IDXFile(path).shape == [100, 30])
  }
}
