/// Which layers a value depends on in a way that has a gradient.
///
/// A value shares what its operands have, so joining takes no time; `layers` reads it all.
package final class Reach: Sendable {
  private enum Content {
    case layer(Int)
    case join(Reach, Reach)
  }

  private let content: Content

  /// What a parameter of the layer with this number reaches.
  init(layer: Int) { content = .layer(layer) }

  private init(_ a: Reach, _ b: Reach) { content = .join(a, b) }

  static func join(_ a: Reach?, _ b: Reach?) -> Reach? {
    guard let a, let b else { return a ?? b }
    return a === b ? a : Reach(a, b)
  }

  /// The numbers of the layers.
  package var layers: Set<Int> {
    var found: Set<Int> = []
    var seen: Set<ObjectIdentifier> = []
    var open = [self]
    while let next = open.popLast() {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      switch next.content {
      case .layer(let number): found.insert(number)
      case .join(let a, let b): open += [a, b]
      }
    }
    return found
  }
}
