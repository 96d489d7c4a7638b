#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output for results, standard error for everything else.
enum Terminal {
  /// Whether standard error is a terminal that can redraw a line.
  static var isLive: Bool { isatty(2) != 0 && environment("TERM") != "dumb" }

  /// Whether to colour what goes to standard error: https://no-color.org.
  static var usesColor: Bool { isLive && (environment("NO_COLOR") ?? "").isEmpty }

  /// Columns of the terminal behind standard error.
  static var width: Int { size.columns }

  /// Columns and rows of the terminal behind standard error.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  static func out(_ text: String) { write(text, to: 1) }
  static func error(_ text: String) { write(text, to: 2) }

  /// Seconds of a clock that only goes forward.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Where programs of this user keep what they can make again.
  static var cacheFolder: String? {
    if let folder = environment("XDG_CACHE_HOME"), folder.hasPrefix("/") { return folder }
    return environment("HOME").map { "\($0)/.cache" }
  }

  /// Where the prompt keeps what was entered: `DLM_HISTORY`, or a file of the user's state.
  static var historyPath: String? {
    if let path = environment("DLM_HISTORY") { return path.isEmpty ? nil : path }
    if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return "\(folder)/dlm/history"
    }
    return environment("HOME").map { "\($0)/.local/state/dlm/history" }
  }

  /// Whether a person reads and writes.
  static var isInteractive: Bool { isatty(0) != 0 && isatty(1) != 0 }

  /// Whether a person can answer what standard error asks.
  static var isAsked: Bool { isatty(0) != 0 && isatty(2) != 0 }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0, errno == EINTR { continue }
        // Whoever reads has gone; the run itself goes on.
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
