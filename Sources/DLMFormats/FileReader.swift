#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file opened for reading, closed with its last reference.
final class FileReader {
  let path: String
  /// As it was when the file was opened.
  let byteCount: Int
  let isFolder: Bool
  private let descriptor: Int32

  init(_ path: String) throws(FileError) {
    // Not waiting keeps a pipe without a writer from hanging the run.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      _ = close(descriptor)
      throw FileError(path: path, operation: .read, code: code)
    }
    self.path = path
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    byteCount = Int(status.st_size)
  }

  deinit { _ = close(descriptor) }

  /// Fills `buffer` from `offset` on.
  ///
  /// - Returns: the bytes read, fewer than asked for only where the file ends.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw FileError(path: path, operation: .read, code: errno)
      }
    }
    return filled
  }
}
