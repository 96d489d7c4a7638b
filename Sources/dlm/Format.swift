import ArgumentParser
import DLMFormats
import DLMSyntax

/// `dlm fmt mnist.dlm`
struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Lay out programs in the one style there is.",
    discussion: """
      Files are rewritten where that changes them. Without a file, or for `-`, standard input is laid \
      out to standard output. A program with mistakes of form is left as it is.
      """)

  @ArgumentParser.Argument(
    help: "The programs; `-` for standard input.", completion: .file(extensions: ["dlm"]))
  var files: [String] = ["-"]

  @Flag(
    help: "Write nothing; name the files that are laid out otherwise, and fail if there are any.")
  var check = false

  func run() throws {
    var isFine = true
    for path in files {
      let program = path == "-" ? try Program(readingStandardInput: ()) : try Program(reading: path)
      guard let text = withLargeStack({ Formatter.format(program.file) }) else {
        _ = report(withLargeStack { Parser.parse(program.file).diagnostics })
        isFine = false
        continue
      }
      // A file is never replaced by one that cannot be read.
      let again = SourceFile(path: program.file.path, text: text)
      guard withLargeStack({ Parser.parse(again).diagnostics.isEmpty }) else {
        throw UnreadableLayout(path: program.file.path)
      }
      if check {
        if text != program.file.text {
          Terminal.out("\(program.file.path)\n")
          isFine = false
        }
      } else if path == "-" {
        Terminal.out(text)
      } else if text != program.file.text {
        try Program.write(text, to: path)
      }
    }
    if !isFine { throw ExitStatus.failure.code }
  }
}

/// The formatter has made a text that does not parse: a fault of dlm, which leaves the file as it was.
private struct UnreadableLayout: Error, CustomStringConvertible {
  var path: String

  var description: String { "`\(path)` would not parse once laid out; it is left as it was" }
}
