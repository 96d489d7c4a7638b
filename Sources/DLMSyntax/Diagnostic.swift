/// Something to tell the author of a program: what is, where, why in numbers, and what to do.
package struct Diagnostic: Sendable {
  package enum Severity: String, Hashable, Sendable { case error, warning, note }

  /// Words under a piece of the text.
  package struct Label: Sendable {
    package var file: SourceFile
    package var span: Span
    package var text: String

    package init(_ file: SourceFile, _ span: Span, _ text: String = "") {
      self.file = file
      self.span = span
      self.text = text
    }
  }

  /// A title and, below it, lines that belong to it: how a number came about.
  package struct Note: Sendable {
    package var title: String
    package var lines: [String]
    /// Places that the lines speak of, for whoever can go there.
    package var places: [Label] = []

    package init(_ title: String, lines: [String] = []) {
      self.title = title
      self.lines = lines
    }
  }

  package struct Edit: Hashable, Sendable {
    package var span: Span
    package var replacement: String

    package init(_ span: Span, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  /// A change that is certain enough to be made by a machine, in the file of the primary label.
  package struct Fix: Hashable, Sendable {
    package var title: String
    package var edits: [Edit]

    package init(_ title: String, _ edits: [Edit]) {
      self.title = title
      self.edits = edits
    }
  }

  package var severity: Severity
  /// `S012`: stable, explained at length elsewhere.
  package var code: String
  package var message: String
  /// The text to change.
  package var primary: Label
  package var secondary: [Label] = []
  package var notes: [Note] = []
  package var help: String?
  package var fixes: [Fix] = []
  /// Whether nothing is wrong but that a file is not there: it may be made while the program is written.
  package var isAboutMissingFile = false

  package init(
    _ severity: Severity = .error, _ code: String, _ message: String, at primary: Label,
    help: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.primary = primary
    self.help = help
  }
}
