import ArgumentParser
import DLMFormats
import DLMSyntax

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
