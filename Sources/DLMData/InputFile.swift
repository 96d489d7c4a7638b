#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file opened for reading, closed with its last reference.
final class InputFile {
  let path: String
  /// As it was when the file was opened.
  let byteCount: Int
  private let descriptor: Int32

  init(_ path: String) throws(DataError) {
    // Not waiting keeps a pipe without a writer from hanging the run.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.error(opening: path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      _ = close(descriptor)
      throw DataError(path: path, problem: .unreadable(code: code))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      _ = close(descriptor)
      throw DataError(path: path, problem: .isFolder)
    }
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { _ = close(descriptor) }

  /// Fills `buffer` from `offset` on.
  ///
  /// - Returns: the bytes read, fewer than asked for only where the file ends.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(DataError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw DataError(path: path, problem: .unreadable(code: errno))
      }
    }
    return filled
  }
}

extension InputFile {
  private static func error(opening path: String, code: Int32) -> DataError {
    guard code == ENOENT else { return DataError(path: path, problem: .unreadable(code: code)) }
    let (folder, name) = Folder.split(path)
    guard let names = Folder.names(in: folder) else {
      return DataError(path: path, problem: .missingFolder(folder))
    }
    return DataError(path: path, problem: .missing(nearest: Folder.nearest(to: name, among: names)))
  }
}
