import CImage
import DLMTensor

/// A picture in a file: PNG, JPEG, BMP, GIF, TGA or PNM.
package struct PictureFile: Sendable {
  package let path: String
  package let height: Int
  package let width: Int
  private let bytes: [UInt8]

  /// - Throws: `DataError` where there is no such file, or it is no picture.
  package init(_ path: String) throws(DataError) {
    self.path = path
    bytes = try WholeFile.bytes(path)
    var (width, height): (Int32, Int32) = (0, 0)
    guard dlm_image_size(bytes, bytes.count, &width, &height) != 0, width > 0, height > 0 else {
      throw Self.undecoded(path)
    }
    (self.width, self.height) = (Int(width), Int(height))
  }

  /// The pixels as `u8[channels, H, W]`: red, green and blue, or with one channel their grey.
  ///
  /// - Parameter channels: 1 or 3.
  package func pixels(channels: Int) throws(DataError) -> Tensor {
    let shape = Shape([channels, height, width])
    guard let decoded = dlm_image_decode(bytes, bytes.count, Int32(channels)) else {
      throw Self.undecoded(path)
    }
    defer { dlm_image_free(decoded) }
    guard let tensor = try? Tensor(zeros: shape, .u8) else {
      throw DataError(path: path, problem: .outOfMemory(shape: shape))
    }
    let area = height * width
    let bytes = tensor.storage.pointer.assumingMemoryBound(to: UInt8.self)
    for channel in 0..<channels {
      for pixel in 0..<area { bytes[channel * area + pixel] = decoded[pixel * channels + channel] }
    }
    return tensor
  }

  private static func undecoded(_ path: String) -> DataError {
    let reason =
      dlm_image_can_read() == 0
      ? "cannot be read: this dlm was built without stb_image (libstb-dev)"
      : "cannot be read as a picture (\(String(cString: dlm_image_reason())))"
    return DataError(path: path, problem: .malformed(reason, line: nil))
  }
}
