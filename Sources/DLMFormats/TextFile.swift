#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why a text was not read.
package struct TextFileError: Error, Hashable {
  /// In words, without the path.
  package var reason: String
}

/// Programs and other texts, read whole.
package enum TextFile {
  /// Bytes of the longest text that is read.
  private static let limit = 16 << 20

  /// The text of the file at `path`.
  ///
  /// - Throws: `TextFileError` where there is none, or it is a folder, too long, or not UTF-8.
  package static func read(_ path: String) throws(TextFileError) -> String {
    if FileSystem.isFolder(path) { throw TextFileError(reason: "it is a folder") }
    guard let stream = fopen(path, "r") else {
      throw TextFileError(reason: String(cString: strerror(errno)))
    }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw TextFileError(reason: "it is larger than 16 MB") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TextFileError(reason: "it is not UTF-8 text")
    }
    return text
  }
}
