import CZlib

/// The border to zlib: unpacks gzip (RFC 1952), one packed piece after the other.
final class Inflater {
  enum Step {
    /// Bytes written.
    case bytes(Int)
    /// The piece has ended and what follows, of which `unused` bytes are fed, is no other one.
    case otherBytesFollow(unused: Int)
  }

  private let path: String
  /// On the heap, since zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether a piece has ended and no other has begun.
  private(set) var isBetweenPieces = false

  init(path: String) throws(DataError) {
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, which is all there can be; 16 more ask for gzip and nothing else.
    let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw DataError(path: path, problem: .corruptGzip(reason: "zlib says \(code)"))
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  var needsInput: Bool { stream.pointee.avail_in == 0 }

  /// Sets what is unpacked next; `bytes` must stay in place until `needsInput`.
  func feed(_ bytes: UnsafeRawBufferPointer) {
    // zlib only reads from it, its declaration is older than `const`.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(bytes.count)
  }

  /// Unpacks into the front of `buffer` as much as input and room allow.
  func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Step {
    if isBetweenPieces {
      guard let next = stream.pointee.next_in, next[0] == 0x1F else {
        return .otherBytesFollow(unused: Int(stream.pointee.avail_in))
      }
      inflateReset(stream)
      isBetweenPieces = false
    }
    let room = UInt32(min(buffer.count, 1 << 30))
    stream.pointee.next_out = buffer.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_out = room
    let code = CZlib.inflate(stream, Z_NO_FLUSH)
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenPieces = true
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(code)"
      throw DataError(path: path, problem: .corruptGzip(reason: reason))
    }
    return .bytes(Int(room - stream.pointee.avail_out))
  }
}
