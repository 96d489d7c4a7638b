/// What users of other languages and libraries write, and what stands here instead.
enum ForeignWords {
  /// Names that stand for something else here, or for nothing.
  static let names = [
    "range": "`0..<n` are the numbers from 0 to n - 1",
    "enumerate": "`for (i, x) in ...` needs no word: loop over `0..<length(xs)` and take `xs[i]`",
    "nn": "layers stand by their names alone: `Linear(3)`",
    "torch": "functions stand by their names alone: `relu(x)`",
    "np": "functions stand by their names alone: `exp(x)`",
    "keras": "layers stand by their names alone: `Linear(3)`",
    "tf": "functions stand by their names alone: `relu(x)`",
    "optimizer":
      "`minimize ... over net with SGD(lr: 0.1)` makes a step: nothing is set to zero or called",
    "break": "a loop ends at its condition: `while c { ... }`; a training with `stop when ...`",
    "continue": "write what follows in an `if`",
    "None": "`none` is nothing",
    "device": "`--device` chooses where a program runs",
    "epochs": "`steps` is how many steps the whole training makes, `epoch` the number of the pass",
    "zero_grad": "`minimize` makes a step: gradients are not kept, so nothing is set to zero",
    "zip": "`for i in 0..<length(a)` takes `a[i]` and `b[i]`",
    "Sequential":
      "stages follow each other by `|>`: `layer Net(x: real[B, D]) -> real[B, 2] { x |> Linear(4) |> relu |> Linear(2) }`",
    "F": "functions stand by their names alone: `relu(x)`",
    "jnp": "functions stand by their names alone: `exp(x)`",
    "jax": "functions stand by their names alone: `exp(x)`",
    "no_grad": "only `minimize` and `grad` make gradients: nothing has to be switched off",
    "Input":
      "what goes in is the input of a layer: `layer Net(x: real[B, D]) -> real[B, 2] { ... }`",
    "Model": "a model is a `layer` with its body",
    "DataLoader": "`train` reads the data itself, in batches: `batch 32 shuffled`",
    "lr":
      "the rate belongs to the optimizer: `minimize ... with SGD(lr: 0.1) as opt`, then `opt.lr *= 0.1`",
  ]

  /// Fields that values of other libraries have.
  static let members = [
    "shape":
      "the lengths are those of its type; `length(x)` is the number of places of the first axis",
    "size": "`count(x)` is the number of its elements, `length(x)` of the places of the first axis",
    "backward": "`grad(loss, wrt: w)` is a value; `minimize` does the rest",
    "item": "a tensor of one element prints as a number",
    "view": "`reshape[...]` splits and joins neighbouring axes",
    "detach": "`stop_gradient(x)` lets no gradient through",
    "eval": "layers know whether they train: in `minimize` they do, elsewhere they do not",
    "train": "layers know whether they train: in `minimize` they do, elsewhere they do not",
    "parameters": "`minimize ... over net` trains what `net` keeps",
    "zero_grad": "`minimize` makes a step; gradients are not kept",
    "to": "`--device` chooses where a program runs",
    "cuda": "`--device` chooses where a program runs",
    "numpy": "`save x to \"x.npy\"` writes it for numpy",
    "permute": "`rearrange(x, [B, T, C] -> [B, C, T])` reorders axes by name",
    "transpose": "`x.T` swaps the last two axes, `rearrange` reorders them by name",
    "requires_grad":
      "`minimize ... over net` says what is trained; `freeze net.stem` leaves a part as it is",
    "forward": "a layer is called: `net(x)`",
    "fit": "trainings are declared: `train fit on data { ... }`",
    "append": "`xs = append(xs, x)` of a `var`: a function changes none of its arguments",
    "step": "`minimize` makes a step",
    "save": "`save net to \"net.safetensors\"`",
    "state_dict": "`save net to \"net.safetensors\"` writes what it keeps",
    "load_state_dict": "`let net = Net() from \"net.safetensors\"`",
  ]

  /// Options whose words are found in other libraries only, by what they are written for.
  static func option(_ name: String, of owner: String) -> String? {
    switch (name, owner) {
    case ("momentum", _) where owner.hasPrefix("Adam") || owner.hasSuffix("Adam"):
      "the momentum of \(owner) is the first of its `betas: (0.9, 0.999)`"
    case ("batch_first", _): "the batch comes first here, then time: leave it out"
    case ("label_smoothing", "cross_entropy"): "write `smoothing`"
    case ("hidden_size", _), ("num_units", _):
      "the width comes first, without a name: `\(owner)(16)`"
    case ("input_size", _), ("input_shape", _), ("input_dim", _):
      "what goes in is inferred: leave it out"
    case ("num_layers", _): "layers stand one behind the other: `|> \(owner)(16) |> \(owner)(16)`"
    case ("bidirectional", _): "write `Bidirectional(fn (x) { x |> \(owner)(16) })`"
    case ("activation", _): "an activation is a stage of its own: `|> \(owner)(16) |> relu`"
    case ("low", _), ("high", _), ("causal", _), ("padding_mode", _):
      hasBorder(owner) ? border(of: owner) : nil
    case ("reduction", _): "losses are means over the batch: multiply by a count for a sum"
    default: nil
    }
  }

  /// How a window stands over an edge by another width on each side, or over other numbers.
  static func border(of owner: String?) -> String {
    let owner = owner ?? ""
    if owner.contains("ConvT") || owner.contains("transposed") {
      return
        "`pad` cuts as much off both ends; `y[.., .., 0..<n]` keeps any other part of the result"
    }
    let stages =
      owner.lowercased().contains("max")
      ? "pad(low: 0, high: 1, over: -1, value: -inf) |> MaxPool(2)"
      : "pad(low: 2, high: 0, over: -1) |> Conv(8, k: 3)"
    return "`pad` is as wide on both sides; any other border is a stage in front: `x |> \(stages)`"
  }

  /// Whether something has windows with a border.
  static func hasBorder(_ owner: String?) -> Bool {
    guard let owner else { return false }
    return owner.contains("Conv") || owner.contains("Pool") || owner.hasSuffix("_pool")
      || owner.hasPrefix("convolve") || owner == "unfold"
  }
}
