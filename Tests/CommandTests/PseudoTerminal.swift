import CPseudoTerminal
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A terminal with `dlm` in it: what is typed goes in, what it shows comes out.
///
/// The process leads a session of its own and this terminal controls it, so that Ctrl-C is a signal.
final class PseudoTerminal {
  struct Missing: Error, CustomStringConvertible {
    var text: String
    var seen: String
    var description: String { "waited for \"\(text)\", but saw:\n\(seen)" }
  }

  /// Whether the library is there with which a prompt edits its lines.
  static let hasReadline = pseudo_terminal_can_load("libreadline.so.8")

  private let master: Int32
  private let process: pid_t
  /// What it has shown so far, without what only moves the cursor or sets colours.
  private(set) var shown = ""
  /// The same with everything.
  private(set) var raw = ""
  /// Where in `shown` what has not been waited for begins.
  private var seen: String.Index
  private var isEnded = false

  init(
    _ arguments: [String] = [], in folder: String, environment: [String: String] = [:],
    columns: UInt16 = 100
  ) throws {
    seen = shown.startIndex
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("dlm").path
    let known = [
      "TERM": "xterm-256color", "HOME": folder, "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null",
      "DLM_HISTORY": "",
    ].merging(environment) { $1 }
    var master: Int32 = -1
    process = withStrings([program] + arguments) { words in
      withStrings(known.map { "\($0)=\($1)" }) { variables in
        pseudo_terminal_start(program, words, variables, folder, columns, &master)
      }
    }
    precondition(process > 0, "no terminal can be had")
    self.master = master
  }

  deinit {
    if !isEnded {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    close(master)
  }

  /// Gives the terminal another width, of which its process is told.
  func resize(columns: UInt16) {
    var size = winsize()
    _ = ioctl(master, UInt(TIOCGWINSZ), &size)
    size.ws_col = columns
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Types a line and waits for the prompt behind what it comes to; that is the result.
  @discardableResult func enter(_ line: String, seconds: Double = 30) throws -> String {
    send(line + "\r")
    try wait(for: "\n", seconds: seconds)
    // Where nothing is shown, the prompt follows on the line break of the entry itself.
    seen = shown.index(before: seen)
    return String(try wait(for: "\n> ", seconds: seconds).drop { $0 == "\n" })
  }

  /// Reads until `text` is shown behind what was waited for last.
  ///
  /// - Returns: what stands in front of it.
  @discardableResult func wait(for text: String, seconds: Double = 30) throws -> String {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
      if let range = shown[seen...].range(of: text) {
        let before = String(shown[seen..<range.lowerBound])
        seen = range.upperBound
        return before
      }
      guard read(until: end) else { throw Missing(text: text, seen: String(shown[seen...])) }
    }
  }

  /// Waits until the process has ended by itself; its status, or 128 and the number of a signal.
  func ending(seconds: Double = 30) throws -> Int32 {
    let end = Date(timeIntervalSinceNow: seconds)
    while read(until: end) {}
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard Date() < end else { throw Missing(text: "the end", seen: String(shown[seen...])) }
      usleep(1000)
    }
    isEnded = true
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
  }

  /// Reads what there is; false at the end of the process or of the time.
  private func read(until end: Date) -> Bool {
    var poll = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let left = max(0, end.timeIntervalSinceNow)
    guard Glibc.poll(&poll, 1, Int32(left * 1000)) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    let offset = shown.utf8.distance(from: shown.startIndex, to: seen)
    raw += String(decoding: buffer[..<count], as: UTF8.self)
    shown = Self.plain(raw)
    seen = shown.utf8.index(shown.startIndex, offsetBy: offset)
    return true
  }

  /// Without escape sequences and carriage returns.
  private static func plain(_ text: String) -> String {
    text.replacing(/\u{1B}(\[[0-9;?>=]*[A-Za-z]|\][^\u{07}]*\u{07}|[()][A-Z0-9]|[=>])/, with: "")
      .unicodeScalars.filter { $0 != "\r" && $0 != "\u{07}" }
      .reduce(into: "") { $0.unicodeScalars.append($1) }
  }
}

/// Calls `body` with the strings as C wants them: a list that ends with nothing.
private func withStrings<T>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
) -> T {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
