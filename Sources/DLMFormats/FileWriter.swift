#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Appends bytes to a file, small pieces gathered into large calls.
package final class FileWriter {
  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []
  private static let pendingLimit = 1 << 16

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `FileError` where the system takes no more, with the reason's code.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if pending.count + bytes.count <= Self.pendingLimit {
      pending.append(contentsOf: bytes)
    } else {
      try flush()
      try writeThrough(bytes)
    }
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    let result = bytes.withUnsafeBytes { bytes -> Result<Void, FileError> in
      Result { () throws(FileError) in try write(bytes) }
    }
    try result.get()
  }

  package func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  func flush() throws(FileError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    let result = bytes.withUnsafeBytes { bytes -> Result<Void, FileError> in
      Result { () throws(FileError) in try writeThrough(bytes) }
    }
    try result.get()
  }

  /// The system may take fewer bytes than given, or be interrupted before the first.
  private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = appendOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FileError(path: path, operation: .write, code: errno)
      }
    }
  }
}

/// The system's call, which the methods named `write` would hide.
private func appendOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
