import CDLMPrelude

/// A page about one code of diagnostics: what it means, a program that is wrong so, and a right one.
package struct Explanation: Sendable {
  /// `S012`
  package var code: String
  package var title: String
  package var text: String
  /// Missing where only a run can meet it.
  package var wrong: String?
  package var right: String

  /// Every page, by theme.
  package static let all: [Explanation] = {
    var count = 0
    guard let files = dlm_explanations(&count) else { return [] }
    return (0..<count).flatMap { pages(String(cString: files[$0].text)) }
  }()

  /// `=== CODE title`, text, `--- wrong`, a program, `--- right`, a program.
  private static func pages(_ text: String) -> [Explanation] {
    var pages: [Explanation] = []
    var part = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        let words = line.dropFirst(4).split(separator: " ", maxSplits: 1).map(String.init)
        pages.append(
          Explanation(
            code: words[0], title: words.count > 1 ? words[1] : "", text: "", wrong: nil, right: "")
        )
        part = "text"
      } else if line.hasPrefix("--- ") {
        part = String(line.dropFirst(4))
      } else if !pages.isEmpty {
        let last = pages.count - 1
        switch part {
        case "wrong": pages[last].wrong = (pages[last].wrong ?? "") + line + "\n"
        case "right": pages[last].right += line + "\n"
        default: pages[last].text += pages[last].text.isEmpty ? String(line) : "\n\(line)"
        }
      }
    }
    return pages.map { page in
      var page = page
      while page.right.hasSuffix("\n\n") { page.right.removeLast() }
      return page
    }
  }

  /// The page as it is shown, programs indented.
  package var page: String {
    func indented(_ program: String) -> String {
      program.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    }
    var parts = ["\(code): \(title)"]
    if !text.isEmpty { parts.append(text) }
    if let wrong { parts.append("wrong:\n\(indented(wrong))") }
    parts.append("right:\n\(indented(right))")
    return parts.joined(separator: "\n\n")
  }
}
