import DLMInterpreter
import Foundation
import Testing

/// Layers, optimizers, schedules, losses and metrics beside PyTorch and scikit-learn; `library.py` makes
/// the numbers.
@Suite struct LibraryTests {
  struct Training: CustomTestStringConvertible {
    var name: String
    /// The file with the first weights.
    var weights: String
    /// What the layer does with `x: real[B, 2, 6, 6]`.
    var body: String
    var optimizer = "SGD(lr: 0.05)"
    var rows = 6

    var testDescription: String { name }
  }

  private static let perceptron = "x |> flatten |> Linear(4) |> tanh |> Linear(3)"

  private static let optimizers = [
    ("sgd", "SGD(lr: 0.1)"),
    ("damped", "SGD(lr: 0.1, momentum: 0.9, damping: 0.5, decay: 1e-2)"),
    ("nesterov", "SGD(lr: 0.05, momentum: 0.9, nesterov: true)"),
    ("adagrad", "Adagrad(lr: 0.05, lr_decay: 0.1, decay: 1e-2, start: 0.1)"),
    ("adadelta", "Adadelta(lr: 1.0, decay: 1e-2)"),
    ("rmsprop", "RMSprop(lr: 1e-2, eps: 1e-2, centered: true, momentum: 0.5, decay: 1e-2)"),
    ("rmsprop_centered", "RMSprop(lr: 1e-3, centered: true)"),
    ("rprop", "Rprop(lr: 1e-2)"),
    ("asgd", "ASGD(lr: 0.1, damping: 1e-2, from: 5, decay: 1e-2)"),
    ("adam", "Adam(lr: 1e-2, decay: 1e-2)"),
    ("amsgrad", "Adam(lr: 1e-2, amsgrad: true)"),
    ("adamw", "AdamW(lr: 1e-2, decay: 0.1, amsgrad: true)"),
    ("adamax", "Adamax(lr: 1e-2, decay: 1e-2)"),
    ("nadam", "NAdam(lr: 1e-2, decay: 1e-2)"),
    ("radam", "RAdam(lr: 1e-2, decay: 1e-2)"),
    ("adafactor", "Adafactor(lr: 1e-2, decay: 1e-2)"),
    ("lion", "Lion(lr: 1e-2, decay: 0.1)"),
    ("lars", "LARS(lr: 1.0, trust: 0.02, decay: 1e-2)"),
    ("lamb", "LAMB(lr: 1e-2, decay: 1e-2)"),
    ("groups", "SGD(lr: 0.1 except linear1.* at 0.01)"),
    ("step_decay", "SGD(lr: step_decay(0.1, every: 7, factor: 0.5))"),
    ("exponential_decay", "SGD(lr: exponential_decay(0.1, factor: 0.9))"),
    ("polynomial_decay", "SGD(lr: polynomial_decay(0.1, total: 20, power: 2))"),
    ("cosine_decay", "SGD(lr: cosine_decay(0.1, total: 20, last: 0.01))"),
    ("cosine_restarts", "SGD(lr: cosine_restarts(0.1, every: 7))"),
    ("one_cycle", "SGD(lr: one_cycle(0.1, total: 20))"),
    ("cyclic", "SGD(lr: cyclic(0.01, 0.1, half: 4))"),
  ].map { Training(name: $0, weights: "perceptron", body: perceptron, optimizer: $1) }

  private static let layers = [
    ("conv1d", "reshape(x, [B, 12, 6]) |> Conv(3, k: 3, stride: 2, pad: 1)"),
    ("conv3d", "reshape(x, [B, 1, 2, 6, 6]) |> Conv(3, k: [2, 3, 3], pad: [0, 1, 1])"),
    ("grouped", "x |> Conv(4, k: 3, groups: 2)"),
    ("convT1d", "reshape(x, [B, 12, 6]) |> ConvT(2, k: 4, stride: 2, pad: 1)"),
    ("group_norm", "x |> Conv(4, k: 3) |> GroupNorm(2)"),
    ("instance_norm", "x |> Conv(4, k: 3) |> InstanceNorm(affine: true)"),
    ("rms_norm", "x |> RMSNorm()"),
    ("rnn", "reshape(x, [B, 12, 6]) |> RNN(4)"),
    ("bidirectional", "reshape(x, [B, 12, 6]) |> Bidirectional(fn (h) { h |> LSTM(4) })"),
    ("stacked", "reshape(x, [B, 12, 6]) |> Stacked(2, fn (h) { h |> RNN(4) })"),
    ("excite", "x |> SqueezeExcite(ratio: 2)"),
    ("maxout", "x |> flatten |> Maxout(4)"),
    ("winners", "x |> flatten |> Linear(8) |> WinnerTakeAll(3)"),
    ("inception", "x |> Inception(2, 1, 2, 1, 2, 1)"),
    ("additive", "AdditiveAttention(5)(x[.., 0, .., ..], x[.., 1, .., ..])"),
    ("decoder", "DecoderBlock(2, ff: 8)(x[.., 0, .., ..], x[.., 1, .., ..])"),
    ("memory", "MemoryHops(2)(Linear(6)(x[.., 0, 0, ..]), x[.., 0, .., ..], x[.., 1, .., ..])"),
    ("spectral", "x |> flatten |> SpectralLinear(4)"),
    ("weight_norm", "x |> flatten |> WeightNormLinear(4)"),
    ("adaptive_mean", "x |> Conv(3, k: 2) |> AdaptiveMeanPool([2, 3])"),
    ("adaptive_max", "x |> Conv(3, k: 2) |> AdaptiveMaxPool(2)"),
    ("pools", "x |> Conv(3, k: 1) |> MaxPool(3, stride: 2, pad: 1) |> MeanPool(2, stride: 1)"),
    ("dilated", "x |> DilatedConv(3, k: 3, dilation: 2, pad: 1)"),
    ("spectral_conv", "x |> SpectralConv(3, k: 3)"),
    ("locally", "x |> LocallyConnected(3, k: 3)"),
    (
      "learned_positions",
      "x[.., 0, .., ..] * (LearnedPositions(8)(x[.., 1, .., ..]))"
    ),
    ("positions", "x[.., 0, .., ..] |> Positions() |> Linear(4)"),
    ("transformer", "TransformerBlock(2, ff: 8)(x[.., 0, .., ..], causal(6))"),
  ].map { Training(name: $0, weights: $0, body: "\($1) |> flatten |> head") }

