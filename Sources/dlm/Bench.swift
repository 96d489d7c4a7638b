import ArgumentParser
import DLMFrontend
import DLMInterpreter
import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `dlm bench cnn --json`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a known model for some seconds and print the time of a step.")

  @ArgumentParser.Argument(help: "What to train.")
  var benchCase: BenchCase

  @Flag(help: "One line of JSON.")
  var json = false

  @Option(help: "How long to train.")
  var seconds = 12.0

  @Option(help: "Folder of MNIST.")
  var data = "examples/data/mnist"

  @OptionGroup var device: DeviceOptions

  func run() throws {
    let began = Terminal.seconds
    let backend = try device.backend()
    var clock = Stopwatch(window: 200)
    let parsed = Parser.parse(SourceFile(path: "\(benchCase).dlm", text: benchCase.text(data)))
    let session = try Session(
      folder: "", options: RunOptions(), backend: backend,
      control: { clock.seconds < seconds ? .goOn : .finish },
      send: { event in
        switch event {
        case .began: clock.begin()
        case .stepped(_, let loss): clock.step(loss)
        default: break
        }
      })
    let diagnostics = try withLargeStack { () throws in try session.run(parsed.tree) }
    guard report(parsed.diagnostics + diagnostics) else { throw ExitStatus.failure.code }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let report = Report(
      benchCase: benchCase.rawValue, framework: "dlm \(backend.name)", clock: clock,
      toFirstStep: clock.firstStep - began, peakMegabytes: usage.ru_maxrss / 1024)
    Terminal.out((json ? report.json : report.text) + "\n")
  }
}

/// Models that other frameworks are measured with too.
enum BenchCase: String, ExpressibleByArgument, CaseIterable {
  case cnn, mlp, xor

  /// The program; its data lies in `folder`.
  func text(_ folder: String) -> String {
    switch self {
    case .cnn:
      """
      data mnist = idx("\(folder)", classes: 10) |> scale(image, 1/255)
      layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
          x |> Conv(10, k: 5) |> MaxPool(2) |> relu
            |> Conv(20, k: 5) |> Dropout2d(0.5) |> MaxPool(2) |> relu
            |> flatten |> Linear(50) |> relu |> Dropout(0.5) |> Linear(10) |> log_softmax
      }
      let net = Net()
      train cnn on mnist.train {
          batch 64 shuffled drop last
          epochs 1000000
          minimize nll(net(image), label) over net with SGD(lr: 0.01, momentum: 0.5)
      }
      """
    case .mlp:
      """
      data mnist = idx("\(folder)", classes: 10) |> scale(image, 1/255)
      layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
          x |> flatten |> Linear(512) |> relu |> Linear(512) |> relu |> Linear(10) |> log_softmax
      }
      let net = Net()
      train mlp on mnist.train {
          batch 128 shuffled drop last
          epochs 1000000
          minimize nll(net(image), label) over net with Adam(lr: 1e-3)
      }
      """
    case .xor:
      """
      data xor = rows(
          x: [\(Self.repeated("[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]"))],
          label: index([\(Self.repeated("0, 1, 1, 0"))], 2))
      layer Net(x: real[B, 2]) -> logprob[B, 2] { x |> Linear(8) |> tanh |> Linear(2) |> log_softmax }
      let net = Net()
      train xor_net on xor {
          batch 4 shuffled drop last
          epochs 1000000000
          minimize nll(net(x), label) over net with SGD(lr: 0.1)
      }
      """
    }
  }

  private static func repeated(_ rows: String) -> String {
    Array(repeating: rows, count: 500).joined(separator: ", ")
  }
}

/// Times of windows of steps.
private struct Stopwatch {
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

private struct Report {
  var benchCase: String
  var framework: String
  var clock: Stopwatch
  var toFirstStep: Double
  var peakMegabytes: Int

  private var median: Double {
    let sorted = clock.windows.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
  private var fastest: Double { clock.windows.min() ?? .nan }

  var json: String {
    func number(_ value: Double, _ digits: Int) -> String {
      value.isFinite ? NumberText.of(value, digits: digits) : "null"
    }
    return """
      {"case": "\(benchCase)", "framework": "\(framework)", \
      "ms_per_step": \(number(median, 4)), "fastest": \(number(fastest, 4)), \
      "first_step_s": \(number(clock.firstStep - clock.beginning, 3)), \
      "to_first_step_s": \(number(toFirstStep, 3)), "loss": \(number(clock.loss, 4)), \
      "peak_mb": \(peakMegabytes)}
      """
  }

  var text: String {
    """
    \(benchCase) on \(framework): \(NumberText.of(median, digits: 4)) ms a step \
    (fastest window \(NumberText.of(fastest, digits: 4))), first step after \
    \(NumberText.of(toFirstStep, digits: 2)) s, \(peakMegabytes) MB
    """
  }
}
