import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The messages that a descriptor gives, each a header, an empty line and a body.
struct MessageReader {
  enum Failure: Error {
    /// The other side has gone.
    case closed
    /// The header says no length, or one that no message has: what follows cannot be read.
    case badHeader(String)
  }

  /// A longer message is no message.
  private static let longestBody = 256 << 20
  private static let longestHeader = 64 << 10

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Bytes of `buffer` that have been taken.
  private var taken = 0

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The body of the next message.
  mutating func next() throws(Failure) -> [UInt8] {
    var length: Int?
    var headerSize = 0
    while true {
      let line = try line(at: headerSize)
      headerSize += line.count + 2
      if line.isEmpty {
        // An empty line in front of a message ends no header.
        if headerSize > 2 { break }
        throw .badHeader("a message begins with a header")
      }
      let text = String(decoding: line, as: UTF8.self)
      guard let colon = text.firstIndex(of: ":") else {
        throw .badHeader("`\(text)` is no header")
      }
      guard text[..<colon].lowercased() == "content-length" else { continue }
      let digits = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      guard let value = Int(digits), (0...Self.longestBody).contains(value) else {
        throw .badHeader("`\(digits)` is no length")
      }
      length = value
    }
    guard let length else { throw .badHeader("the header says no Content-Length") }
    while buffer.count - taken < headerSize + length { try fill() }
    let start = taken + headerSize
    let body = Array(buffer[start..<start + length])
    taken = start + length
    if taken == buffer.count || taken > 1 << 20 {
      buffer.removeFirst(taken)
      taken = 0
    }
    return body
  }

  /// A line of the header, `offset` bytes behind what has been taken, without its end.
  private mutating func line(at offset: Int) throws(Failure) -> ArraySlice<UInt8> {
    var searched = taken + offset
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let start = taken + offset
        guard end > start, buffer[end - 1] == 0x0D else {
          throw .badHeader("lines of a header end with CR and LF")
        }
        return buffer[start..<end - 1]
      }
      searched = buffer.count
      guard buffer.count - taken < Self.longestHeader else {
        throw .badHeader("the header has no end")
      }
      try fill()
    }
  }

  private mutating func fill() throws(Failure) {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .closed }
      buffer += bytes[..<count]
      return
    }
  }
}

/// Writes messages to a descriptor.
struct MessageWriter {
  let descriptor: Int32

  /// Whether the other side still takes them.
  func write(_ message: JSON) -> Bool {
    let body = message.bytes
    return write(body: body)
  }

  func write(body: [UInt8]) -> Bool {
    let bytes = Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
    return bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let start = rest.baseAddress, !rest.isEmpty {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, start, rest.count)
        #else
          let count = Darwin.write(descriptor, start, rest.count)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }
}
