import DLMShapes
import DLMSyntax

/// A tensor, or a real number, on the walk of a program.
package struct TensorValue {
  package var type: TensorType
  /// The value of a number that the text of the program determines.
  package var known: Double?
  /// Where it is, if a machine runs the program and this is more than a number of the text.
  package var handle: Handle? {
    didSet { takeElement() }
  }
  /// Whether it is made of numbers of the text alone: such take the elements of the tensors that they
  /// meet.
  package var isWritten: Bool
  /// What a check knows of it beside its type; in one place, so that a copy of the value is cheap.
  private var notes: Notes?

  package init(
    _ type: TensorType, known: Double? = nil, handle: Handle? = nil, origin: Origin? = nil
  ) {
    self.type = type
    self.known = known
    self.handle = handle
    isWritten = known != nil && handle == nil
    self.origin = origin
    takeElement()
  }

  /// A number of the text.
  package init(number: Double) { self.init(TensorType(.real, []), known: number) }

  /// What the text says or follows from it; not known while checking where it depends on a run.
  init(written kind: Kind, _ known: Double?) {
    self.init(TensorType(kind, []), known: known)
    isWritten = true
  }

  package var isScalar: Bool { type.dims.isEmpty }

  /// In a run, what the elements of reals are is what they are stored as.
  private mutating func takeElement() {
    if let handle, type.kind.isReal { type.element = handle.elementType }
  }
}

extension TensorValue {
  private final class Notes {
    var origin: Origin?
    var kindPlace: Diagnostic.Label?
    var last: LastCall?
    var reach: Reach?
    var mark: Int?

    init() {}

    init(_ other: Notes) {
      (origin, kindPlace, last) = (other.origin, other.kindPlace, other.last)
      (reach, mark) = (other.reach, other.mark)
    }
  }

  /// How its shape came about.
  package var origin: Origin? {
    get { notes?.origin }
    set { note(newValue != nil) { $0.origin = newValue } }
  }

  /// Where it became probabilities, log-probabilities or logits.
  var kindPlace: Diagnostic.Label? {
    get { notes?.kindPlace }
    set { note(newValue != nil) { $0.kindPlace = newValue } }
  }

  /// The call that gave it as it is, where that matters for what may follow.
  var last: LastCall? {
    get { notes?.last }
    set { note(newValue != nil) { $0.last = newValue } }
  }

  /// The layers that it depends on, while checking.
  var reach: Reach? {
    get { notes?.reach }
    set { note(newValue != nil) { $0.reach = newValue } }
  }

  /// Its own number among what it depends on, where a name of plain code is bound to it.
  var mark: Int? {
    get { notes?.mark }
    set { note(newValue != nil) { $0.mark = newValue } }
  }

  /// Changes the notes of this value alone; nothing has to be done where there are none and none is made.
  private mutating func note(_ says: Bool, _ change: (Notes) -> Void) {
    if notes == nil {
      guard says else { return }
      notes = Notes()
    } else if !isKnownUniquelyReferenced(&notes), let shared = notes {
      notes = Notes(shared)
    }
    if let notes { change(notes) }
  }
}

/// One stage of the way by which a shape came about, linked to the stage before it.
package final class Origin: Sendable {
  package let before: Origin?
  /// The call as it is written, `Conv(10, k: 5)`, or the name of an input.
  package let label: String
  package let type: TensorType
  /// The arithmetic of the dims that this stage computed, `28 - 5 + 1`; or where an input comes from.
  package var arithmetic: String { wordedArithmetic() }
  private let wordedArithmetic: @Sendable () -> String
  package let span: Span

  /// - Parameter arithmetic: worded only where a message shows it.
  package init(
    _ label: String, _ type: TensorType, arithmetic: @autoclosure @escaping @Sendable () -> String,
    span: Span, before: Origin? = nil
  ) {
    self.before = before
    self.label = label
    self.type = type
    wordedArithmetic = arithmetic
    self.span = span
  }

  /// From the first stage to this one.
  package var chain: [Origin] {
    var stages: [Origin] = []
    var stage: Origin? = self
    while let current = stage {
      stages.append(current)
      stage = current.before
    }
    return stages.reversed()
  }

  /// The stages in rows: what was called, what it gave, and the arithmetic.
  package var table: [String] {
    let rows = chain.map { stage in
      (label: stage.label, type: stage.type, arithmetic: stage.arithmetic)
    }
    let width = rows.map(\.label.count).max() ?? 0
    // Lengths below each other where the ranks are equal.
    var columns: [Int: [Int]] = [:]
    for row in rows {
      let rank = row.type.dims.count
      let widths = row.type.dims.map { "\($0)".count }
      columns[rank] = zip(columns[rank] ?? widths, widths).map(max)
    }
    let types = rows.map { row -> String in
      let widths = columns[row.type.dims.count] ?? []
      let dims = zip(row.type.dims, widths).map { dim, width in
        String(repeating: " ", count: width - "\(dim)".count) + "\(dim)"
      }
      return "\(row.type.word)[\(dims.joined(separator: ", "))]"
    }
    let typeWidth = types.map(\.count).max() ?? 0
    return zip(rows, types).map { row, type in
      let label = row.label + String(repeating: " ", count: width - row.label.count)
      let padded = type + String(repeating: " ", count: typeWidth - type.count)
      return row.arithmetic.isEmpty
        ? "\(label)    \(type)" : "\(label)    \(padded)    \(row.arithmetic)"
    }
  }
}
