import DLMFrontend
import DLMSyntax

/// A program in a doc comment, between lines of three backticks.
struct Sample {
  /// With the lines that say what it prints.
  var program: String
  /// Of the file: where its first line stands, counted from 0.
  var line: Int
  /// What stands in front of each of its lines: `/// `.
  var prefix: String
}

extension Declaration {
  /// The samples of its doc comment in `file`.
  func samples(in file: SourceFile) -> [Sample] {
    let end = file.line(at: span.start)
    let lines = documentation.split(separator: "\n", omittingEmptySubsequences: false)
    let first = end - lines.count
    var samples: [Sample] = []
    var isInside = false
    for (index, line) in lines.enumerated() where first >= 0 {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isInside.toggle()
        guard isInside else { continue }
        let whole = file.string(file.lineSpan(first + index))
        samples.append(
          Sample(
            program: "", line: first + index + 1,
            prefix: String(whole.prefix { $0 == " " || $0 == "\t" }) + "/// "))
      } else if isInside, !samples.isEmpty {
        samples[samples.count - 1].program += line + "\n"
      }
    }
    return samples
  }
}

extension Tree {
  /// What the file declares, without its trainings, tests and statements; it ends with a line break.
  var declarationText: String {
    items.compactMap { item -> String? in
      guard case .declaration(let declaration) = item else { return nil }
      switch declaration.kind {
      case .train, .test, .sweep: return nil
      case .use, .data, .dim, .layer, .function, .optimizer, .schedule:
        return file.string(declaration.span) + "\n"
      }
    }.joined()
  }

  /// Spans of the items at the top of the file.
  var itemSpans: [Span] {
    items.map {
      switch $0 {
      case .declaration(let declaration): declaration.span
      case .statement(let statement): statement.span
      }
    }
  }
}
