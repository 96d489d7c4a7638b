import CZlib

/// The content of a file from its front to its end, unpacked where gzip packed it.
///
/// Packed files are known by their first bytes, not by their names: what fetches a `.gz` sometimes
/// unpacks it on the way.
final class ContentReader {
  let isPacked: Bool
  /// Bytes of content read so far.
  private(set) var position = 0

  private let file: InputFile
  private var inflater: Inflater?
  /// The next byte of the file to read.
  private var fileOffset = 0
  private let input: UnsafeMutableRawBufferPointer
  private static let inputSize = 1 << 17

  init(_ path: String, inputSize: Int = ContentReader.inputSize) throws(DataError) {
    file = try InputFile(path)
    input = .allocate(byteCount: inputSize, alignment: 64)
    do throws(DataError) {
      let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[..<2]), at: 0)
      isPacked = count == 2 && input[0] == 0x1F && input[1] == 0x8B
      inflater = isPacked ? try Inflater(path: path) : nil
    } catch {
      input.deallocate()
      throw error
    }
  }

  deinit { input.deallocate() }

  var path: String { file.path }
  /// Bytes of the file as it is stored.
  var storedByteCount: Int { file.byteCount }

  /// Fills `buffer` with what comes next.
  ///
  /// - Returns: the bytes read, fewer than asked for only where the content ends.
  /// - Throws: `DataError` where packed content is damaged, breaks off or has bytes behind its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let count: Int
    if let inflater {
      count = try read(into: buffer, through: inflater)
    } else {
      count = try file.read(into: buffer, at: fileOffset)
      fileOffset += count
    }
    position += count
    return count
  }

  /// Reads and forgets up to `limit` bytes.
  ///
  /// - Returns: the bytes that there were.
  func skip(_ limit: Int = .max) throws(DataError) -> Int {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { scratch.deallocate() }
    var skipped = 0
    while skipped < limit {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: scratch[..<min(scratch.count, limit - skipped)])
      let count = try read(into: part)
      skipped += count
      if count < part.count { break }
    }
    return skipped
  }

  /// The size that the end of a packed file states for its content, modulo 2^32; the last of
  /// several packed pieces speaks only for itself.
  func statedSize() throws(DataError) -> UInt32? {
    guard isPacked, file.byteCount >= 18 else { return nil }
    var word: UInt32 = 0
    let count = try withUnsafeMutableBytes(of: &word) { bytes throws(DataError) in
      try file.read(into: bytes, at: file.byteCount - 4)
    }
    return count == 4 ? UInt32(littleEndian: word) : nil
  }

  private func read(
    into buffer: UnsafeMutableRawBufferPointer, through inflater: Inflater
  ) throws(DataError) -> Int {
    var filled = 0
    while filled < buffer.count {
      if inflater.needsInput {
        let count = try file.read(into: input, at: fileOffset)
        fileOffset += count
        guard count > 0 else {
          if inflater.isBetweenPieces { break }
          throw DataError(path: path, problem: .truncatedGzip(unpacked: position + filled))
        }
        inflater.feed(UnsafeRawBufferPointer(rebasing: input[..<count]))
      }
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      switch try inflater.inflate(into: rest) {
      case .bytes(let count): filled += count
      case .otherBytesFollow(let unused):
        let bytes = file.byteCount - fileOffset + unused
        throw DataError(path: path, problem: .trailingGzip(bytes: bytes))
      }
    }
    return filled
  }
}
