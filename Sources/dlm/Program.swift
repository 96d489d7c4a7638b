import ArgumentParser
import DLMFormats
import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that the command line names, read whole.
struct Program {
  var file: SourceFile

  /// The folder that the paths in the program are relative to.
  var folder: String {
    file.path.lastIndex(of: "/").map { $0 == file.path.startIndex ? "/" : String(file.path[..<$0]) }
      ?? ""
  }

  /// - Throws: `UsageError`.
  init(reading path: String) throws {
    do throws(TextFileError) {
      file = SourceFile(path: path, text: try TextFile.read(path))
    } catch {
      let help = FileSystem.isFolder(path) ? "; name a program, such as `\(path)/mnist.dlm`" : ""
      throw UsageError("cannot read `\(path)`: \(error.reason)\(help)")
    }
  }

  /// What standard input gives, to its end.
  init(readingStandardInput: ()) throws {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0 { throw UsageError("cannot read standard input") }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UsageError("standard input is not UTF-8")
    }
    file = SourceFile(path: "standard input", text: text)
  }

  /// Writes a program in place of the one at `path`, or not at all.
  ///
  /// - Throws: `UsageError`.
  static func write(_ text: String, to path: String) throws {
    do throws(FileError) {
      try AtomicFile.write(path) { writer throws(FileError) in try writer.write(Array(text.utf8)) }
    } catch {
      throw UsageError("cannot write `\(path)`: \(error.reason)")
    }
  }
}
