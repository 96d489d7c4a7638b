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

  /// Gives a file a second name, which may be that of another file until then; moves it where the file
  /// system has no second names. Nothing happens where there is no such file.
  package static func linkFile(_ old: String, to new: String) throws(FileError) {
    if unlink(new) != 0, errno != ENOENT {
      throw FileError(path: new, operation: .rename, code: errno)
    }
    if link(old, new) != 0, errno != ENOENT { try moveFile(old, to: new) }
  }

  /// What a folder holds, in the order of the names; nothing where it cannot be read.
  package static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted().map { ($0, isFolder("\(folder)/\($0)")) }
  }

  /// Paths of the files in `folder` and those below it whose name ends in `.` and `extension`, in order;
  /// names that begin with a point are left out, and so is what lies too deep.
  package static func files(below folder: String, extension ending: String, depth: Int = 8)
    -> [String]
  {
    guard depth > 0 else { return [] }
    return entries(of: folder).filter { !$0.name.hasPrefix(".") }.flatMap { entry -> [String] in
      let path = folder == "/" ? "/\(entry.name)" : "\(folder)/\(entry.name)"
      if entry.name.hasSuffix(".\(ending)") { return [path] }
      return entry.isFolder ? files(below: path, extension: ending, depth: depth - 1) : []
    }.sorted()
  }

  /// Takes away the right to write to the file at `path`.
  package static func protect(_ path: String) { chmod(path, 0o444) }
}
