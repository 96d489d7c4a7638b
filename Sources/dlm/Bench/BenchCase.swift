import ArgumentParser

/// Models that other frameworks are measured with too.
enum BenchCase: String, ExpressibleByArgument, CaseIterable {
  case cnn, mlp, resnet20, lstm, gpt, xor

  /// Steps of an epoch, 200 at most: what is timed together.
  var window: Int {
    switch self {
    case .cnn, .mlp, .xor: 200
    case .resnet20, .gpt: 10
    case .lstm: 20
    }
  }

  /// The program; its data lies in `folder`.
  func text(_ folder: String) -> String {
    switch self {
    case .cnn: Self.classifier(folder)
    case .mlp: Self.perceptron(folder)
    case .resnet20: Self.residualNet
    case .lstm: Self.recurrentNet
    case .gpt: Self.transformer
    case .xor: Self.exclusiveOr
    }
  }
}

// The programs.
extension BenchCase {
  private static func classifier(_ folder: String) -> String {
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
  }

  private static func perceptron(_ folder: String) -> String {
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
  }

  private static let residualNet = """
    data images = rows(x: normal[1280, 3, 32, 32], label: argmax(uniform[1280, 10], over: -1))

    layer Block(c: int, stride: int)(x: real[B, C, H, W]) -> real[B, c, _, _] {
        let y = x |> Conv(c, k: 3, stride: stride, pad: 1, bias: false) |> BatchNorm() |> relu
                  |> Conv(c, k: 3, pad: 1, bias: false) |> BatchNorm()
        let s = if stride == 1 and C == c { x }
                else { x |> Conv(c, k: 1, stride: stride, bias: false) |> BatchNorm() }
        relu(y + s)
    }

    layer Net(x: real[B, 3, H, W]) -> logprob[B, 10] {
        var h = x |> Conv(16, k: 3, pad: 1, bias: false) |> BatchNorm() |> relu
        repeat i in 0..<3 {
            repeat j in 0..<3 { h = h |> Block(16 * 2^i, i > 0 and j == 0 ? 2 : 1) }
        }
        h |> global_mean |> Linear(10) |> log_softmax
    }

    let net = Net()

    train resnet20 on images {
        batch 128 shuffled drop last
        epochs 1000000
        minimize nll(net(x), label) over net with SGD(lr: 0.1, momentum: 0.9, decay: 1e-4)
    }
    """

  private static let recurrentNet = """
    data text = rows(
        here: argmax(uniform[640, 64, 65], over: -1), next: argmax(uniform[640, 64, 65], over: -1))

    layer Net(ids: index(65)[B, T]) -> logprob[B, T, 65] {
        ids |> Embedding(65, 128) |> LSTM(256) |> Linear(65) |> log_softmax
    }

    let net = Net()

    train lstm on text {
        batch 32 shuffled drop last
        epochs 1000000
        minimize nll(net(here), next) over net with Adam(lr: 1e-3)
    }
    """

  private static let transformer = """
    data text = rows(
        here: argmax(uniform[160, 128, 65], over: -1), next: argmax(uniform[160, 128, 65], over: -1))

    layer Mix(heads: int)(x: real[B, T, D]) -> real[B, T, D] where D % heads == 0 {
        dim K = D / heads
        let (q, k, v) = chunk(x |> Linear(3 * D), 3)
        let qh = rearrange(q, [B, T, (heads K)] -> [B, heads, T, K])
        let kh = rearrange(k, [B, T, (heads K)] -> [B, heads, T, K])
        let vh = rearrange(v, [B, T, (heads K)] -> [B, heads, T, K])
        let a = softmax(fill((qh @ kh.T) / sqrt(K), -1e9, where: not causal(T)))
        rearrange(a @ vh, [B, heads, T, K] -> [B, T, (heads K)]) |> Linear(D)
    }

    layer Net(ids: index(65)[B, T]) -> logprob[B, T, 65] {
        param place: real[T, 128] = normal(0, 1)
        var h = (ids |> Embedding(65, 128)) + place
        repeat 4 {
            h = h + (h |> LayerNorm() |> Mix(4))
            h = h + (h |> LayerNorm() |> Linear(512) |> gelu |> Linear(128))
        }
        h |> LayerNorm() |> Linear(65) |> log_softmax
    }

    let net = Net()

    train gpt on text {
        batch 16 shuffled drop last
        epochs 1000000
        minimize nll(net(here), next) over net with AdamW(lr: 1e-3)
    }
    """

  private static let exclusiveOr = """
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

  private static func repeated(_ rows: String) -> String {
    Array(repeating: rows, count: 500).joined(separator: ", ")
  }
}
