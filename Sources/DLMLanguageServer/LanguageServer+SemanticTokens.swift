import DLMFrontend
import DLMSyntax

extension LanguageServer {
  func semanticTokens(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let numbers = tokens(of: document, in: nil)
    return ["resultId": .string(keep(numbers, document)), "data": numbers.json]
  }

  func semanticTokensInRange(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let range = try span(params["range"], in: document.text)
    return ["data": tokens(of: document, in: range).json]
  }

  /// What is different from the numbers that the client has: everything between what both begin and what
  /// both end with.
  func semanticTokensDelta(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let new = tokens(of: document, in: nil)
    guard let sent = document.sentTokens, sent.id == params["previousResultId"]?.string else {
      return ["resultId": .string(keep(new, document)), "data": new.json]
    }
    let old = sent.tokens
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start,
      old[old.count - 1 - end] == new[new.count - 1 - end]
    {
      end += 1
    }
    let id = keep(new, document)
    if old.count == new.count, start == old.count { return ["resultId": .string(id), "edits": []] }
    return [
      "resultId": .string(id),
      "edits": [
        [
          "start": .integer(start), "deleteCount": .integer(old.count - start - end),
          "data": Array(new[start..<(new.count - end)]).json,
        ]
      ],
    ]
  }

  private func keep(_ numbers: [Int], _ document: Document) -> String {
    let id = String((document.sentTokens.flatMap { Int($0.id) } ?? 0) + 1)
    document.sentTokens = (id, numbers)
    return id
  }

  private func tokens(of document: Document, in range: Span?) -> [Int] {
    let text = document.text
    // Where the check is abandoned, for the text as it is read.
    let analysis = analyse(document)
    let names = analysis?.names ?? IndexedSource(text.file).names
    let columns = analysis?.columns ?? []
    let tokens = SemanticTokens(text.file, names) { [preludeIndex] span in
      let name = text.file.string(span)
      // A column hides what the language has by that name.
      if columns.contains(name), analysis?.data(ofFieldAt: span) != nil { return false }
      return preludeIndex.entries[name] != nil || BuiltinPage.named(name) != nil
    }
    return tokens.numbers(
      in: range ?? Span(0, text.file.bytes.count), text.lines, encoding)
  }
}

extension [Int] {
  fileprivate var json: JSON { .array(map { .integer($0) }) }
}
