/// Numbers as people read them.
package enum NumberText {
  /// A number with at most `digits` digits behind its point, six of all where nothing is said.
  package static func of(_ value: Double, digits: Int? = nil) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    if let digits { return fixed(value, digits) }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e6 else {
      // Short scientific form.
      var exponent = 0
      var mantissa = value
      while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(trimmed(fixed(mantissa, 5)))e\(exponent)"
    }
    var whole = 1
    var bound = 10.0
    while magnitude >= bound { (whole, bound) = (whole + 1, bound * 10) }
    return trimmed(fixed(value, max(0, 6 - whole)))
  }

  /// Two digits and the unit that suits: `0.96 MFLOP`, `51 kB`.
  package static func scaled(_ value: Double, _ unit: String) -> String {
    let prefixes = ["", "k", "M", "G", "T", "P"]
    var (scaled, index) = (value, 0)
    while abs(scaled) >= 100, index + 1 < prefixes.count {
      (scaled, index) = (scaled / 1000, index + 1)
    }
    let size = abs(scaled)
    let digits = scaled == scaled.rounded() || size >= 10 ? 0 : size >= 1 ? 1 : 2
    return "\(of(scaled, digits: digits)) \(prefixes[index])\(unit)"
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String {
    // A number has no more of them.
    let digits = min(digits, 15)
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let number = Int(scaled)
    let sign = value < 0 && number != 0 ? "-" : ""
    let whole = number / Int(scale)
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(number % Int(scale))
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = Substring(text)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
  }
}

extension Int {
  /// With a space before every three digits: `21 840`.
  package var grouped: String {
    if magnitude < 1000 { return String(self) }
    var result = ""
    for (place, digit) in String(magnitude).reversed().enumerated() {
      if place > 0, place % 3 == 0 { result.append(" ") }
      result.append(digit)
    }
    return (self < 0 ? "-" : "") + String(result.reversed())
  }
}
