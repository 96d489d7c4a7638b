/// Times of windows of steps.
struct Stopwatch {
  let window: Int
  private(set) var windows: [Double] = []
  /// When the recording of the first step began, and when that step was done.
  private(set) var beginning = 0.0
  private(set) var firstStep = 0.0
  private(set) var loss = 0.0
  private var began = 0.0
  private var count = 0

  init(window: Int) { self.window = window }

  /// Since the first step; looked at once a window, since the clock costs as much as a small step.
  private(set) var seconds = 0.0

  mutating func begin() { beginning = Terminal.seconds }

  mutating func step(_ loss: Double) {
    self.loss = loss
    if firstStep == 0 {
      firstStep = Terminal.seconds
      began = firstStep
      return
    }
    count += 1
    guard count == window else { return }
    let now = Terminal.seconds
    windows.append(1000 * (now - began) / Double(window))
    (began, count, seconds) = (now, 0, now - firstStep)
  }
}
