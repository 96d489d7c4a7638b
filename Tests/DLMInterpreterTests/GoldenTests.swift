import DLMCPU
import DLMFormats
import DLMInterpreter
import DLMTestSupport
import Foundation
import Testing

/// Training beside another framework: the same first weights, batches and rates give the same losses.
@Suite struct GoldenTests {
  struct Network: CustomTestStringConvertible {
    var name: String
    /// What the layer does with its input `x`.
    var body: String
    var optimizer: String

    var testDescription: String { name }

    static let perceptron =
      "x |> flatten |> Linear(12) |> tanh |> Linear(12) |> gelu |> Linear(10) |> log_softmax"
    static let sgd = "SGD(lr: 0.1, momentum: 0.5)"

    static let all: [Network] = [
      Network(
        name: "cnn",
        body: """
          x |> Conv(10, k: 5) |> MaxPool(2) |> relu |> Conv(20, k: 5) |> MaxPool(2) |> relu
            |> flatten |> Linear(50) |> relu |> Linear(10) |> log_softmax
          """, optimizer: "SGD(lr: 0.05, momentum: 0.9, decay: 1e-3)"),
      Network(name: "mlp", body: perceptron, optimizer: "Adam(lr: 3e-3)"),
      Network(name: "adamw", body: perceptron, optimizer: "AdamW(lr: 3e-3, decay: 0.1)"),
      Network(name: "rmsprop", body: perceptron, optimizer: "RMSprop(lr: 1e-3)"),
      Network(name: "adagrad", body: perceptron, optimizer: "Adagrad(lr: 1e-2)"),
      Network(name: "adadelta", body: perceptron, optimizer: "Adadelta(lr: 1.0)"),
      Network(
        name: "norm",
        body: """
          x |> Conv(4, k: 3, stride: 2, pad: 1) |> BatchNorm() |> relu
            |> ConvT(3, k: 4, stride: 2, pad: 1) |> BatchNorm() |> relu
            |> flatten |> Linear(10) |> log_softmax
          """, optimizer: "SGD(lr: 0.01, momentum: 0.5)"),
      Network(
        name: "lstm",
        body: "squeeze(x, over: 1) |> LSTM(8) |> last(over: 1) |> Linear(10) |> log_softmax",
        optimizer: sgd),
      Network(
        name: "gru",
        body: "squeeze(x, over: 1) |> GRU(8) |> last(over: 1) |> Linear(10) |> log_softmax",
        optimizer: sgd),
      Network(
        name: "attention",
        body: """
          let h = squeeze(x, over: 1) |> Linear(8) |> LayerNorm()
          mean(h + Attention(2)(h, h, causal(28)), over: 1) |> Linear(10) |> log_softmax
          """, optimizer: sgd),
    ]
  }

  private static let folder = "\(Repository.root)/Tests/DLMInterpreterTests/Golden"

  @Test(arguments: Network.all, CPUBackend.testedKernels)
  func `losses are those of PyTorch`(network: Network, isa: String) throws {
    let workspace = try Workspace()
    var options = RunOptions()
    options.start = .resume(path: "\(Self.folder)/\(network.name).safetensors")
    let outcome = try run(
      """
      data mnist = idx("\(Repository.examples)/data/mnist", classes: 10)
        |> normalize(image, mean: 0.1307, std: 0.3081)
      layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] { \(network.body) }
      let net = Net()
      train golden on mnist.train {
        batch 64
        steps 20
        minimize nll(net(image), label) over net with \(network.optimizer)
        checkpoint "out" every 20 steps
      }
      """, in: workspace.path, options, backend: CPUBackend(testing: isa, threads: 2))
    #expect(outcome.errors == "")
    let golden = try lines("\(network.name).losses").compactMap { Double($0) }
    try #require(outcome.losses.count == golden.count)
    for (found, expected) in zip(outcome.losses, golden) {
      #expect(abs(found - expected) < 2e-4 * max(1, expected), "\(found) and \(expected)")
    }
    #expect(golden[0] != golden[19])
    guard network.name == "norm" else { return }
    // Running means and variances, an element a line.
    let tensors = try Safetensors.read(workspace.path + "/out/last.safetensors").tensors
    var found: [String: [Double]] = [:]
    for line in try lines("norm.state") {
      let parts = line.split(separator: " ").map(String.init)
      let index = found[parts[0], default: []].count
      let value = try #require(tensors[parts[0]])[index]
      found[parts[0], default: []].append(value)
      #expect(abs(value - (Double(parts[1]) ?? .nan)) < 1e-3, "\(line)")
    }
    #expect(found.count == 4)
  }

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }
}
