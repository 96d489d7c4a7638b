#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A call to the file system that failed.
package struct FileError: Error, Hashable {
  package enum Operation: String, Hashable, Sendable {
    case open, read, write, sync, rename, close
  }

  /// The path that the caller named.
  package var path: String
  package var operation: Operation
  /// `errno` of the call.
  package var code: Int32

  package init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }
}

extension FileError {
  /// The system's words for the code.
  package var reason: String {
    String(cString: strerror(code))
  }
}
