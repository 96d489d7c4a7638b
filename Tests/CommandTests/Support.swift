import Foundation

/// What a process said and how it ended.
struct Ending {
  var status: Int32
  var output: String
  var errors: String
}

/// Runs the `dlm` that was built with these tests.
func dlm(_ arguments: String...) throws -> Ending { try dlm(arguments) }

/// - Parameter input: little enough to be taken at once.
func dlm(_ arguments: [String], input: String = "") throws -> Ending {
  let (process, output, errors) = try launch(arguments, input: input)
  // Little enough is written to either that reading one after the other cannot block.
  let text = output.fileHandleForReading.readDataToEndOfFile()
  let diagnostics = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Ending(
    status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
    errors: String(decoding: diagnostics, as: UTF8.self))
}

/// A `dlm` that runs, and what it writes to standard error.
func start(_ arguments: String...) throws -> (process: Process, errors: Pipe) {
  let (process, _, errors) = try launch(arguments)
  return (process, errors)
}

private func launch(_ arguments: [String], input: String = "") throws -> (
  Process, output: Pipe, errors: Pipe
) {
  let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  let process = Process()
  process.executableURL = products.appendingPathComponent("dlm")
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  let given = Pipe()
  process.standardInput = given
  try process.run()
  given.fileHandleForWriting.write(Data(input.utf8))
  try given.fileHandleForWriting.close()
  return (process, output, errors)
}

enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let mnist = root + "/examples/data/mnist"
}

/// A folder with a program and a copy of MNIST's files, which a test may damage.
final class Project {
  let path: String

  init(_ program: String? = nil) throws {
    path = NSTemporaryDirectory() + "dlm-\(UUID().uuidString)"
    let files = FileManager.default
    try files.createDirectory(atPath: path + "/data", withIntermediateDirectories: true)
    try files.createDirectory(atPath: data, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: Repository.mnist) {
      try files.createSymbolicLink(
        atPath: "\(data)/\(name)", withDestinationPath: "\(Repository.mnist)/\(name)")
    }
    let example = try String(
      contentsOfFile: Repository.root + "/examples/mnist.dlm", encoding: .utf8)
    try write(program ?? example)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var data: String { path + "/data/mnist" }
  var program: String { path + "/mnist.dlm" }

  func write(_ text: String) throws {
    try text.write(toFile: program, atomically: true, encoding: .utf8)
  }

  func edit(_ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: program, encoding: .utf8)
    precondition(text.contains(old), "the program has `\(old)`")
    try write(text.replacingOccurrences(of: old, with: new))
  }

  /// Puts `bytes` in place of a file of MNIST; takes it away where they are `nil`.
  func replace(_ name: String, by bytes: Data?) throws {
    let file = "\(data)/\(name)"
    try FileManager.default.removeItem(atPath: file)
    try bytes?.write(to: URL(fileURLWithPath: file))
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(Repository.mnist)/\(name)"))
  }
}
