import DLMOperators

/// What help says of a function that is in no file of the prelude: it is an operator, or needs to know
/// more than the values of its arguments.
package struct BuiltinPage: Sendable {
  package var name: String
  /// `sum(x: real[...S], over: axes, keep: bool = false) -> real`
  package var signature: String
  /// One line.
  package var summary: String
  /// A line that runs, where there is one.
  package var example: String?
  package var source: String?

  package struct Parameter: Sendable {
    package var name: String
    /// With its type and its standard value.
    package var text: String
  }

  /// The page of the function, maker, kind or stage of data that is called `name`.
  package static func named(_ name: String) -> BuiltinPage? { pages[name] }

  package static var names: [String] { pages.keys.sorted() }

  /// What stands between the brackets of the signature; what only stands behind `|>` is not among it.
  package var parameters: [Parameter] {
    guard let open = signature.firstIndex(of: "(") else { return [] }
    var depth = 0
    var pieces = [""]
    for character in signature[signature.index(after: open)...] {
      if character == ")", depth == 0 { break }
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if depth == 0, character == "," || character == ";" {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    return pieces.map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.map { text in
      Parameter(name: String(text.prefix { $0 != ":" && $0 != " " }), text: String(text))
    }
  }

  private static let pages: [String: BuiltinPage] = {
    var pages: [String: BuiltinPage] = [:]
    for operation in Operator.all {
      pages[operation.name] = BuiltinPage(
        name: operation.name, signature: operation.name + operation.signatureText,
        summary: operation.summary, example: operation.example, source: operation.source)
    }
    // What the language makes of an operator is what people write.
    for line in texts.split(separator: "\n") {
      let parts = line.split(separator: "|", maxSplits: 2).map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      let name = String(parts[0].prefix { $0 != "(" && $0 != "[" && $0 != " " })
      pages[name] = BuiltinPage(
        name: name, signature: parts[0], summary: parts[1],
        example: parts.count > 2 ? parts[2] : nil)
    }
    return pages
  }()
}

/// Signature, summary and, where a line runs by itself, an example.
private let texts = """
  sum(x: real[...S], over: axes, keep: bool = false) -> real | Sum over some axes, by default all; `keep` leaves them with length 1. | sum([1.0, 2.0, 3.0])
  product(x: real[...S], over: axes, keep: bool = false) -> real | Product over some axes, by default all. | product([2.0, 3.0])
  max(x: real[...S], over: axes, keep: bool = false) -> real | Largest element over some axes, by default all. | max([2.0, 3.0])
  min(x: real[...S], over: axes, keep: bool = false) -> real | Smallest element over some axes, by default all. | min([2.0, 3.0])
  mean(x: real[...S], over: axes, keep: bool = false) -> real | Mean over some axes, by default all. | mean([2.0, 3.0])
  argmax(x: real[...S], over: axes) -> index | Place of the largest element along an axis, by default the last. | argmax([2.0, 3.0])
  argmin(x: real[...S], over: axes) -> index | Place of the smallest element along an axis, by default the last. | argmin([2.0, 3.0])
  reshape(x: real[...S], dims: [int]) -> real | Splits and merges neighbouring axes; the elements keep their order. | reshape(ones[2, 6], [2, 2, 3])
  rearrange(x: real[...S], from: axes -> to: axes) -> real | Splits, moves and merges axes: `rearrange(x, [B, (H K)] -> [B, H, K])`.
  convolve(x: real[B, C, ...S], w: real[out, C, ...k], stride: ints = 1, pad: ints = 0, groups: int = 1) -> real | Cross-correlation with windows; `Conv` learns them.
  convolve_transposed(x: real[B, C, ...S], w: real[C, out, ...k], stride: ints = 1, pad: ints = 0) -> real | The adjoint of a convolution; `ConvT` learns its windows.
  max_pool(x: real[B, C, ...S], k: ints, stride: ints = k, pad: ints = 0) -> real | Largest element of each window.
  mean_pool(x: real[B, C, ...S], k: ints, stride: ints = k, pad: ints = 0) -> real | Mean of each window.
  pick(x: real[...S], index: index, over: axes) -> real | The element at `index` along an axis, by default the last.
  real(x: real[...S]) -> real[...S] | The same numbers without their kind; whole numbers as reals. | real([1, 2])
  index(x: int[...S], count: int) -> index(count)[...S] | Whole numbers as labels of `count` classes. | index([0, 1], 2)
  int(x: real[...S]) -> int[...S] | Whole numbers; what lies behind the point is cut off. | int([1.9, -1.9])
  f64(x: real[...S]) -> f64[...S] | The same numbers as elements of eight bytes. | f64([0.1, 0.2])
  f32(x: real[...S]) -> f32[...S] | The same numbers as elements of four bytes. | f32([0.1, 0.2])
  f16(x: real[...S]) -> f16[...S] | The nearest numbers of two bytes with eleven leading bits. | f16([0.1, 70000.0])
  bf16(x: real[...S]) -> bf16[...S] | The nearest numbers of two bytes with eight leading bits and the range of `f32`. | bf16([0.1, 0.2])
  i32(x: real[...S]) -> i32[...S] | Whole numbers of four bytes: towards zero, cut to the range, 0 for NaN. | i32([1.9, -1.9])
  i64(x: real[...S]) -> i64[...S] | Whole numbers of eight bytes: towards zero, cut to the range, 0 for NaN. | i64([1.9, -1.9])
  u8(x: real[...S]) -> u8[...S] | Bytes: towards zero, cut to 0 to 255, 0 for NaN. | u8([3.7, 300.0])
  bool(x: real[...S]) -> bool[...S] | Whether each number is not 0. | bool([0.0, 2.0])
  rank(x: real[...S]) -> int | How many axes a tensor has. | rank(ones[2, 3])
  parameters(net: layer) -> [real] | What is trained of a layer and of those inside it, in a list.
  prod(x: ints) -> int | Product of lengths. | prod([2, 3])
  grad(y: real, wrt: x) -> real | Gradient of a number in a value, or in each of a list; a value like any other.
  length(x: list) -> int | How many elements a list has, or the first axis of a tensor. | length([1, 2, 3])
  dot(a: real[...S], b: real[...T], over: axes) -> real | Axes with one symbol are matched, `over` is summed, the others follow in order.
  concatenate(a: real[...S], b: real[...S], over: axes) -> real | Tensors one after the other along an axis. | concatenate(ones[2], zeros[3], over: 0)
  stack(a: real[...S], b: real[...S], over: axes) -> real | Tensors side by side along a new axis. | stack(ones[2], zeros[2], over: 0)
  append(x: real[n], element: real) -> real[n + 1] | A vector with one more element. | append([1.0, 2.0], 3.0)
  chunk(x: real[...S], count: int, over: axes) -> tuple | Parts of equal length along an axis, by default the last. | chunk(ones[4, 6], 3)
  squeeze(x: real[...S], over: axes) -> real | Without an axis of length 1. | squeeze(ones[3, 1], over: 1)
  last(x: real[...S], over: axes) -> real | The last place along an axis, which goes. | last(ones[3, 2], over: 0)
  flip(x: real[...S], over: axes) -> real | The places along some axes in the other order. | flip([1.0, 2.0], over: 0)
  replace(text: string, old: string, new: string) -> string | A text with other words in place of some.
  sample(of: data, count: int) -> rows | The first rows of data, a tensor of each field: `sample(mnist.test, 8).image`. Of a layer over characters or words, `sample(lm, from: "To be", length: 100, temperature: 0.8)` is a text that it writes.
  fail(words: string) | Ends the run with these words.
  positions(count: int) -> int[count] | 0, 1, 2 and so on. | positions(3)
  image(path: string, channels: int = 3) -> u8[channels, H, W] | The pixels of a picture in a file, PNG or JPEG among others: red, green and blue, or with one channel their grey.
  select(condition: bool[...S], a: real[...S], b: real[...S]) -> real[...S] | `a` where the condition holds, elsewhere `b`. | select([1.0, 2.0] > 1.5, 1.0, 0.0)
  lines(x: real[n], y: real[n], name: string) -> picture | Numbers as a line of a chart, for `plot`: `lines(y)` over 0, 1, 2 and so on, or `lines(x, y)`.
  scatter(x: real[n], y: real[n], groups: int[n], name: string) -> picture | Points of a chart, for `plot`: `scatter(x, y)`, or `scatter(points)` of pairs, `[n, 2]`; `groups`, behind them, colours each point by a number.
  regions(f: fn, over: data) -> picture | Where a function of two numbers has which value, for `plot`, with the points that `over:` gives, in colours by their labels.
  histogram(x: real[n], name: string) -> picture | How often numbers fall where, for `plot`.
  grid(images: real[n, C, H, W]) -> picture | Images side by side, for `save`.
  adaptive_mean_pool(x: real[B, C, ...S], lengths: ints) -> real | The last axes cut into as many parts, and the mean of each. | adaptive_mean_pool(ones[1, 1, 5, 5], [2, 2])
  adaptive_max_pool(x: real[B, C, ...S], lengths: ints) -> real | The last axes cut into as many parts, and the largest element of each. | adaptive_max_pool(ones[1, 1, 5, 5], [2, 2])
  resize(x: real[B, C, ...S], lengths: ints, mode: string) -> real | The last axes at other lengths: `"nearest"` or `"bilinear"`.
  unfold(x: real[B, C, ...S], k: ints, stride: ints = 1, pad: ints = 0, dilation: ints = 1) -> real | What each window sees: `[B, C, ...T, ...k]`.
  checkpointed(f: fn) -> fn | The function, whose inner values are computed again for the gradient and not kept.
  jacobian(y: real[...S], wrt: x) -> real | At `[i..., j...]` how `y[i...]` depends on `x[j...]`.
  hessian(y: real, wrt: x) -> real | The second derivatives of a number.
  vjp(y: real[...S], v: real[...S], wrt: x) -> real | The gradient of the sum of `v * y`, without the Jacobian in between.
  jvp(y: real[...S], v: real, wrt: x) -> real | How `y` changes where `x` goes in direction `v`.
  count(x: real[...S], over: axes) -> int | How many elements lie along some axes, by default all. | count(ones[2, 3])
  one_hot(x: index(K)[...S], count: int) -> prob[...S, K] | 1 at the place that a label names, along a new last axis. | one_hot([0, 2], 3)
  roll(x: real[...S], places: int, over: axes) -> real | Each element some places further, those at the end to the front. | roll([1.0, 2.0, 3.0], 1, over: 0)
  part(x: real[...S], places: range, over: axes) -> real | Some places along an axis. | part([1.0, 2.0, 3.0], 1..<3, over: 0)
  pad(x: real[...S], width: ints, over: axes, low: ints = width, high: ints = width, value: real = 0, mode: string = "constant") -> real | More places at both ends of some axes, as many or `low` and `high` of them. In front of a window with zeros, or `value: -inf` before a largest element, the window itself stands over the edge. | pad([1.0, 2.0], 1, over: 0)
  solve(a: real[n, n], b: real[n]) -> real[n] | `x` with `a @ x == b`; `b` may be columns.
  zeros[dims] -> real[dims] | A tensor of zeros; `zeros like x` has the shape of another. | zeros[2, 3]
  ones[dims] -> real[dims] | A tensor of ones; `ones like x` has the shape of another. | ones[2, 3]
  uniform[dims] -> real[dims] | Draws between 0 and 1; `uniform(low, high)` for the first values of parameters. | uniform[2, 3]
  normal[dims] -> real[dims] | Draws of mean 0 and deviation 1; `normal(mean, deviation)` for the first values of parameters. | normal[2, 3]
  idx(path: string, classes: int = 10) -> data | Images and labels in the format of MNIST: a folder with four files.
  csv(path: string) -> data | A table whose first line names its columns.
  npy(x: string, y: string) -> data | A file of NumPy for each field.
  text(path: string, by: char) -> data | A text by characters or, with `by: word`, by words.
  rows(x: [real], y: [real]) -> data | Fields from lists or tensors of the program.
  normalize(field, mean: real, std: real) -> data | `(x - mean) / std` of a field.
  scale(field, factor: real) -> data | A field times a number.
  map(field, f: fn) -> data | What a function makes of a field.
  split(x: real[...S], sizes: ints, over: axes) -> tuple | Parts of these lengths along an axis, by default the last. Behind data, `split(train: 0.8, test: 0.2, seed: 1)` deals rows out at random. | split([1.0, 2.0, 3.0], [1, 2])
  windows(T: int, stride: int = T) -> data | Runs of a text: `here`, and `next` one place later.
  batch(size: int) -> data | How many rows a step takes.
  augment { stages } -> data | Changes images at random: `crop(28, pad: 2)`, `flip(p: 0.5)`.
  rotate(most: real = 10) | In `augment`: each image turned by up to so many degrees.
  cutout(size: int) | In `augment`: a square of 0 in each image.
  crop(size: int, pad: int) | In `augment`: a part of each image at a random place.
  """
