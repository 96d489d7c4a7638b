import DLMSyntax

/// A text with a way to its positions.
struct IndexedText {
  let file: SourceFile
  let lines: LineIndex

  init(_ file: SourceFile) {
    self.file = file
    lines = LineIndex(file.bytes)
  }
}

/// A text that a client has open.
final class Document {
  let uri: String
  /// Of its file; the address itself where it has none.
  let path: String
  private(set) var version: Int
  private(set) var text: IndexedText
  /// What has been found out about `text`; `nil` after a change.
  var analysis: Analysis?
  /// What had been found out about the text before; it is let go when there is time.
  var outdated: Analysis?
  /// What stood for the state of each file that `analysis` has read, where nobody tells of changes.
  var stamps: [String: Int?] = [:]
  /// Whether the client has been told the diagnostics of `text`.
  var isPublished = false
  /// Semantic tokens as they were sent last, with what they are called by.
  var sentTokens: (id: String, tokens: [Int])?

  init(uri: String, version: Int, text: String) {
    self.uri = uri
    self.version = version
    path = DocumentURI.path(uri) ?? uri
    self.text = IndexedText(SourceFile(path: path, text: text))
  }

  var folder: String { DocumentURI.folder(of: path) }

  /// Puts `text` in place of what stands between two positions, or of everything.
  func change(from start: Position, to end: Position, by new: String, _ encoding: PositionEncoding)
  {
    let a = text.lines.offset(of: start, encoding)
    let b = text.lines.offset(of: end, encoding)
    var bytes = text.file.bytes
    bytes.replaceSubrange(min(a, b)..<max(a, b), with: new.utf8)
    replace(by: String(decoding: bytes, as: UTF8.self))
  }

  func replace(by text: String) {
    self.text = IndexedText(SourceFile(path: path, text: text))
    invalidate()
  }

  func setVersion(_ version: Int) { self.version = version }

  /// Forgets what was found out: the text, or what it uses, is another.
  func invalidate() {
    if analysis != nil { outdated = analysis }
    analysis = nil
    isPublished = false
  }
}
