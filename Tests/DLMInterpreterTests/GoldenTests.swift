import DLMInterpreter
import Foundation
import Testing

/// Training beside another framework: the same first weights, batches and rates give the same losses.
@Suite struct GoldenTests {
  @Test(arguments: [
    (
      "cnn",
      """
      x |> Conv(10, k: 5) |> MaxPool(2) |> relu |> Conv(20, k: 5) |> MaxPool(2) |> relu
        |> flatten |> Linear(50) |> relu |> Linear(10) |> log_softmax
      """, "SGD(lr: 0.05, momentum: 0.9, decay: 1e-3)"
    ),
    (
      "mlp",
      "x |> flatten |> Linear(24) |> tanh |> Linear(24) |> gelu |> Linear(10) |> log_softmax",
      "Adam(lr: 3e-3)"
    ),
  ])
  func `losses are those of PyTorch`(name: String, layers: String, optimizer: String) throws {
    let folder = "\(Repository.root)/Tests/DLMInterpreterTests/Golden"
    var options = RunOptions()
    options.start = .resume(path: "\(folder)/\(name).safetensors")
    let outcome = try run(
      """
      data mnist = idx("data/mnist", classes: 10) |> normalize(image, mean: 0.1307, std: 0.3081)
      layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] { \(layers) }
      let net = Net()
      train golden on mnist.train {
        batch 64
        steps 20
        minimize nll(net(image), label) over net with \(optimizer)
      }
      """, in: Repository.examples, options)
    #expect(outcome.errors == "")
    let golden = try String(contentsOfFile: "\(folder)/\(name).losses", encoding: .utf8)
      .split(separator: "\n").compactMap { Double($0) }
    try #require(outcome.losses.count == golden.count)
    for (found, expected) in zip(outcome.losses, golden) {
      #expect(abs(found - expected) < 2e-4 * max(1, expected), "\(found) and \(expected)")
    }
    #expect(golden[0] > 1.2 * golden[19])
  }
}
