import DLMCPU
import DLMFrontend
import DLMSyntax
import DLMTestSupport
import Foundation
import Testing

@testable import DLMInterpreter

/// Random programs whose shapes are computed here a second time, in plain integers, and the types of
/// their elements: the checker must accept those that fit and refuse those that do not, and what it
/// accepts must run.
///
/// `DLM_PROGRAMS` says how many; every tenth of them runs. A refusal of what would fit is right only
/// where dlm is stricter on purpose: a reshape that interleaves axes (S030), and a sum in which an axis
/// would be stretched that is not written as 1 but happens to be (S020).
@Suite struct SoundnessTests {
  @Test func `the checker accepts what fits, and that runs`() throws {
    let count = ProcessInfo.processInfo.environment["DLM_PROGRAMS"].flatMap(Int.init) ?? 5000
    let prelude = Prelude()
    var accepted = 0
    for seed in 0..<count {
      var writer = ShapeProgram(seed: UInt64(seed))
      writer.write()
      let errors = Self.errors(writer.text, prelude)
      switch (writer.isRight, errors.isEmpty) {
      case (true, true): accepted += 1
      case (false, false): break
      case (true, false):
        let code = errors.first?.code
        #expect(
          code == "S030" || code == "S020" && writer.stretches,
          "refused, but fits: seed \(seed)\n\(writer.text)\n\(Self.drawn(errors))")
      case (false, true):
        Issue.record("accepted, but does not fit: seed \(seed)\n\(writer.text)")
      }
      // Walked on symbols alone, a layer is refused only if no size would do, or only one of those that
      // its symbols promise (S036).
      if writer.isRight, errors.isEmpty {
        let alone = Self.errors(writer.layer, prelude)
        #expect(
          alone.allSatisfy { $0.code == "S036" },
          "refused for all sizes: seed \(seed)\n\(writer.layer)\n\(Self.drawn(alone))")
        if seed % 10 == 0 {
          let outcome = try run(writer.text)
          #expect(!outcome.errors.contains("error["), "seed \(seed)\n\(writer.text)")
          #expect(
            outcome.printed == ["\(writer.shape.reduce(1, *))"], "seed \(seed)\n\(writer.text)")
        }
      }
    }
    #expect(accepted > count / 5 && accepted < count * 4 / 5, "\(accepted) of \(count) fit")
  }

  static func errors(_ text: String, _ prelude: Prelude) -> [Diagnostic] {
    let parsed = Parser.parse(SourceFile(path: "test.dlm", text: text))
    guard parsed.diagnostics.isEmpty else { return parsed.diagnostics }
    let evaluator = Evaluator(prelude: prelude, provider: FileDataProvider(folder: ""))
    evaluator.check(parsed.tree)
    return evaluator.diagnostics.filter { $0.severity == .error }
  }

  static func drawn(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { DiagnosticRenderer().render($0) }.joined()
  }
}

/// A layer of random stages with its shapes in plain integers; mostly right, now and then wrong.
private struct ShapeProgram {
  private var random: SplitMix
  private var lines: [String] = []
  private var input: [Int] = []
  private(set) var shape: [Int] = []
  private(set) var isRight = true
  /// What the elements are: `f32` with `f16` or `bf16` is `f32`, and all with `f64` are `f64`.
  private var element = "f32"
  /// What they are declared to be in the end.
  private var declared = "f32"
  /// Whether some sum stretches an axis of the layer's own.
  private(set) var stretches = false

  init(seed: UInt64) { random = SplitMix(state: seed &* 7919 &+ 3) }

  var layer: String {
    let symbols = [["B", "D"], ["B", "T", "D"], ["B", "C", "H", "W"]].first {
      $0.count == input.count
    }
    return """
      layer N(x: real[\((symbols ?? []).joined(separator: ", "))]) {
          var h = x
      \(lines.map { "    \($0)" }.joined(separator: "\n"))
          h
      }

      """
  }

  /// Prints the number of elements: every one of them becomes 1.
  var text: String {
    let dims = input.map(String.init).joined(separator: ", ")
    let axes = shape.map(String.init).joined(separator: ", ")
    let type = shape.isEmpty ? declared : "\(declared)[\(axes)]"
    return layer + "let net = N()\nlet y: \(type) = 0 * net(ones[\(dims)]) + 1\nprint sum(f32(y))\n"
  }

  mutating func write() {
    input =
      [
        [1 + random.below(3), 1 + random.below(12)],
        [1 + random.below(3), 1 + random.below(6), 1 + random.below(8)],
        [1 + random.below(3), 1 + random.below(4), 1 + random.below(12), 1 + random.below(12)],
      ][random.below(3)]
    shape = input
    for _ in 0...random.below(5) where isRight { add() }
    declared = element
    guard isRight, random.below(8) == 0 else { return }
    declared = Self.elements[random.below(4)]
    isRight = declared == element
  }

  private static let elements = ["f32", "f64", "f16", "bf16"]

  private mutating func meets(_ other: String) {
    if element != other { element = [element, other].contains("f64") ? "f64" : "f32" }
  }

  private mutating func add() {
    switch random.below(12) {
    case 0: lines.append("h = relu(h)")
    case 11:
      element = Self.elements[random.below(4)]
      lines.append("h = \(element)(h)")
    case 1, 2: convolve()
    case 3: pool()
    case 4: linear()
    case 5: flatten()
    case 6: reduce()
    case 7: slice()
    case 8: sum()
    case 9: random.below(2) == 0 ? matmul() : concatenate()
    default: reshape()
    }
  }

