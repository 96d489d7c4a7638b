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
    guard machine == nil else { return }
    if let size = batchRows, let rows = forcedRows(requirement.relation), rows != size {
      return report(Failure(.needsRows(requirement, rows, size)))
    }
    if !requirements.contains(where: { $0.relation == requirement.relation }) {
      requirements.append(requirement)
    }
  }

  /// The only number of rows of a batch for which a relation holds; `nil` where it says something else.
  private func forcedRows(_ relation: Relation) -> Int? {
    guard case .equal(let a, let b) = relation, let symbol = relation.symbols.first,
      relation.symbols.count == 1, batchSymbols.contains(symbol)
    else { return nil }
    let bounds = [Relation.atLeast(a, b), .atLeast(b, a)].compactMap(\.lowerBound)
    return bounds.map(\.least).first { relation.with(symbol, Dim($0)).isProved }
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
    } else if let size = batchRows, forcedRows(.equal(p, q)) == size {
      // Another number of rows, and it would not fit: that is no accident of the data.
      var diagnostic = Diagnostic.forcesEqual(a, b, value: Dim(size), place)
      diagnostic.severity = .warning
      warn(diagnostic)
      hasForcedBatch = true
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
      let size = batchRows, size > 0, split.rows > 0
    else { return }
    var (place, dropsLast) = (train.name.span, false)
    for case (.batch(let id, _, let drops), let whole) in train.clauses.map({ ($0.kind, $0.span) })
    {
      (place, dropsLast) = (Span(frame.tree.span(id).start, whole.end), drops)
    }
    let clause = Diagnostic.Label(frame.tree.file, place)
    let rest = split.rows % size
    guard !dropsLast || split.rows >= size else {
      throw Failure(.neverFull(split.rows, size, clause))
    }
    for requirement in requirements.dropFirst(first) where requirement.relation.symbols == [symbol]
    {
      if split.rows >= size, requirement.relation.with(symbol, Dim(size)).isRefuted {
        throw Failure(
          .batchDoesNotFit(requirement, size, clause, isSaid: clause.span != train.name.span))
      }
      if rest > 0, !dropsLast || split.rows < size,
        requirement.relation.with(symbol, Dim(rest)).isRefuted
      {
        throw Failure(
          .lastBatch(
            requirement, forcedRows(requirement.relation), rows: split.rows, size: size, rest: rest,
            clause))
      }
      // Who learns from one row at a time says so.
      if let rows = forcedRows(requirement.relation), rows > 1, !hasForcedBatch {
        warn(.holdsForRows(rows, requirement))
        hasForcedBatch = true
      }
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
