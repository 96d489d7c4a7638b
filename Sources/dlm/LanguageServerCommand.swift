import ArgumentParser
import DLMFormats
import DLMFrontend
import DLMInterpreter
import DLMLanguageServer

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `dlm lsp`
struct LanguageServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serve an editor: the Language Server Protocol over standard input and output.")

  @Flag(help: "Accepted and without effect: there is no other way to talk to it.")
  var stdio = false

  func run() throws {
    let status = LanguageServer.serve(host: EditorHost()) { Terminal.error($0) }
    if status != 0 { throw ExitCode(status) }
  }
}

/// What the language server asks of the machine that it runs on.
private final class EditorHost: ServerHost {
  private let headers = FileHeaders()

  func provider(folder: String) -> any DataProvider {
    FileDataProvider(folder: folder, headers: headers)
  }

  func text(of path: String) -> String? { try? TextFile.read(path) }

  func exists(_ path: String) -> Bool { FileSystem.exists(path) }

  func stamp(of path: String) -> Int? {
    guard let own = FileStamp(of: path) else { return nil }
    var hasher = Hasher()
    hasher.combine(own)
    // What is written into a file of a folder does not change the folder.
    for entry in FileSystem.entries(of: path).prefix(Self.mostEntries) {
      hasher.combine(FileStamp(of: "\(path)/\(entry.name)"))
    }
    return hasher.finalize()
  }

  /// Files of a folder that are looked at: a data set has a few.
  private static let mostEntries = 32

  func programs(below folder: String) -> [String] {
    FileSystem.files(below: folder, extension: "dlm")
  }

  func names(in folder: String) -> [String] {
    FileSystem.entries(of: folder).map { $0.name + ($0.isFolder ? "/" : "") }.sorted()
  }

  /// Looked at every few seconds: a process that is no child tells nobody of its end.
  func end(with process: Int) {
    guard let id = pid_t(exactly: process), id > 0 else { return }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        let id = pid_t(Int(bitPattern: context))
        while kill(id, 0) == 0 || errno == EPERM { sleep(3) }
        exit(0)
      }, UnsafeMutableRawPointer(bitPattern: Int(id)))
    if code == 0 { pthread_detach(thread) }
  }

  func preludeFile(_ name: String, _ text: String) -> String? {
    guard let folder = Terminal.cacheFolder.map({ "\($0)/dlm/prelude" }) else { return nil }
    let path = "\(folder)/\(name)"
    if self.text(of: path) == text { return path }
    do throws(FileError) {
      try FileSystem.createFolder(folder)
      try AtomicFile.write(path) { writer throws(FileError) in try writer.write(Array(text.utf8)) }
      FileSystem.protect(path)
    } catch {
      return nil
    }
    return path
  }
}
