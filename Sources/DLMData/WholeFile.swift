import DLMTensor

/// The content of a file in one piece, unpacked where gzip packed it.
enum WholeFile {
  /// Unpacked content may be at most this many times as large as its file before it is refused.
  private static let mostExpansion = 200

  /// - Throws: `DataError` where the file is missing, damaged, or unpacks to something far larger.
  static func bytes(_ path: String) throws(DataError) -> [UInt8] {
    let reader = try ContentReader(path)
    let limit = max(1 << 20, reader.storedByteCount * mostExpansion)
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = try reader.read(into: piece)
      bytes += piece[..<count]
      if count < piece.count { return bytes }
      guard bytes.count <= limit else {
        throw DataError(path: path, problem: .tooLarge(shape: Shape([bytes.count])))
      }
    }
  }
}
