import DLMShapes
import DLMSyntax

/// What must hold of symbols for a program to run: neither proved nor refuted where it was met.
package struct Requirement {
  /// In the symbols of the outermost walk.
  package var relation: Relation
  /// The layer that needs it.
  package var owner: String
  package var place: Diagnostic.Label
}

extension Evaluator {
  /// Takes an open relation for granted from here on, as a requirement of the layer that is walked.
  func require(_ relation: Relation, at place: Diagnostic.Label, _ frame: inout Frame) {
    note(
      Requirement(
        relation: relation.normal(frame.facts),
        owner: frame.instance?.declaration.name.text ?? "this", place: place))
    frame.facts.assume(relation)
  }

  func note(_ requirement: Requirement) {
    if machine == nil, !requirements.contains(where: { $0.relation == requirement.relation }) {
      requirements.append(requirement)
    }
  }

  /// Whether a relation can only hold for one number of rows: the batch `B` is of any length, and an axis
  /// that would have to be as long is another axis.
  func forcesBatch(_ relation: Relation, _ frame: Frame) -> Bool {
    guard machine == nil, case .equal(let a, let b) = relation.normal(frame.facts),
      a.symbols.union(b.symbols).count == 1, let symbol = a.symbols.union(b.symbols).first
    else { return false }
    // A training says how many rows its batches have: what does not hold of the last is told there.
    if batchSymbols.contains(symbol), let size = batchRows,
      Relation.equal(a, b).with(symbol, Dim(size)).isProved
    {
      return false
    }
    return symbol.name == "B" && !staticSymbols.contains(symbol)
  }

  /// What is said of a batch that would have to be as long as another axis: a layer by itself may be
  /// meant for one number of rows, so there it is a warning.
  func forced(_ diagnostic: Diagnostic) -> Failure {
    var diagnostic = diagnostic
    if alone == .layer { diagnostic.severity = .warning }
    return Failure(diagnostic)
  }

  /// Whether the program itself says that two dims are one: by `where`, by the branch, by `dim E = D`.
  private func isSaid(_ relation: Relation, _ frame: Frame) -> Bool {
    guard case .equal(let a, let b) = relation else { return false }
    return frame.facts.isAssumed(relation) || frame.facts.isAssumed(.equal(b, a))
      || a.substituting(frame.declared) == b.substituting(frame.declared)
  }

  /// Tells of two symbols of the program that must be equal, or that only their values make equal.
  func noteCoincidence(_ a: Dim, _ b: Dim, at place: Diagnostic.Label, _ frame: Frame) {
    guard machine == nil, a != b, !isSaid(.equal(a, b), frame) else { return }
    let (p, q) = (frame.facts.normal(a), frame.facts.normal(b))
    if frame.site != nil || frame.module.isPrelude {
      // In the words of the caller, whose symbols those of the prelude stand for.
      if p != q, let x = p.soleSymbol, let y = q.soleSymbol, x.name != y.name,
        !batchSymbols.contains(x), !batchSymbols.contains(y)
      {
        warn(.forcesEqual(p, q, value: nil, place))
      }
      return
    }
    guard let x = a.soleSymbol, let y = b.soleSymbol, x.name != y.name else { return }
    if let value = p.constant, p == q {
      warn(.forcesEqual(a, b, value: Dim(value), place))
    } else if p != q, p.soleSymbol != nil, q.soleSymbol != nil {
      warn(.forcesEqual(a, b, value: nil, place))
    }
  }

  /// Holds what the steps of a training need against the rows of its batches: the full ones, and the
  /// last of an epoch.
  func checkBatches(
    _ train: TrainDeclaration, _ split: DataSplit, since first: Int, _ frame: inout Frame
  ) throws {
    guard case .dim(let rows)? = frame.dims["B"], let symbol = rows.symbols.first,
      let clause = train.clauses.first(where: { if case .batch = $0.kind { true } else { false } }),
      case .batch(let id, _, let dropsLast) = clause.kind,
      let size = frame.facts.normal(try int(id, &frame)).constant, size > 0, split.rows > 0
    else { return }
    let rest = split.rows % size
    guard !dropsLast || split.rows >= size else {
      let last = frame.tree.span(id)
      throw Failure(
        .neverFull(
          split.rows, size, Diagnostic.Label(frame.tree.file, Span(last.start, clause.span.end))))
    }
    for requirement in requirements.dropFirst(first) where requirement.relation.symbols == [symbol]
    {
      if split.rows >= size, requirement.relation.with(symbol, Dim(size)).isRefuted {
        throw Failure(.batchDoesNotFit(requirement, size, frame.label(id)))
      }
      guard rest > 0, !dropsLast || split.rows < size,
        requirement.relation.with(symbol, Dim(rest)).isRefuted
      else { continue }
      let last = frame.tree.span(id)
      throw Failure(
        .lastBatch(
          requirement, rows: split.rows, size: size, rest: rest,
          Diagnostic.Label(frame.tree.file, Span(last.start, clause.span.end))))
    }
  }
}

extension Relation {
  var symbols: Set<Symbol> { dims.reduce(into: []) { $0.formUnion($1.symbols) } }

  /// With a value in place of a symbol.
  func with(_ symbol: Symbol, _ value: Dim) -> Relation {
    mapDims { $0.substituting([symbol: value]) }
  }

  fileprivate var isProved: Bool { Facts().decide(self) == .proved }

  fileprivate var isRefuted: Bool { Facts().decide(self) == .refuted }
}