  private mutating func becomes(_ new: [Int]?) {
    if let new { shape = new } else { isRight = false }
  }

  private mutating func convolve() {
    let (c, k, stride, pad) = (
      1 + random.below(4), 1 + random.below(5), 1 + random.below(2), random.below(3)
    )
    if random.below(3) == 0 {
      meets("f32")
      lines.append("h = h |> ConvT(\(c), k: \(k), stride: \(stride), pad: \(pad))")
      let wide = shape.dropFirst(2).map { ($0 - 1) * stride - 2 * pad + k }
      becomes(shape.count > 2 && wide.allSatisfy { $0 >= 1 } ? [shape[0], c] + wide : nil)
      return
    }
    meets("f32")
    lines.append("h = h |> Conv(\(c), k: \(k), stride: \(stride), pad: \(pad))")
    let fits = shape.count > 2 && shape.dropFirst(2).allSatisfy { $0 + 2 * pad >= k }
    becomes(
      fits ? [shape[0], c] + shape.dropFirst(2).map { ($0 + 2 * pad - k) / stride + 1 } : nil)
  }

  private mutating func pool() {
    let k = 1 + random.below(3)
    lines.append("h = h |> MaxPool(\(k))")
    let fits = shape.count > 2 && shape.dropFirst(2).allSatisfy { $0 >= k }
    becomes(fits ? Array(shape.prefix(2)) + shape.dropFirst(2).map { ($0 - k) / k + 1 } : nil)
  }

  private mutating func linear() {
    let out = 1 + random.below(6)
    guard let last = shape.last else {
      lines.append("h = h |> Linear(\(out))")
      return becomes(nil)
    }
    let stated = random.below(3) == 0 ? last + (random.below(3) == 0 ? 1 : 0) : nil
    meets("f32")
    lines.append("h = h |> Linear(\(out)\(stated.map { ", in: \($0)" } ?? ""))")
    becomes(stated ?? last == last ? Array(shape.dropLast()) + [out] : nil)
  }

  private mutating func flatten() {
    lines.append("h = flatten(h)")
    becomes(shape.isEmpty ? nil : [shape[0], shape.dropFirst().reduce(1, *)])
  }

  private mutating func reduce() {
    let axis = random.below(6) - 2
    lines.append("h = mean(h, over: \(axis))")
    let position = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(position) else { return becomes(nil) }
    var rest = shape
    rest.remove(at: position)
    becomes(rest)
  }

  private mutating func slice() {
    let (low, high) = (random.below(3), 1 + random.below(6))
    guard low < high else { return }
    lines.append("h = h[.., \(low)..<\(high)]")
    guard let last = shape.last, high <= last else { return becomes(nil) }
    becomes(Array(shape.dropLast()) + [high - low])
  }

  /// With a tensor of the right end of the shape, some lengths 1, now and then another one.
  private mutating func sum() {
    var dims = Array(shape.suffix(random.below(shape.count + 1)))
    for axis in dims.indices where random.below(4) == 0 { dims[axis] = 1 }
    if !dims.isEmpty, random.below(4) == 0 { dims[random.below(dims.count)] += 1 }
    guard !dims.isEmpty else { return }
    meets("f32")
    lines.append("h = h + ones[\(dims.map(String.init).joined(separator: ", "))]")
    let missing = shape.count - dims.count
    var result = shape
    for (axis, dim) in dims.enumerated() {
      let own = shape[missing + axis]
      if own == dim || dim == 1 { continue }
      guard own == 1 else { return becomes(nil) }
      result[missing + axis] = dim
      stretches = true
    }
    becomes(result)
  }

  private mutating func matmul() {
    guard let last = shape.last else { return }
    let (rows, columns) = (last + (random.below(4) == 0 ? 1 : 0), 1 + random.below(4))
    meets("f32")
    lines.append("h = h @ ones[\(rows), \(columns)]")
    becomes(rows == last ? Array(shape.dropLast()) + [columns] : nil)
  }

  private mutating func concatenate() {
    guard !shape.isEmpty else { return }
    let axis = random.below(shape.count)
    var other = shape
    other[axis] = 1 + random.below(4)
    if random.below(4) == 0 { other[random.below(other.count)] += 1 }
    meets("f32")
    lines.append(
      "h = concatenate(h, ones[\(other.map(String.init).joined(separator: ", "))], over: \(axis))")
    let fits = shape.indices.allSatisfy { $0 == axis || shape[$0] == other[$0] }
    var result = shape
    result[axis] += other[axis]
    becomes(fits ? result : nil)
  }

  /// The elements in other axes behind the first.
  private mutating func reshape() {
    guard shape.count > 1 else { return }
    let count = shape.dropFirst().reduce(1, *)
    let divisors = (1...count).filter { count % $0 == 0 }
    let first = divisors[random.below(divisors.count)]
    let wrong = random.below(4) == 0 ? 1 : 0
    let dims = [shape[0], first, count / first + wrong]
    lines.append("h = reshape(h, [\(dims.map(String.init).joined(separator: ", "))])")
    becomes(wrong == 0 ? dims : nil)
  }
}
