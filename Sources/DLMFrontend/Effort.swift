import DLMShapes
import DLMSyntax

/// How much a check has walked for one declaration or statement at the top of a file. A check never takes
/// long: where it has walked much, loops are cut short, and where that does not help it gives up.
struct Effort {
  /// Statements behind which the rest of a loop tells nothing new; `repeat` makes layers, turn by turn, and
  /// is cut short much later.
  private static let much = (loop: 2_000, unrolled: 20_000)
  /// Statements behind which a check gives up.
  private static let most = 60_000

  private var statements = 0

  func isMuch(isUnrolled: Bool) -> Bool {
    statements > (isUnrolled ? Self.much.unrolled : Self.much.loop)
  }

  /// Counts a statement; false where it is too many.
  mutating func spend() -> Bool {
    statements += 1
    return statements <= Self.most
  }
}

extension Evaluator {
  /// Parts of a value, and bytes of a string, beyond which nobody means it.
  private static let mostParts = 1 << 20
  private static let mostAxes = 64
  private static let mostElements = 1 << 58
  private static let longestString = 1 << 24

  /// Whether a check has seen enough of a loop, behind one more turn of it.
  func hasSeenEnough(isUnrolled: Bool = false) -> Bool {
    guard machine == nil else { return false }
    _ = effort.spend()
    return effort.isMuch(isUnrolled: isUnrolled)
  }

  /// A list, a tuple or a record, unless it has grown beyond all bounds: `x = (x, x)` in a loop.
  func bounded(_ value: Value, at id: ExpressionID, _ frame: Frame) throws -> Value {
    var rest = Self.mostParts
    guard value.takesParts(of: &rest) else {
      throw Failure(
        .growsTooLarge("this value has more than \(Self.mostParts) parts", frame.label(id)))
    }
    return value
  }

  /// A tensor with no more axes than anybody can tell apart.
  func bounded(axesOf value: Value, at id: ExpressionID, _ frame: Frame) throws -> Value {
    if case .tensor(let tensor) = value, tensor.type.dims.count > Self.mostAxes {
      throw Failure(
        .growsTooLarge("a tensor has no more than \(Self.mostAxes) axes", frame.label(id)))
    }
    return value
  }

  /// Refuses a tensor with more elements than any memory has bytes for.
  func checkCount(of type: TensorType, at id: ExpressionID, _ frame: Frame) throws {
    var count = 1
    for dim in type.dims {
      guard let length = frame.facts.normal(dim).constant else { return }
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard !overflows, product < Self.mostElements else {
        throw Failure(
          .growsTooLarge("\(type) has more elements than any memory has room for", frame.label(id)))
      }
      count = product
    }
  }

  func bounded(_ text: String, at id: ExpressionID, _ frame: Frame) throws -> String {
    guard text.utf8.count <= Self.longestString else {
      throw Failure(
        .growsTooLarge("this string has more than \(Self.longestString) bytes", frame.label(id)))
    }
    return text
  }

  /// A whole number, or the size of an axis, that can be counted with.
  func bounded(_ dim: Dim, at id: ExpressionID, _ frame: Frame) throws -> Dim {
    guard !dim.isOverflow else {
      if let divisor = zeroDivisor(in: id, frame) {
        throw Failure(.dividesByZero(divisor, frame.label(id)))
      }
      throw Failure(.growsTooLarge("this goes beyond whole numbers of 64 bits", frame.label(id)))
    }
    return dim
  }
}

extension Evaluator {
  /// What an expression divides by, where that is 0.
  private func zeroDivisor(in id: ExpressionID, _ frame: Frame) -> String? {
    if case .chain(_, let rest) = frame.tree[id] {
      for (operation, operand) in rest
      where [.divide, .floorDivide, .modulo].contains(operation) {
        var copy = frame
        guard let divisor = try? int(operand, &copy) else { continue }
        if frame.facts.normal(divisor).constant == 0 { return frame.tree.text(operand) }
      }
    }
    return frame.tree.children(of: id).lazy.compactMap { self.zeroDivisor(in: $0, frame) }.first
  }
}

extension Value {
  /// Takes one of `rest` for each part inside; false as soon as there is none left.
  fileprivate func takesParts(of rest: inout Int) -> Bool {
    rest -= 1
    guard rest >= 0 else { return false }
    switch self {
    case .list(let items, _), .tuple(let items):
      for item in items { guard item.takesParts(of: &rest) else { return false } }
    case .record(let fields):
      for field in fields { guard field.value.takesParts(of: &rest) else { return false } }
    default: break
    }
    return true
  }
}

extension Diagnostic {
  static func checkTakesTooLong(_ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N037", "checking this takes too many steps", at: at,
      help:
        "calls whose numbers are known are followed while checking: a loop is cut short, they are not"
    )
  }

  static func dividesByZero(_ divisor: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N038", "this divides by 0\(divisor == "0" ? "" : ": `\(divisor)` is 0")", at: at,
      help: "a count that divides another is at least 1")
  }

  static func growsTooLarge(_ what: String, _ at: Label) -> Diagnostic {
    Diagnostic(
      .error, "N038", what, at: at, help: "does a loop double it?")
  }
}
