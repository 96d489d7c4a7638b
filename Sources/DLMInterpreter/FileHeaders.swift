import DLMFormats

/// What was read of data files, kept until they change: an editor asks for the same headers at every
/// keystroke.
package final class FileHeaders {
  private struct Entry {
    var stamp: FileStamp
    var content: Any
  }

  /// Files that are remembered; a program has a few.
  private static let limit = 64
  private var entries: [String: Entry] = [:]

  package init() {}

  /// What `read` makes of the file at `path`, or made of it before if the file is the same.
  ///
  /// - Parameter use: what it is read as.
  func content<Content>(of path: String, as use: String, _ read: () throws -> Content) rethrows
    -> Content
  {
    guard let stamp = FileStamp(of: path) else { return try read() }
    let key = "\(use) \(path)"
    if let known = entries[key], known.stamp == stamp, let content = known.content as? Content {
      return content
    }
    let content = try read()
    if entries.count >= Self.limit { entries = [:] }
    entries[key] = Entry(stamp: stamp, content: content)
    return content
  }
}
