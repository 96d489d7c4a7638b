import DLMFrontend
import DLMSyntax

/// A program in a doc comment, between lines of three backticks.
struct Sample {
  var program: String
  /// What it must print: the text behind `//> `.
  var expected: [String]
}

extension Declaration {
  /// The samples of its doc comment.
  var samples: [Sample] {
    var samples: [Sample] = []
    var isInside = false
    for line in documentation.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        if !isInside { samples.append(Sample(program: "", expected: [])) }
        isInside.toggle()
      } else if isInside, !samples.isEmpty {
        let text = line.drop { $0 == " " }
        if text.hasPrefix("//> ") {
          samples[samples.count - 1].expected.append(String(text.dropFirst(4)))
        } else {
          samples[samples.count - 1].program += line + "\n"
        }
      }
    }
    return samples
  }
}

extension Declaration.Kind {
  /// The name of what can have samples.
  var declaredName: String? {
    switch self {
    case .layer(let layer): layer.name.text
    case .function(let function): function.name.text
    case .optimizer(let optimizer): optimizer.name.text
    case .schedule(let schedule): schedule.name.text
    case .use, .data, .dim, .train, .test, .sweep: nil
    }
  }
}

extension Tree {
  /// What the file declares, without its trainings, tests and statements.
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
}
