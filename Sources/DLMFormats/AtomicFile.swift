#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes whole files: whoever opens the path sees the old content or the new one, never a part.
package enum AtomicFile {
  /// Replaces the file at `path` by what `body` writes.
  ///
  /// A symbolic link stays: what it leads to is replaced. The new file has the mode of the old one. The
  /// bytes go to a temporary name in the same folder, which is synced and renamed; then the folder is synced, so that the new name outlives a loss of power. Where anything fails, the
  /// temporary file is removed and the old one stays.
  ///
  /// - Throws: `FileError` naming `path`, or whatever `body` throws through it.
  package static func write(
    _ path: String, _ body: (FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    let target = destination(of: path)
    let (folder, name) = split(target)
    let (temporary, descriptor) = try createTemporary(besides: name, in: folder, for: path)
    do throws(FileError) {
      let writer = FileWriter(descriptor: descriptor, path: path)
      do throws(FileError) {
        try body(writer)
        try writer.flush()
        var old = stat()
        if stat(target, &old) == 0 { _ = fchmod(descriptor, old.st_mode & 0o7777) }
        try check(.sync, path) { fsync(descriptor) }
      } catch {
        _ = close(descriptor)
        throw error
      }
      try check(.close, path) { close(descriptor) }
      try check(.rename, path) { rename(temporary, target) }
    } catch {
      _ = unlink(temporary)
      throw error
    }
    try syncFolder(folder, for: path)
  }
}

extension AtomicFile {
  /// What `path` leads to if it is a symbolic link, or `path`; a link to nothing is replaced.
  private static func destination(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// A file that nobody else has: a process that was killed may have left one of the same number.
  private static func createTemporary(
    besides name: String, in folder: String, for path: String
  ) throws(FileError) -> (path: String, descriptor: Int32) {
    var attempt = 0
    while true {
      let temporary = "\(folder)/.\(getpid())-\(attempt).\(name).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      guard errno == EEXIST, attempt < 1000 else {
        throw FileError(path: path, operation: .open, code: errno)
      }
      attempt += 1
    }
  }

  private static func syncFolder(_ folder: String, for path: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    defer { _ = close(descriptor) }
    // Some file systems cannot sync a folder and say so with EINVAL; there is nothing to add then.
    if fsync(descriptor) != 0, errno != EINVAL {
      throw FileError(path: path, operation: .sync, code: errno)
    }
  }

  private static func check(
    _ operation: FileError.Operation, _ path: String, _ call: () -> Int32
  ) throws(FileError) {
    if call() != 0 { throw FileError(path: path, operation: operation, code: errno) }
  }
}
