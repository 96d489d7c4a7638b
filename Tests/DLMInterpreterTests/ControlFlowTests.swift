import DLMFrontend
import DLMSyntax
import DLMTestSupport
import Testing

@testable import DLMInterpreter

/// Random plain programs with choices and loops that only a run decides, computed here a second time in
/// plain integers.
///
/// What fails on one way through a program is refused or left to a guard, and what depends on no number
/// of the run is never left open. What is refused fails on some way, if each choice and each number of
/// turns may be any; or has branches of different shape (S024), which dlm refuses on purpose.
@Suite struct ControlFlowTests {
  @Test func `choices and loops are checked for every way through them`() {
    let prelude = Prelude()
    var accepted = 0
    for seed in 0..<1000 {
      var writer = LoopProgram(seed: UInt64(seed))
      let (body, text, depends) = writer.program()
      let (errors, isOpen) = Self.check(text, prelude)
      let isRefused = !errors.isEmpty
      accepted += isRefused ? 0 : 1
      let fails = (0..<1 << LoopProgram.coins).contains { coins in
        var run = LoopRun(coins: coins)
        return !run.fits(body)
      }
      if fails {
        #expect(isRefused || isOpen, "accepted, but fails: seed \(seed)\n\(text)")
        #expect(isRefused || depends, "left open, but known: seed \(seed)\n\(text)")
      } else if isRefused, errors[0].code != "S024" {
        let mayFail = (0..<500).contains { way in
          var run = LoopRun(way: way)
          return !run.fits(body)
        }
        #expect(
          mayFail, "refused, but fits: seed \(seed)\n\(text)\n\(SoundnessTests.drawn(errors))")
      }
    }
    #expect(accepted > 200 && accepted < 800, "\(accepted) are accepted")
  }

  /// The errors of a program, and whether anything of it is left to the run.
  private static func check(_ text: String, _ prelude: Prelude) -> ([Diagnostic], Bool) {
    let parsed = Parser.parse(SourceFile(path: "test.dlm", text: text))
    guard parsed.diagnostics.isEmpty else { return (parsed.diagnostics, false) }
    let evaluator = Evaluator(prelude: prelude, provider: FileDataProvider(folder: ""))
    evaluator.check(parsed.tree)
    return (
      evaluator.diagnostics.filter { $0.severity == .error }, !evaluator.requirements.isEmpty
    )
  }
}

private indirect enum Step {
  /// `n = n + 1`
  case count
  /// `x = concatenate([x, zeros[2]], over: 0)`
  case grow
  /// `x = zeros[3]`
  case set(Int)
  /// `expect sum(x + zeros[3]) == 0`: fits if x is that long
  case use(Int)
  /// `expect sum(x + zeros[n]) == 0`
  case useCount
  /// `x = early(coin, ...)`, of which the first length is returned if the coin shows
  case call(coin: Int, Int, Int)
  case choose(coin: Int, [Step], [Step])
  case loop(Int, [Step])
  /// As many turns as a number of the run says.
  case whileBelow(Int, [Step])
}

private struct LoopProgram {
  static let coins = 2
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed &* 104_729 &+ 11) }

  mutating func program() -> (body: [Step], text: String, depends: Bool) {
    let body = block(3)
    let text = """
      let coins = ones[\(Self.coins)]
      fn early(coin: real, n: int, m: int) -> real[_] {
          if coin > 0 { return zeros[n] }
          zeros[m]
      }
      var n = 2, x = zeros[2]
      \(Self.lines(body, "").joined(separator: "\n"))
      """
    return (body, text, Self.depends(body))
  }

  private mutating func block(_ depth: Int) -> [Step] {
    (0...random.below(4)).map { _ in step(depth) }
  }

  private mutating func step(_ depth: Int) -> Step {
    switch random.below(depth > 0 ? 12 : 7) {
    case 0, 1: return .count
    case 2: return .grow
    case 3: return .set(2 + random.below(3))
    case 4: return .use(2 + random.below(2))
    case 5: return .useCount
    case 6: return .call(coin: random.below(Self.coins), 2, 2 + random.below(2))
    case 7, 8:
      return .choose(
        coin: random.below(Self.coins), block(depth - 1),
        random.below(2) == 0 ? [] : block(depth - 1))
    case 9, 10: return .loop([0, 1, 2, 3, 80][random.below(5)], block(depth - 1))
    default: return .whileBelow(random.below(4), block(depth - 1))
    }
  }

  private static func depends(_ steps: [Step]) -> Bool {
    steps.contains { step in
      switch step {
      case .choose, .call, .whileBelow: true
      case .loop(let count, let body): count > 64 || depends(body)
      default: false
      }
    }
  }

  private static func lines(_ steps: [Step], _ indent: String) -> [String] {
    steps.enumerated().flatMap { index, step -> [String] in
      let inner = indent + "    "
      switch step {
      case .count: return [indent + "n = n + 1"]
      case .grow: return [indent + "x = concatenate([x, zeros[2]], over: 0)"]
      case .set(let length): return [indent + "x = zeros[\(length)]"]
      case .use(let length): return [indent + "expect sum(x + zeros[\(length)]) == 0"]
      case .useCount: return [indent + "expect sum(x + zeros[n]) == 0"]
      case .call(let coin, let a, let b): return [indent + "x = early(coins[\(coin)], \(a), \(b))"]
      case .choose(let coin, let then, let otherwise):
        return [indent + "if coins[\(coin)] > 0 {"] + lines(then, inner)
          + (otherwise.isEmpty ? [] : [indent + "} else {"] + lines(otherwise, inner))
          + [indent + "}"]
      case .loop(let count, let body):
        return [indent + "for i\(index) in 0..<\(count) {"] + lines(body, inner) + [indent + "}"]
      case .whileBelow(let count, let body):
        let name = "w\(indent.count)\(index)"
        return [indent + "var \(name) = zeros[1]", indent + "while sum(\(name)) < \(count) {"]
          + lines(body, inner) + [inner + "\(name) = \(name) + 1", indent + "}"]
      }
    }
  }
}

/// A program in plain integers.
private struct LoopRun {
  private var coins = 0
  /// Draws each choice and each number of turns instead.
  private var way: SplitMix?
  private var n = 2
  private var length = 2

  /// - Parameter coins: as bits.
  init(coins: Int) { self.coins = coins }

  init(way: Int) { self.way = SplitMix(state: UInt64(way)) }

  mutating func fits(_ steps: [Step]) -> Bool {
    for step in steps {
      switch step {
      case .count: n += 1
      case .grow: length += 2
      case .set(let new): length = new
      case .use(let other): if length != other { return false }
      case .useCount: if length != n { return false }
      case .call(let coin, let a, let b): length = shows(coin) ? a : b
      case .choose(let coin, let then, let otherwise):
        if !fits(shows(coin) ? then : otherwise) { return false }
      case .loop(let count, let body):
        for _ in 0..<count where !fits(body) { return false }
      case .whileBelow(let count, let body):
        for _ in 0..<(way?.below(4) ?? count) where !fits(body) { return false }
      }
    }
    return true
  }

  private mutating func shows(_ coin: Int) -> Bool {
    (way?.below(2) ?? coins >> coin & 1) == 1
  }
}
