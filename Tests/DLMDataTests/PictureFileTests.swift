import DLMTestSupport
import Foundation
import Testing

@testable import DLMData

/// Pictures that Pillow wrote, and what it reads in them (Golden/pictures.py).
@Suite struct PictureFileTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden").path

  @Test(arguments: [
    ("colours.png", [3150.0, 3500, 6825], [120.0, 150, 135]),
    ("palette.png", [3150, 3500, 6825], [150, 150, 105]),
    ("grey.png", [3430, 3430, 3430], [144, 144, 144]),
  ])
  func `a PNG has its pixels to the last bit`(
    _ name: String, _ sums: [Double], _ pixel: [Double]
  ) throws {
    let file = try PictureFile("\(Self.folder)/\(name)")
    #expect(file.height == 5)
    #expect(file.width == 7)
    let pixels = try file.pixels(channels: 3)
    #expect(pixels.shape.dims == [3, 5, 7])
    #expect(pixels.elementType == .u8)
    let channels: [[Double]] = (0..<3).map { Array(pixels.values[$0 * 35..<($0 + 1) * 35]) }
    let found: [Double] = channels.map { $0.reduce(0.0, +) }
    #expect(found == sums)
    #expect(channels.map { $0[3 * 7 + 4] } == pixel)
  }

  @Test func `a JPEG is decoded to within rounding`() throws {
    let pixels = try PictureFile("\(Self.folder)/smooth.jpg").pixels(channels: 3)
    #expect(pixels.shape.dims == [3, 24, 32])
    for (channel, expected) in [(0, 93646.0), (1, 83690), (2, 98410)] {
      let own = pixels.values[channel * 768..<(channel + 1) * 768]
      let total: Double = own.reduce(0.0, +)
      #expect(abs(total - expected) < 768)
      #expect(abs(own[channel * 768 + 3 * 32 + 4] - [77.0, 57, 128][channel]) <= 2)
    }
  }

  @Test func `one channel is the grey of a picture`() throws {
    let pixels = try PictureFile("\(Self.folder)/grey.png").pixels(channels: 1)
    #expect(pixels.shape.dims == [1, 5, 7])
    let total: Double = pixels.values.reduce(0.0, +)
    #expect(total == 3430)
  }

  @Test func `a file that is no picture, breaks off or is missing is told`() throws {
    let folder = try TestFolder()
    let path = try folder.write(Array("no picture".utf8), to: "a.png")
    #expect(throws: DataError.self) { try PictureFile(path) }
    #expect(throws: DataError.self) { try PictureFile(path + "x") }
    let whole = try Data(contentsOf: URL(filePath: "\(Self.folder)/colours.png"))
    for length in 0..<whole.count {
      let part = try folder.write(Array(whole.prefix(length)), to: "part.png")
      _ = try? PictureFile(part).pixels(channels: 3)
    }
  }
}
