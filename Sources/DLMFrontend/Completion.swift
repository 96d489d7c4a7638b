import DLMShapes
import DLMSyntax

/// What could stand at a place of a text that is being written, best first.
package struct Completion {
  package enum Kind: Hashable, Sendable {
    case variable, function, layer, optimizer, schedule, data, field, option, part, dim, type
    case constant, keyword, file, command
  }

  package struct Candidate: Sendable {
    package var name: String
    package var kind: Kind
    /// Its type, or the shape that results; it may have several lines.
    package var detail: String
    package var documentation = ""
    /// What is to be written, where that is more than the name: `stride: `, `BatchNorm()`.
    package var insertion: String?
    /// What comes first: fits before may fit before does not fit.
    package var rank: Rank = .known

    package init(_ name: String, _ kind: Kind, _ detail: String = "") {
      self.name = name
      self.kind = kind
      self.detail = detail
    }

    package var text: String { insertion ?? name }
  }

  package enum Rank: Int, Comparable, Sendable {
    /// Takes what stands in front, or is an argument of the call around.
    case fits
    /// Of the text itself.
    case own
    /// Of the prelude and of files that are used.
    case known
    /// A word or a function of the language.
    case language
    /// Does not take what stands in front.
    case misfit

    package static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  /// What the text does not say.
  package struct Surroundings {
    /// Names of files and folders in a folder, the latter with `/` behind them.
    package var entries: (_ folder: String) -> [String]
    /// What functions make of the value of an expression of the text, for those that take it.
    package var results: (_ names: [String], _ piped: ExpressionID) -> [String: PipedResult]
    /// A layer with its parts, though nothing has been through it yet.
    package var filled: (Instance) -> Instance

    package init(
      entries: @escaping (_ folder: String) -> [String],
      results: @escaping (_ names: [String], _ piped: ExpressionID) -> [String: PipedResult],
      filled: @escaping (Instance) -> Instance
    ) {
      self.entries = entries
      self.results = results
      self.filled = filled
    }
  }

  /// Where the word begins that a candidate replaces, in bytes.
  package var start: Int
  package var candidates: [Candidate]

  package init(start: Int, _ candidates: [Candidate]) {
    self.start = start
    self.candidates = candidates.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
  }

  /// - Parameter offset: the cursor, in bytes.
  package init(at offset: Int, in text: CheckedText, _ around: Surroundings) {
    guard let place = CompletionPlace(at: offset, in: text.file) else {
      self.init(start: offset, [])
      return
    }
    self.init(start: place.start, Self.candidates(at: place, text, around))
  }

  private static func candidates(
    at place: CompletionPlace, _ text: CheckedText, _ around: Surroundings
  ) -> [Candidate] {
    switch place.context {
    case .member: parts(of: text.value(endingAt: place.before, around.filled))
    case .stage: stages(behind: place, text, around)
    case .axis: axes(at: place, text)
    case .clause: Words.clauses.map { Candidate($0, .keyword) }
    case .path(let folder): around.entries(folder).map { Candidate($0, .file) }
    case .type:
      KindMeaning.all.map { Candidate($0.key, .type, $0.value) } + dims(at: place, text)
    case .expression:
      place.words.map { Candidate($0, .keyword).ranked(.fits) } + labels(at: place, text)
        + names(at: place, text)
    case .optimizer: names(at: place, text).filter { $0.kind == .optimizer }
    case .word: place.words.map { Candidate($0, .keyword) }
    case .statement:
      (Words.statements + Words.declarations).map { Candidate($0, .keyword).ranked(.language) }
        + names(at: place, text)
    }
  }

  /// What can be piped into, each with what it gives; what does not take the value comes last.
  private static func stages(
    behind place: CompletionPlace, _ text: CheckedText, _ around: Surroundings
  ) -> [Candidate] {
    var stages = names(at: place, text).filter(\.canBeStage)
    guard let before = text.expression(endingAt: place.before) else { return stages }
    let results = around.results(stages.map(\.name), before)
    for index in stages.indices {
      guard let result = results[stages[index].name] else {
        stages[index].rank = .misfit
        continue
      }
      let head = stages[index].detail
      stages[index].documentation =
        (head.isEmpty ? "" : "```dlm\n\(head)\n```\n") + stages[index].documentation
      stages[index].detail =
        "-> \(result.type.plain)" + result.assumed.map { "  with \($0)" }.joined()
      stages[index].rank = .fits
      if stages[index].kind == .layer, !result.isOpen {
        stages[index].insertion = "\(stages[index].name)()"
      }
    }
    return stages
  }

  private static func parts(of value: Value?) -> [Candidate] {
    guard let value else { return [] }
    var parts = value.parts.map { Candidate($0.name, .part, $0.value?.typeText ?? "") }
    if case .tensor = value, !parts.isEmpty { parts[0].detail = "the last two axes swapped" }
    if case .dataset(let data) = value, data.vocabulary != nil {
      parts.append(Candidate("windows", .function, "windows(T: int)").ranked(.language))
    }
    return parts
  }

  /// Labels of the call around.
  private static func labels(at place: CompletionPlace, _ text: CheckedText) -> [Candidate] {
    guard place.startsArgument, let call = OpenCall(at: place.start, in: text.file),
      let signature = CallSignature(of: call, in: text)
    else { return [] }
    return signature.parameters.filter { !call.labels.contains($0.name) }.map { parameter in
      var candidate = Candidate("\(parameter.name):", .option, parameter.text).ranked(.fits)
      candidate.insertion = "\(parameter.name): "
      return candidate
    }
  }
}

extension Completion.Candidate {
  func ranked(_ rank: Completion.Rank) -> Self {
    var copy = self
    copy.rank = rank
    return copy
  }

  fileprivate var canBeStage: Bool {
    switch kind {
    case .function, .layer: true
    case .keyword, .constant: false
    default: rank == .own
    }
  }
}
