import CZlib

/// Images side by side in a near-square grid, as PNG or as SVG.
package struct ImageGrid: Sendable {
  private let count: Int
  private let channels: Int
  private let height: Int
  private let width: Int
  private let values: [Double]

  /// - Parameters:
  ///   - dims: `[count, channels, height, width]`; channels are 1 or 3.
  ///   - values: row-major; the least becomes black and the largest white, 0 to 1 if they lie within.
  /// - Returns: `nil` where the dims are not those of images.
  package init?(_ dims: [Int], _ values: [Double]) {
    guard dims.count == 4, dims[1] == 1 || dims[1] == 3, dims.allSatisfy({ $0 > 0 }),
      values.count == dims.reduce(1, *)
    else { return nil }
    (count, channels, height, width) = (dims[0], dims[1], dims[2], dims[3])
    self.values = values
  }

  private var columns: Int {
    var columns = 1
    while columns * columns < count { columns += 1 }
    return columns
  }

  private var rows: Int { (count + columns - 1) / columns }
  /// Pixels of the whole, one between images.
  private var size: (width: Int, height: Int) {
    (columns * (width + 1) - 1, rows * (height + 1) - 1)
  }

  /// Three bytes a pixel, row by row.
  private var pixels: [UInt8] {
    let finite = values.filter(\.isFinite)
    let (least, largest) = (finite.min() ?? 0, finite.max() ?? 1)
    let (low, high) = least >= 0 && largest <= 1 ? (0, 1) : (least, largest)
    let (across, down) = size
    var bytes = [UInt8](repeating: 255, count: across * down * 3)
    for image in 0..<count {
      let (left, top) = (image % columns * (width + 1), image / columns * (height + 1))
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<3 {
            let plane = channels == 3 ? channel : 0
            let value = values[((image * channels + plane) * height + y) * width + x]
            let share = value.isFinite && high > low ? (value - low) / (high - low) : 0
            bytes[((top + y) * across + left + x) * 3 + channel] = UInt8((share * 255).rounded())
          }
        }
      }
    }
    return bytes
  }

  /// - Source: W3C, Portable Network Graphics, third edition, https://www.w3.org/TR/png-3
  package var png: [UInt8] {
    let (across, down) = size
    let pixels = pixels
    var rows: [UInt8] = []
    for y in 0..<down { rows += [0] + pixels[(y * across * 3)..<((y + 1) * across * 3)] }
    var packedCount = compressBound(UInt(rows.count))
    var packed = [UInt8](repeating: 0, count: Int(packedCount))
    let code = compress(&packed, &packedCount, rows, UInt(rows.count))
    precondition(code == Z_OK, "the buffer holds what the bound says")
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + Self.chunk("IHDR", Self.word(across) + Self.word(down) + [8, 2, 0, 0, 0])
      + Self.chunk("IDAT", Array(packed[..<Int(packedCount)])) + Self.chunk("IEND", [])
  }

  /// The picture in a document that shows its pixels enlarged and sharp.
  package var svg: String {
    let (across, down) = size
    let zoom = max(1, min(8, 640 / across))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(across * zoom)" height="\(down * zoom)" viewBox="0 0 \(across) \(down)">
      <image width="\(across)" height="\(down)" style="image-rendering:pixelated" href="data:image/png;base64,\(Self.base64(png))"/>
      </svg>

      """
  }

  private static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    let sum = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    return word(content.count) + body + word(Int(sum))
  }

  /// - Source: RFC 4648, section 4
  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let word = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for place in 0..<4 {
        text.append(place <= part.count ? digits[word >> (18 - 6 * place) & 63] : "=")
      }
    }
    return text
  }
}
