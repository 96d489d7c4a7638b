import DLMCPU
import DLMFrontend
import DLMShapes
import DLMSyntax
import Foundation
import Testing

@testable import DLMInterpreter

@Suite struct CostTests {
  static func costs(_ text: String) -> [LayerCost] {
    let parsed = Parser.parse(SourceFile(path: "test.dlm", text: text))
    return Evaluator(prelude: Prelude(), provider: FileDataProvider(folder: "")).costs(
      of: parsed.tree)
  }

  /// By hand: 10 * 24 * 24 windows of 25, 20 * 8 * 8 of 250, 320 * 50 and 50 * 10 products a sample.
  @Test func `the cost of a network is counted in the symbols of its input`() throws {
    let cost = try #require(
      Self.costs(
        """
        layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
            x |> Conv(10, k: 5) |> MaxPool(2) |> relu |> Conv(20, k: 5) |> MaxPool(2) |> relu
              |> flatten |> Linear(50) |> relu |> Linear(10) |> log_softmax
        }
        """
      ).first)
    #expect(cost.cost.parameters == 21_840)
    #expect("\(cost.cost.multiplyAdds)" == "480500*B")
    #expect(cost.requirements.isEmpty)
  }

  /// As torchvision counts its own: vgg16 and resnet18.
  @Test(arguments: [("vgg", "VGG16", 138_357_544), ("resnet", "ResNet", 11_689_512)])
  func `the models of the zoo have the parameters of their papers`(
    _ file: String, _ layer: String, _ count: Int
  ) throws {
    let text = "use \"zoo/\(file).dlm\"\nlet net = \(layer)()\nprint net(zeros[1, 3, 224, 224])\n"
    let parsed = Parser.parse(SourceFile(path: "test.dlm", text: text))
    let evaluator = Evaluator(
      prelude: Prelude(), provider: FileDataProvider(folder: Repository.examples))
    let frame = evaluator.check(parsed.tree)
    #expect(evaluator.diagnostics.isEmpty)
    guard case .instance(let net)? = frame.scope["net"]?.value else {
      Issue.record("`net` is no layer")
      return
    }
    #expect(net.parameterCount == Dim(count))
  }

  /// By hand: at each of T places a product of 4 * 64 rows with 64 + 64 numbers.
  @Test func `the body of a scan is counted for each place`() throws {
    let cost = try #require(
      Self.costs("layer A(x: real[B, T, 64]) -> real[B, T, 64] { x |> LSTM(64) }").first)
    #expect("\(cost.cost.multiplyAdds)" == "32768*B*T")
    #expect("\(cost.cost.trainingBytes)".contains("B*T"))
  }

  /// By hand: a product and a sum of B * 3 numbers of eight bytes, each with its gradient; six weights.
  @Test func `memory is counted in bytes of the elements`() throws {
    let text = "layer Net(x: f64[B, 2]) -> f64[B, 3] { param w: f64[2, 3] = 0.1\n x @ w + 1 }"
    let double = try #require(Self.costs(text).first)
    #expect("\(double.cost.trainingBytes)" == "96*B + 192")
    let single = try #require(
      Self.costs(text.replacingOccurrences(of: "f64", with: "real")).first)
    #expect("\(single.cost.trainingBytes)" == "48*B + 96")
  }

  @Test func `what a layer needs of its input is solved for the symbol`() throws {
    let cost = try #require(
      Self.costs(
        """
        layer Net(x: real[B, 1, H, W]) -> real[B, 20] {
            x |> Conv(10, k: 5) |> MaxPool(2) |> relu |> Conv(20, k: 5) |> MaxPool(2) |> global_mean
        }
        """
      ).first)
    #expect(cost.requirements.map { "\($0)" } == ["H ≥ 16", "W ≥ 16"])
  }

  @Test func `a batch that does not fit is refused, and the largest that does is named`() throws {
    let program = { (batch: Int) in
      """
      data d = rows(x: ones[512, 64], y: ones[512, 1])
      layer Net(x: real[B, 64]) -> real[B, 1] { x |> Linear(64) |> tanh |> Linear(64) |> tanh |> Linear(1) }
      let net = Net()
      train t on d {
          batch \(batch)
          steps 1
          minimize mse(net(x), y) over net with SGD(lr: 0.1)
      }
      """
    }
    var options = RunOptions()
    options.memoryLimit = 300_000
    let refused = try run(program(512), in: "", options)
    #expect(refused.errors.contains("error[R003]: a step with a batch of 512 needs"))
    let words = refused.errors.components(separatedBy: "`batch ")
    let fitting = try #require(words.count == 2 ? Int(words[1].prefix { $0.isNumber }) : nil)
    #expect((1..<512).contains(fitting))
    #expect(try run(program(fitting), in: "", options).errors == "")
  }
}
