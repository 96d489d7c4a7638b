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
struct BenchModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
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
    var clock = Stopwatch(window: benchCase.window)
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
