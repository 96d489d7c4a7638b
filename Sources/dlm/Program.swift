import ArgumentParser
import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that the command line names, read whole.
struct Program {
  let file: SourceFile

  /// The folder that the paths in the program are relative to.
  var folder: String {
    file.path.lastIndex(of: "/").map { $0 == file.path.startIndex ? "/" : String(file.path[..<$0]) }
      ?? ""
  }

  /// - Throws: `UsageError`.
  init(reading path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.unreadable(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw UsageError("`\(path)` is a folder: name a program, such as `\(path)/mnist.dlm`")
    }
    guard let stream = fopen(path, "r") else { throw Self.unreadable(path, errno) }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
      bytes += buffer[..<count]
      guard bytes.count <= Self.largest else {
        throw UsageError("`\(path)` is larger than a program can be (16 MB)")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UsageError("`\(path)` is not UTF-8 text")
    }
    file = SourceFile(path: path, text: text)
  }

  private static let largest = 16 << 20

  private static func unreadable(_ path: String, _ code: Int32) -> UsageError {
    let reason = String(cString: strerror(code))
    return UsageError("cannot read `\(path)`: \(reason)")
  }
}

/// What is wrong with the command line, found while it is carried out.
struct UsageError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// Codes that the process ends with; those of `sysexits.h` where it has one.
enum ExitStatus {
  static let failure = ExitCode(1)
  static let usage = ExitCode(64)
  static let interrupted = ExitCode(130)
}
