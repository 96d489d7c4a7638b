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
      of: parsed.tree
    ).flatMap(\.costs)
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

  /// As PyTorch's counter of operations has them, from the same layers, at several lengths.
  @Test func `an encoder and a decoder are counted in the lengths of both sequences`() throws {
    let costs = Self.costs(
      """
      layer Decoder(x: real[B, T, 16], memory: real[B, S, 16]) -> real[B, T, 16] {
          let h = x + Attention(2)(LayerNorm()(x), LayerNorm()(memory))
          h + (h |> LayerNorm() |> Linear(64) |> gelu |> Linear(16))
      }
      layer Net(source: index(11)[B, S], target: index(12)[B, T]) -> logit[B, T, 12] {
          Decoder()(target |> Embedding(12, 16), source |> Embedding(11, 16)) |> Linear(12)
      }
      """)
    #expect(costs.map(\.name) == ["Decoder", "Net"])
    #expect(
      costs.map(\.type) == [
        "real[B, T, 16], real[B, S, 16] -> real[B, T, 16]",
        "index(11)[B, S], index(12)[B, T] -> logit[B, T, 12]",
      ])
    #expect(costs.map { "\($0.cost.parameters)" } == ["3312", "3884"])
    #expect(
      costs.map { "\($0.cost.multiplyAdds)" } == [
        "32*B*S*T + 512*B*S + 2560*B*T", "32*B*S*T + 512*B*S + 2752*B*T",
      ])
    #expect(costs.allSatisfy { "\($0.cost.trainingBytes)".contains("B*S*T") })
  }

  /// By hand: 5 forms of I * J weights and 5 numbers; `a @ w` has I products for each of 5 * J, its product
  /// with b J for each of 5. Bytes: `w` seen twice as a matrix is not computed.
  @Test func `a bilinear layer is counted in the widths of both inputs`() throws {
    let cost = try #require(
      Self.costs("layer Net(a: real[B, I], b: real[B, J]) -> real[B, 5] { Bilinear(5)(a, b) }")
        .first)
    #expect("\(cost.cost.parameters)" == "5*I*J + 5")
    #expect("\(cost.cost.multiplyAdds)" == "5*B*I*J + 5*B*J")
    #expect(Set(cost.cost.trainingBytes.symbols.map(\.name)) == ["B", "I", "J"])
  }

  /// As PyTorch's counter has them with D = 8, 4 heads, ff = 20.
  @Test func `statics without a value are symbols, and what divides them is made use of`() throws {
    let cost = try #require(
      Self.costs(
        """
        layer Block(heads: int, ff: int, p: real)(x: real[B, T, D], m: real[B, S, D]) -> real[B, T, D] {
            let h = x + Attention(heads)(x, m)
            h + (h |> Linear(ff) |> gelu |> Dropout(p) |> Linear(D))
        }
        """
      ).first)
    #expect("\(cost.cost.parameters)" == "2*D*ff + 4*D^2 + 5*D + ff")
    #expect("\(cost.cost.multiplyAdds)" == "2*B*D*S*T + 2*B*D*T*ff + 2*B*D^2*S + 2*B*D^2*T")
    #expect(cost.requirements.map { "\($0)" } == ["heads divides D"])
  }

  @Test func `inputs that may be left out are counted, and those in tuples`() throws {
    let costs = Self.costs(
      """
      layer Masked(x: real[B, T, 16], m: real[B, S, 16], mask: bool[T, S]?) -> real[B, T, 16] {
          x + Attention(2)(x, m, mask)
      }
      layer Cell(x: real[B, I], s: (real[B, 8], real[B, 8])) -> (real[B, 8], real[B, 8]) {
          let (h, c) = s
          LSTMCell(8)(x, h, c)
      }
      """)
    #expect(costs.map { "\($0.cost.parameters)" } == ["1088", "32*I + 288"])
    #expect(
      costs.map { "\($0.cost.multiplyAdds)" } == [
        "32*B*S*T + 512*B*S + 512*B*T", "32*B*I + 256*B",
      ])
    // The mask turned round, a byte a place, counted twice.
    #expect("\(costs[0].cost.trainingBytes)".contains(" 2*S*T "))
  }

  /// By hand, with D = 4: two of 4 * (4 * 4 + 4) parameters and 4 * 8 + 8 + 8 * 4 + 4, or four.
  @Test func `where symbols say too little, the layers that are made of it are counted`() throws {
    let costs = Self.costs(
      """
      layer Deep(n: int)(x: real[B, T, 4], m: real[B, S, 4]) -> real[B, T, 4] {
          var h = x
          repeat n { h = h + Attention(2)(h, m) }
          h |> Linear(8) |> relu |> Linear(4)
      }
      layer Sum(x: real[...S, I], y: real[...S, J]) -> real[...S, 5] { Linear(5)(x) + Linear(5)(y) }
      layer Open(x: real[...S, I], y: real[...S, J]) -> real[...S, I] { x * sum(y) }
      let net = Deep(2), large = Deep(4), both = Sum()
      print sum(net(zeros[2, 3, 4], zeros[2, 5, 4])), sum(large(zeros[1, 1, 4], zeros[1, 1, 4]))
      print both(zeros[7, 3], zeros[7, 4])
      """)
    #expect(costs.map(\.name) == ["Deep as net", "Deep as large", "Sum as both"])
    #expect(costs.map { "\($0.cost.parameters)" } == ["236", "396", "45"])
    #expect("\(costs[0].cost.multiplyAdds)" == "16*B*S*T + 64*B*S + 128*B*T")
    #expect("\(costs[2].cost.multiplyAdds)" == "\(7 * 5 * (3 + 4))")
    #expect(costs[2].type == "real[7, 3], real[7, 4] -> real[...S, 5]")
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
