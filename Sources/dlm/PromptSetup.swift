import CReadline
import DLMCPU
import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMRepl
import DLMSyntax

// A prompt on this machine.
extension Repl {
  convenience init(
    on device: DeviceOptions, seed: UInt64?, _ send: @escaping (RunEvent) -> Void
  ) throws {
    let threads = min(device.threads ?? .max, CPUBackend.processorCount)
    let session = InteractiveSession(
      folder: "", backend: try device.backend(), seed: seed,
      interruptions: { Interrupts.count }, send: send)
    let host = ReplHost(
      width: { Terminal.width },
      backend: { name, threads in
        var options = DeviceOptions()
        options.device = DeviceOptions.Device(rawValue: name) ?? .cpu
        options.threads = threads
        options.isa = device.isa
        return try options.backend()
      },
      devices: DeviceOptions.Device.allCases.map(\.rawValue),
      processorCount: CPUBackend.processorCount, report: Self.report,
      seconds: { Terminal.seconds })
    self.init(session, host: host, device: device.device.rawValue, threads: threads, seed: seed)
  }

  /// What has been found on this machine.
  private static func report(threads: Int) -> [String] {
    let readline =
      dlm_readline_load()
      ? String(cString: dlm_readline_library()) : "not found: lines are read plainly"
    return [
      "dlm       \(DLMCommand.configuration.version)",
      "kernels   \(CPUBackend.instructionSets.joined(separator: ", "))",
      "threads   \(threads), for \(CPUBackend.processorCount) processors",
      "readline  \(readline)",
      "history   \(Terminal.historyPath ?? "none: no home folder")",
    ]
  }
}

/// Keeps the log of a prompt beside the training that it is about, while there is one.
struct RunLogFile {
  private var path: String?
  private var lineCount = 0

  /// Writes what has been added since the last time.
  ///
  /// - Returns: something to tell: where the log lies, the first time, or why it cannot be written.
  mutating func update(_ repl: Repl) -> String? {
    guard let name = repl.session.standing?.name, repl.log.lines.count > lineCount else {
      return nil
    }
    let folder = "runs/\(name)"
    let path = "\(folder)/session.log"
    let isNew = path != self.path
    (self.path, lineCount) = (path, repl.log.lines.count)
    do throws(FileError) {
      try FileSystem.createFolder(folder)
      try AtomicFile.write(path) { writer throws(FileError) in
        try writer.write(Array(repl.log.text.utf8))
      }
    } catch {
      return isNew
        ? "the session cannot be kept for `dlm replay`: \(error.path): \(error.reason)" : nil
    }
    return isNew ? "`dlm replay \(path)` does all of this again" : nil
  }
}
