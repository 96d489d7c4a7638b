#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Questions about files and changes to folders.
package enum FileSystem {
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes `folder` and those around it where they are missing.
  ///
  /// - Throws: `FileError` naming the folder that could not be made.
  package static func createFolder(_ folder: String) throws(FileError) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += path.isEmpty || path.hasSuffix("/") ? part : "/\(part)"
      if mkdir(path, 0o777) == 0 { continue }
      let code = errno
      if isFolder(path) { continue }
      throw FileError(path: path, operation: .open, code: code == EEXIST ? ENOTDIR : code)
    }
  }

  /// Gives the file at `old` the name `new`, in place of a file that has it; nothing where there is
  /// no such file.
  ///
  /// - Throws: `FileError` naming `old`.
  package static func moveFile(_ old: String, to new: String) throws(FileError) {
    if rename(old, new) != 0, errno != ENOENT {
      throw FileError(path: old, operation: .rename, code: errno)
    }
  }
}
