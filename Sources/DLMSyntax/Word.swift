/// The bytes of a short text in two numbers, so that a token is compared with a word by two comparisons.
///
/// All words and symbols of the language are shorter than 16 bytes; a longer text is equal to none.
struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// Equal to no word that is written in these sources.
  static let none: Word = {
    var word = Word()
    word.high = .max
    return word
  }()

  private init() {}

  /// Always inlined, so that the compiler computes it.
  @inline(__always)
  init(stringLiteral text: StaticString) {
    let start = text.utf8Start
    var place = 0
    while place < text.utf8CodeUnitCount {
      if place < 8 {
        low |= UInt64(start[place]) << UInt64(8 * place)
      } else {
        high |= UInt64(start[place]) << UInt64(8 * (place - 8))
      }
      place += 1
    }
  }

  init(_ text: String) {
    var text = text
    self = text.withUTF8 { Word($0) }
  }

  /// - Parameter bytes: without a zero among them.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count < 16 else {
      self = .none
      return
    }
    for (place, byte) in bytes.enumerated() {
      if place < 8 {
        low |= UInt64(byte) << UInt64(8 * place)
      } else {
        high |= UInt64(byte) << UInt64(8 * (place - 8))
      }
    }
  }
}
