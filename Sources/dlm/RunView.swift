import DLMFrontend
import DLMInterpreter

/// Shows a run: results on standard output, progress on standard error.
///
/// On a terminal the progress, with what steps log, is one line that is drawn anew; elsewhere it is a plain
/// line now and then, and what steps log are results.
final class RunView {
  private let isQuiet: Bool
  private let isLive: Bool
  private let style: Style
  private var training: RunEvent.Training?
  private var began = 0.0
  private var firstStep = 0
  private var lastShown = 0.0
  private var isLineOpen = false
  private var latest: [RunEvent.Metric] = []
  private var saved: String?

  private struct Style {
    var dim = ""
    var bold = ""
    var end = ""
  }

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isLive = Terminal.isLive
    style =
      Terminal.usesColor ? Style(dim: "\u{1B}[2m", bold: "\u{1B}[1m", end: "\u{1B}[0m") : Style()
  }

  func show(_ event: RunEvent) {
    switch event {
    case .printed(let text): out(text)
    case .began(let training): begin(training)
    case .stepped(let position, let loss): step(position, loss)
    case .logged(let position, let metrics, let isPerEpoch):
      latest = metrics
      if isPerEpoch {
        out("epoch \(position.epoch)\(Self.text(metrics))")
      } else if !isLive {
        out("step \(position.step)\(Self.text(metrics))")
      }
    case .evaluated(let position, let split, let metrics):
      let named = metrics.map { RunEvent.Metric(name: "\(split).\($0.name)", value: $0.value) }
      out(
        position.step > 0 ? "epoch \(position.epoch)\(Self.text(named))" : Self.text(named).trimmed)
    case .saved(let path): saved = path
    case .recorded: break
    case .sweeps(let title): out("\(style.bold)\(title)\(style.end)")
    case .swept(let results): out(Self.table(results))
    case .ended(let training, let position): end(training, position)
    }
  }

  /// Ends the line that is drawn anew, before something else is written.
  func close() {
    if isLineOpen { Terminal.error("\r\u{1B}[K") }
    isLineOpen = false
  }

  private func begin(_ training: RunEvent.Training) {
    self.training = training
    began = Terminal.seconds
    lastShown = began
    firstStep = -1
    (latest, saved) = ([], nil)
    note(
      "\(training.name): \(training.rows) rows, \(training.stepsPerEpoch) steps of "
        + "\(training.batchSize) an epoch")
  }

  private func step(_ position: RunEvent.Training.Position, _ loss: Double) {
    if firstStep < 0 { firstStep = position.step - 1 }
    let now = Terminal.seconds
    guard !isQuiet, now - lastShown >= (isLive ? 0.1 : 2), let training else { return }
    lastShown = now
    let rate = Double(position.step - firstStep) / (now - began)
    let all = training.epochs == .max ? nil : training.epochs * training.stepsPerEpoch
    let left = all.map { Self.duration(Double($0 - position.step) / rate) + " left" } ?? ""
    let metrics = latest.isEmpty ? [RunEvent.Metric(name: "loss", value: loss)] : latest
    let epoch =
      training.epochs == .max ? "\(position.epoch)" : "\(position.epoch)/\(training.epochs)"
    let inEpoch = (position.step - 1) % training.stepsPerEpoch + 1
    if isLive {
      let bar = Self.bar(inEpoch, of: training.stepsPerEpoch)
      let line =
        "epoch \(epoch) \(bar) \(inEpoch)/\(training.stepsPerEpoch)\(Self.text(metrics))"
        + "  \(Int(rate)) steps/s  \(left)"
      let cut = String(line.prefix(Terminal.width - 1))
      Terminal.error("\r\u{1B}[K\(style.dim)\(cut)\(style.end)")
      isLineOpen = true
    } else {
      Terminal.error(
        "epoch \(epoch)  step \(inEpoch)/\(training.stepsPerEpoch)\(Self.text(metrics))  "
          + "\(Int(rate)) steps/s  \(left)\n")
    }
  }

  private func end(_ training: RunEvent.Training, _ position: RunEvent.Training.Position) {
    let steps = position.step - max(firstStep, 0)
    let time = Terminal.seconds - began
    guard steps > 0 else { return }
    let each = NumberText.of(
      1000 * time / Double(steps), digits: time < Double(steps) / 1e4 ? 4 : 2)
    let place = saved.map { "; saved to \($0)" } ?? ""
    note("\(training.name): \(steps) steps in \(Self.duration(time)), \(each) ms each\(place)")
  }

  private func out(_ text: String) {
    close()
    Terminal.out(text + "\n")
  }

  private func note(_ text: String) {
    guard !isQuiet else { return }
    close()
    Terminal.error("\(style.dim)\(text)\(style.end)\n")
  }
}

extension RunView {
  /// `  loss 0.2341  acc 0.9312`
  private static func text(_ metrics: [RunEvent.Metric]) -> String {
    metrics.map { "  \($0.name) \(NumberText.of($0.value, digits: digits($0.value)))" }.joined()
  }

  /// Values and metrics of a sweep, one row a run.
  private static func table(_ results: [RunEvent.SweepResult]) -> String {
    guard let first = results.first else { return "the sweep ran nothing" }
    var rows = [first.values.map(\.name) + first.metrics.map(\.name)]
    rows += results.map { result in
      result.values.map(\.text)
        + result.metrics.map { NumberText.of($0.value, digits: digits($0.value)) }
    }
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ").trimmingTail
    }.joined(separator: "\n")
  }

  private static func digits(_ value: Double) -> Int? {
    abs(value) < 1e-3 && value != 0 || abs(value) >= 1e4 ? nil : 4
  }

  private static func bar(_ done: Int, of all: Int) -> String {
    let width = 20
    let full = all > 0 ? done * width / all : 0
    return String(repeating: "━", count: full) + String(repeating: "╌", count: width - full)
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e7 else { return "?" }
    if seconds < 10 { return NumberText.of(max(seconds, 0), digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension String {
  fileprivate var trimmingTail: String { String(reversed().drop { $0 == " " }.reversed()) }
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
