import ArgumentParser
import DLMFrontend
import DLMSyntax

/// What the process ends with: the table of the README. The numbers are those of `sysexits.h` where it
/// has one.
enum ExitStatus: Int32, CaseIterable {
  case fine = 0
  /// The program or its data are wrong, or the run failed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// This program is wrong.
  case internalError = 70
  /// A checkpoint cannot be written.
  case cannotSave = 73
  case outOfMemory = 75

  var code: ExitCode { ExitCode(rawValue) }

  /// The process was stopped by a signal and has saved its training.
  static func stopped(by signal: Int32) -> ExitCode { ExitCode(128 + signal) }

  /// What a run that found `diagnostics` ends with.
  init(_ diagnostics: [Diagnostic]) {
    let codes = diagnostics.filter { $0.severity == .error }.map(\.code)
    if codes.contains(RunCode.outOfMemory.rawValue) {
      self = .outOfMemory
    } else if codes.contains(RunCode.cannotSave.rawValue) {
      self = .cannotSave
    } else {
      self = codes.isEmpty ? .fine : .failure
    }
  }
}

/// What is wrong with the command line, found while it is carried out.
struct UsageError: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
