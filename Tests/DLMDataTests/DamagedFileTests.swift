import DLMTensor
import DLMTestSupport
import Foundation
import Testing

@testable import DLMData

@Suite struct DamagedFileTests {
  typealias Problem = DataError.Problem

  func problem(loading path: String) -> Problem? {
    do throws(DataError) {
      _ = try IDXFile.load(path)
    } catch {
      #expect(error.path == path)
      #expect(!error.message.isEmpty)
      return error.problem
    }
    return nil
  }

  @Test func `a missing file comes with the names that look like it`() throws {
    let folder = try TestFolder()
    for name in ["train-images.idx3-ubyte", "train-labels-idx1-ubyte", "readme", "t10k"] {
      _ = try folder.write([], to: name)
    }
    #expect(
      problem(loading: folder.path + "/train-images-idx3-ubyte")
        == .missing(nearest: ["train-images.idx3-ubyte", "train-labels-idx1-ubyte"]))
    #expect(problem(loading: folder.path + "/w") == .missing(nearest: []))
  }

  @Test func `a missing folder is named`() throws {
    let folder = try TestFolder()
    #expect(problem(loading: folder.path + "/x/a") == .missingFolder(folder.path + "/x"))
  }

  @Test func `a folder is no file`() throws {
    let folder = try TestFolder()
    #expect(problem(loading: folder.path) == .isFolder)
  }

  @Test func `a file in the way of a folder is told in the system's words`() throws {
    let folder = try TestFolder()
    let path = try folder.write([], to: "a")
    #expect(problem(loading: path + "/b") == .unreadable(code: ENOTDIR))
  }

  /// 4 KB that do not pack well.
  static let content = idx(
    [64, 64],
    {
      var random = SplitMix(state: 7)
      return (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) }
    }())

  @Test(arguments: [3, 12, 2000, 8])
  func `packed content that breaks off is refused`(_ missing: Int) throws {
    let folder = try TestFolder()
    let path = try folder.write(gzip(Self.content).dropLast(missing), to: "a.gz")
    guard case .truncatedGzip(let unpacked) = problem(loading: path) else {
      Issue.record("not found to be truncated")
      return
    }
    #expect(unpacked <= Self.content.count)
    // Only the last 8 bytes are not content.
    #expect((unpacked == Self.content.count) == (missing <= 8))
  }

  @Test func `a wrong checksum is found`() throws {
    let folder = try TestFolder()
    var bytes = gzip(Self.content)
    bytes[bytes.count - 6] ^= 1
    #expect(
      problem(loading: try folder.write(bytes, to: "a"))
        == .corruptGzip(reason: "incorrect data check"))
  }

  @Test(arguments: [[0], Array("more".utf8)])
  func `bytes behind packed content are found`(_ more: [UInt8]) throws {
    let folder = try TestFolder()
    let path = try folder.write(gzip(Self.content) + more, to: "a")
    #expect(problem(loading: path) == .trailingGzip(bytes: more.count))
  }

  @Test(arguments: [false, true])
  func `a mutated file is read or refused, never more`(_ packed: Bool) throws {
    let folder = try TestFolder()
    let original = packed ? gzip(Self.content) : idx([2, 3], [1, 2, 3, 4, 5, 6])
    var random = SplitMix(state: 3)
    var refused = 0
    for _ in 0..<1000 {
      var bytes = original
      let index = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
      case 1:
        bytes[min(index, bytes.count / 99 + 15)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.remove(at: index)
      default: bytes.removeLast(bytes.count - index)
      }
      let path = try folder.write(bytes, to: "a")
      do throws(DataError) {
        let tensor = try IDXFile.load(path)
        #expect(tensor.count * tensor.elementType.byteCount < Self.content.count)
      } catch {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 500)
  }
}
