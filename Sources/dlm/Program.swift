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