  static let trainings =
    optimizers + layers + [
      Training(
        name: "bilinear", weights: "bilinear",
        body: "Bilinear(4)(flatten(x[.., 0, .., ..]), flatten(x[.., 1, .., ..])) |> head",
        optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "experts", weights: "experts",
        body: "x |> flatten |> MixtureOfExperts(3, hidden: 4) |> head",
        optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "convT_groups", weights: "convT_groups",
        body: "x |> ConvT(4, k: 3, stride: 2, pad: 1, groups: 2, extra: 1) |> flatten |> head",
        optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "highway", weights: "highway", body: "x |> flatten |> Highway() |> head",
        optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "residual", weights: "residual",
        body: "x |> flatten |> Residual(fn (h) { h |> Linear(72) |> tanh }) |> head",
        optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "memory_network", weights: "memory_network",
        body: """
          let story = argmax(0 - abs(floor(clamp(x[.., 0, .., ..] * 2 + 4, 0, 7))[.., .., .., new] - real(positions(8))), over: -1)
          let asked = argmax(0 - abs(floor(clamp(x[.., 1, 0, ..] * 2 + 4, 0, 7))[.., .., new] - real(positions(8))), over: -1)
          MemoryNetwork(8, 5, hops: 2)(story, asked) |> head
          """, optimizer: "SGD(lr: 0.01)"),
      Training(
        name: "lbfgs", weights: "perceptron", body: perceptron, optimizer: "LBFGS(lr: 0.5)",
        rows: 12),
      // What PyTorch looks for with `strong_wolfe`: from a length that fits, is too long, is too short.
      Training(
        name: "lbfgs_wolfe", weights: "perceptron", body: perceptron,
        optimizer: "LBFGS(search: 25)", rows: 12),
      Training(
        name: "lbfgs_wolfe_far", weights: "perceptron", body: perceptron,
        optimizer: "LBFGS(lr: 40, search: 25)", rows: 12),
      Training(
        name: "lbfgs_wolfe_near", weights: "perceptron", body: perceptron,
        optimizer: "LBFGS(lr: 0.02, search: 25)", rows: 12),
      Training(
        name: "muon", weights: "matrices",
        body: "x |> flatten |> Linear(4, bias: false) |> tanh |> Linear(3, bias: false)",
        optimizer: "Muon(lr: 1e-2)"),
      Training(
        name: "sparse", weights: "table",
        body: """
          let rows = floor(clamp(x[.., 0, 0, ..] * 2 + 4, 0, 7))
          let places = argmax(0 - abs(rows[.., .., new] - real(positions(8))), over: -1)
          mean(places |> Embedding(8, 3), over: 1)
          """, optimizer: "SparseAdam(lr: 0.05)"),
    ]

  private static let folder = "\(Repository.root)/Tests/DLMInterpreterTests/Golden/library"

  private static func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: trainings) func `losses are those of PyTorch`(training: Training) throws {
    let workspace = try Workspace()
    var options = RunOptions()
    options.start = .resume(path: "\(Self.folder)/\(training.weights).safetensors")
    let head = training.body.contains("head") ? "let head = Linear(3)" : ""
    let outcome = try run(
      """
      data d = npy(x: "\(Self.folder)/x.npy", y: "\(Self.folder)/y.npy")
      layer Net(x: real[B, 2, 6, 6]) -> real[B, 3] {
        \(head)
        \(training.body)
      }
      let net = Net()
      train golden on d {
        batch \(training.rows)
        steps 20
        minimize mse(net(x), y) over net with \(training.optimizer)
      }
      """, in: workspace.path, options)
    #expect(outcome.errors == "")
    let line = try Self.lines("trainings.txt").first { $0.hasPrefix("\(training.name) ") }
    let golden = try #require(line).split(separator: " ").compactMap { Double($0) }
    try #require(golden.count == 20 && outcome.losses.count == 20)
    for (found, expected) in zip(outcome.losses, golden) {
      #expect(abs(found - expected) < 1e-4 * expected, "\(found) and \(expected)")
    }
    #expect(golden[0] != golden[19])
  }

  @Test func `every case of the file is run`() throws {
    let names = try Self.lines("trainings.txt").map { $0.split(separator: " ")[0] }
    #expect(Set(names.map(String.init)) == Set(Self.trainings.map(\.name)))
  }

  @Test func `losses and metrics are those of PyTorch and scikit-learn`() throws {
    let workspace = try Workspace()
    let cases = try Self.lines("values.txt").map { $0.split(separator: "\t").map(String.init) }
    let program = cases.map { "print \($0[0])" }.joined(separator: "\n")
    let outcome = try run(program, in: workspace.path, RunOptions())
    #expect(outcome.errors == "")
    let found = outcome.printed.compactMap { Double($0) }
    try #require(found.count == cases.count)
    for (number, one) in zip(found, cases) {
      let expected = try #require(Double(one[1]))
      #expect(abs(number - expected) < 2e-5 * max(1, abs(expected)), "\(one[0])")
    }
  }
}
