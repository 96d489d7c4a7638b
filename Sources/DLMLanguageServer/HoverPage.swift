import DLMFrontend
import DLMShapes
import DLMSyntax

/// What is shown of the thing under the cursor.
struct HoverPage {
  /// In the language itself.
  var code: [String] = []
  var lines: [String] = []
  var documentation = ""
  /// How a shape came about, in rows.
  var origin: [String] = []

  init() {}

  /// A declaration by its head and its documentation.
  init(_ declaration: Declaration, in tree: Tree) {
    code = [tree.head(of: declaration)]
    documentation = declaration.documentation
  }

  /// What the numbers of a kind mean.
  init?(kind: String) {
    guard let meaning = KindMeaning.all[kind] else { return nil }
    code = [kind]
    lines = [meaning]
  }

  /// A function that is in no file.
  init(_ page: BuiltinPage) {
    code = [page.signature]
    documentation = page.summary
    if let source = page.source { documentation += "\nSource: \(source)" }
    if let example = page.example { documentation += "\n```dlm\nprint \(example)\n```" }
  }

  /// A column of a data set.
  init(_ field: Dataset.Field) {
    code = ["\(field.name): \(field.type.plain)"]
    lines = [field.source]
  }

  mutating func add(origin value: Value) {
    guard case .tensor(let tensor) = value, let origin = tensor.origin else { return }
    self.origin = origin.table
  }

  mutating func add(_ dataset: Dataset) {
    lines.append(dataset.rowText)
    for field in dataset.fields { code.append("\(field.name): \(field.type.plain)") }
  }

  var markdown: String {
    var parts: [String] = []
    if !code.isEmpty { parts.append("```dlm\n" + code.joined(separator: "\n") + "\n```") }
    if !lines.isEmpty { parts.append(lines.joined(separator: "  \n")) }
    if !origin.isEmpty { parts.append("```\n" + origin.joined(separator: "\n") + "\n```") }
    if !documentation.isEmpty { parts.append(documentation) }
    return parts.joined(separator: "\n\n")
  }

  var plain: String {
    (code + lines + origin + (documentation.isEmpty ? [] : [documentation])).joined(separator: "\n")
  }
}
