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
