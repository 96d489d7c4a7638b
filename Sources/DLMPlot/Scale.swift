/// Numbers along an axis of a picture, with round ones marked.
struct Scale {
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double
  /// Between five and ten round numbers.
  let ticks: [Double]

  /// - Parameters:
  ///   - values: what the axis must show; those that are no numbers are left out.
  ///   - start: where the lowest lies in the picture, and `end` the highest.
  init(values: [Double], from start: Double, to end: Double) {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if low == high { (low, high) = low == 0 ? (-1, 1) : (low - abs(low) / 2, high + abs(high) / 2) }
    let step = Self.step(high - low)
    // Up to the next mark where that is near, else a little room.
    self.low = low - (high - low) * 0.03
    self.high = high + (high - low) * 0.03
    (self.start, self.end) = (start, end)
    var ticks: [Double] = []
    var number = (self.low / step).rounded(.up)
    while number * step <= self.high + step * 1e-9, ticks.count < 20 {
      ticks.append(number == 0 ? 0 : number * step)
      number += 1
    }
    self.ticks = ticks
  }

  func place(_ value: Double) -> Double { start + (value - low) / (high - low) * (end - start) }

  /// 1, 2 or 5 times a power of ten.
  private static func step(_ range: Double) -> Double {
    var power = 1.0
    while power * 10 <= range / 5 { power *= 10 }
    while power > range / 5 { power /= 10 }
    for factor in [5.0, 2.0] where power * factor <= range / 5 { return power * factor }
    return power
  }
}

/// Colours of decision regions: one a class for few whole numbers, else from blue over white to red.
struct RegionColors {
  private let classes: [Double]?
  private let low: Double
  private let high: Double

  init(_ values: [Double]) {
    let finite = values.filter(\.isFinite)
    let different = Set(finite)
    let areWhole = different.allSatisfy { $0 == $0.rounded() }
    classes = different.count <= 8 && areWhole ? different.sorted() : nil
    low = finite.min() ?? 0
    high = finite.max() ?? 1
  }

  private static let light = [
    "#cfe3f1", "#fbdcc8", "#cdeae0", "#f3deea", "#fbe7c6", "#dbeefb", "#fbf8cf", "#d9d9d9",
  ]

  func color(_ value: Double) -> String {
    guard value.isFinite else { return "#ffffff" }
    if let classes, let index = classes.firstIndex(of: value) {
      return Self.light[index % Self.light.count]
    }
    // In 32 steps, so that neighbours can be one rectangle.
    let share = high > low ? ((value - low) / (high - low) * 32).rounded() / 32 : 0.5
    let warm = share > 0.5
    let depth = abs(share - 0.5) * 2
    let far = warm ? (213.0, 94.0, 0.0) : (0.0, 114.0, 178.0)
    func mixed(_ component: Double) -> String {
      let number = Int((255 + (component - 255) * depth * 0.75).rounded())
      let digits = String(number, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "#" + mixed(far.0) + mixed(far.1) + mixed(far.2)
  }
}

/// Pieces of an SVG document.
enum SVG {
  /// At most four digits behind the point.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    if abs(value) < 1e-3 || abs(value) >= 1e6 {
      var (mantissa, exponent) = (value, 0)
      while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(number((mantissa * 100).rounded() / 100))e\(exponent)"
    }
    let scaled = (abs(value) * 10_000).rounded()
    let whole = Int(scaled / 10_000)
    var digits = String(Int(scaled) - whole * 10_000)
    digits = String(repeating: "0", count: 4 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return (value < 0 ? "-" : "") + String(whole) + (digits.isEmpty ? "" : ".\(digits)")
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  static func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Int? = nil
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\""
      + (size.map { " font-size=\"\($0)\"" } ?? "") + " fill=\"#222222\">\(escaped(text))</text>"
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String)
    -> String
  {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"\(color)\"/>"
  }

  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String
  ) -> String {
    "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" fill=\"\(color)\"/>"
  }
}
