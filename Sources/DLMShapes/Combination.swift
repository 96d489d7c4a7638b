/// A sum of whole multiples of things, each of which occurs once, in their order: the terms of a
/// polynomial, the powers of a monomial. Few enough that looking through them is faster than hashing.
struct Combination<Key: Comparable & Hashable & Sendable>: Hashable, Sendable {
  struct Element: Hashable, Sendable {
    var key: Key
    /// Never 0.
    var value: Int
  }

  private(set) var elements: [Element] = []

  init() {}

  init(_ key: Key, _ value: Int) {
    if value != 0 { elements = [Element(key: key, value: value)] }
  }

  var count: Int { elements.count }
  var isEmpty: Bool { elements.isEmpty }
  var first: Element? { elements.first }
  var keys: [Key] { elements.map { $0.key } }

  subscript(key: Key) -> Int? { elements.first { $0.key == key }?.value }

  /// Adds `value` times `key`; false where the sum overflows, and is left as it wraps around.
  mutating func add(_ value: Int, _ key: Key) -> Bool {
    guard value != 0 else { return true }
    let place = elements.firstIndex { !($0.key < key) } ?? elements.endIndex
    guard place < elements.endIndex, elements[place].key == key else {
      elements.insert(Element(key: key, value: value), at: place)
      return true
    }
    let (sum, overflow) = elements[place].value.addingReportingOverflow(value)
    if sum == 0 { elements.remove(at: place) } else { elements[place].value = sum }
    return !overflow
  }

  /// Lexicographic: any order would do that is the same for equal combinations.
  func precedes(_ other: Combination) -> Bool {
    for (a, b) in zip(elements, other.elements) where a != b {
      return a.key != b.key ? a.key < b.key : a.value < b.value
    }
    return count < other.count
  }
}

extension Combination: Sequence {
  func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}
