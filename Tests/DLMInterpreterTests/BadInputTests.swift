import Testing

/// Labels that are no class, numbers that are none, matrices without an inverse, batches and sequences
/// without anything: on every operator and declaration that can meet them, an error that names them or
/// the result that mathematics has for it.
@Suite struct BadInputTests {
  /// An index beyond its range ends a run with the index and the range, whoever reads it. `int` hides
  /// the numbers from the checker, which would tell them itself.
  private static let outside = [
    "one_hot(index(int([0, 5]), 3), 3)": "5 is outside 0..<3",
    "one_hot([0, -1], 3)": "-1 is outside 0..<3",
    "[[1.0, 2.0], [3.0, 4.0]][index(int([0, 7]), 2)]": "7 is outside 0..<2",
    "take([1.0, 2.0], index(int([3]), 2), over: 0)": "3 is outside 0..<2",
    "put([1.0], index(int([3]), 2), dims: [2], over: 0)": "3 is outside 0..<2",
    "scatter_add([1.0], index(int([-1]), 2), dims: [2], over: 0)": "-1 is outside 0..<2",
    "place([1.0], index(int([3]), 2), dims: [1, 2], over: 1)": "3 is outside 0..<2",
    "pick([[1.0, 2.0]], index(int([2]), 2), over: -1)": "2 is outside 0..<2",
    "gather([1.0, 2.0], index(int([2]), 2), axis: 0)": "2 is outside 0..<2",
    "Embedding(3, 2)(index(int([4]), 3))": "4 is outside 0..<3",
    "nll(log_softmax(zeros[1, 3]), index(int([-1]), 3))": "-1 is outside 0..<3",
    "cross_entropy(zeros[1, 3], index(int([3]), 3))": "3 is outside 0..<3",
    "cross_entropy(zeros[1, 3], index(int([3]), 3), 0.1)": "3 is outside 0..<3",
    "noisy_cross_entropy(zeros[1, 2], index(int([2]), 2), identity(2))": "2 is outside 0..<2",
    "multi_hinge(zeros[1, 3], index(int([3]), 3))": "3 is outside 0..<3",
    "ctc(log_softmax(zeros[1, 3, 3]), index(int([[1, 5]]), 3))": "5 is outside 0..<3",
    "top_accuracy(1, zeros[1, 3], index(int([3]), 3))": "3 is outside 0..<3",
    "confusion(zeros[1, 3], index(int([3]), 3))": "3 is outside 0..<3",
    "MemoryNetwork(3, 2)(index(int([[[0, 4]]]), 3), index(int([[1]]), 3))": "4 is outside 0..<3",
  ]

  private static let singular = [
    "solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])": "matrix 0 is singular",
    "solve([[[1.0]], [[0.0]]], ones[2, 1, 1])": "matrix 1 is singular",
    "inverse([[1.0, 2.0], [2.0, 4.0]])": "matrix 0 is singular",
    "cholesky([[1.0, 2.0], [2.0, 1.0]])": "matrix 0 is not positive definite",
    "grad(sum(orthogonal(flat)), wrt: flat)": "matrix 0 is singular",
    "grad(sum(cofactors(flat)), wrt: flat)": "matrix 0 is singular",
  ]

  private static let empty = [
    "LSTM(3)(zeros[2, 0, 4])": "which has no places",
    "GRU(3)(zeros[2, 0, 4])": "which has no places",
    "RNN(3)(zeros[2, 0, 4])": "which has no places",
    "Bidirectional(fn (x) { x |> GRU(3) })(zeros[2, 0, 5])": "which has no places",
    "argmax(zeros[2, 0], over: 1)": "the axis has an element",
    "argmin(zeros[0])": "the axis has an element",
    "categorical(zeros[2, 0])": "the axis has an element",
    "top(1, zeros[0])": "does not hold",
    "top(3, [1.0, 2.0])": "does not hold",
    "last(zeros[2, 0], over: 1)": "does not hold",
    "fourier(zeros[2, 0])": "n >= 1",
    "Conv(2, k: 3)(zeros[1, 1, 0, 5])": "needs every spatial size",
    "MaxPool(2)(zeros[1, 1, 1, 4])": "needs every spatial size",
    "resize(zeros[1, 1, 0, 3], [2, 2])": "does not become",
    "adaptive_mean_pool(zeros[1, 1, 0], [2])": "does not become",
    "adaptive_max_pool(zeros[1, 1, 3], [0])": "does not become",
    "AdaptiveMeanPool(0)(ones[1, 1, 3])": "at least 1 part",
    #"pad(zeros[0], 1, over: 0, mode: "reflect")"#: "as long as the axis",
  ]

  private static let refusals = outside.merging(singular) { $1 }.merging(empty) { $1 }

  @Test(arguments: refusals.keys.sorted()) func `an error says what is wrong`(_ text: String) throws
  {
    let words = try #require(Self.refusals[text])
    let outcome = try run("let flat = [[0.0, 0.0], [0.0, 0.0]]\nprint \(text)")
    #expect(outcome.errors.contains("error["))
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.printed == [])
  }

  /// What mathematics, or the convention of the field, has for it; see `grammar/reference.md`.
  private static let results = [
    // Nothing to go through, or nothing in a batch.
    "sum(zeros[0])": "0", "product(zeros[0])": "1", "mean(zeros[0])": "nan",
    "max(zeros[0])": "-inf",
    "min(zeros[0])": "inf", "norm(zeros[0], over: 0)": "0", "variance(zeros[0], over: 0)": "nan",
    "logsumexp(zeros[2, 0], over: 1)": "[-inf, -inf]",
    "zeros[2, 0] @ zeros[0, 3]":
      "[[0, 0, 0],\n [0, 0, 0]]",
    "cumsum(zeros[0])": "[]", "cumprod(zeros[0])": "[]", "sort(zeros[0])": "[]",
    "argsort(zeros[0])": "[]", "cummax(zeros[0])": "[]", "roll(zeros[0], 1)": "[]",
    "flip(zeros[0], over: 0)": "[]", "softmax(zeros[0, 3])": "[]", "determinant(zeros[0, 0])": "1",
    "solve(zeros[0, 2, 2], zeros[0, 2, 1])": "[]", "inverse(zeros[0, 0])": "[]",
    "Linear(2)(zeros[0, 3])": "[]", "Conv(2, k: 3)(zeros[0, 1, 5, 5])": "[]",
    "ConvT(2, k: 3)(zeros[0, 1, 5, 5])": "[]", "MaxPool(2)(zeros[0, 1, 4, 4])": "[]",
    "LSTM(3)(zeros[0, 2, 4])": "[]", "BatchNorm()(zeros[0, 3, 2, 2])": "[]",
    "LayerNorm()(zeros[0, 3])": "[]", "Embedding(3, 2)(index(int(zeros[0]), 3))": "[]",
    "TransformerBlock(2, ff: 8)(zeros[0, 3, 4], causal(3))": "[]",
    "Attention(2)(zeros[1, 0, 4], zeros[1, 3, 4])": "[[]]",
    // Attention to nothing finds nothing: only the bias of the last layer is left, the same for each query.
    "max(abs(attended[0, 0] - attended[0, 1]))": "0",
    "ctc(log_softmax(zeros[1, 3, 3]), index(int(zeros[1, 0]), 3))": "3.29584",
    "mse(zeros[0, 2], zeros[0, 2])": "nan", "cross_entropy(zeros[0, 3], nobody)": "nan",
    "accuracy(zeros[0, 3], nobody)": "nan", "auc(zeros[0], zeros[0])": "nan",
    "confusion(zeros[0, 2], index(int(zeros[0]), 2))": "[[0, 0],\n [0, 0]]",
    "precision_of(zeros[2, 2])": "[0, 0]", "edits(int(zeros[0]), [1, 2])": "2",
    // A singular matrix has a determinant.
    "determinant([[1.0, 2.0], [2.0, 4.0]])": "0", "log_determinant([[0.0]])": "-inf",
    "eigenvalues([[0.0, 0.0], [0.0, 0.0]])": "[0, 0]", "triangular([[0.0]])": "[[0]]",
    // What is no number stays so, and wins every order.
    "solve([[nan, 1.0], [1.0, 2.0]], [1.0, 1.0])": "[nan, nan]", "inverse([[nan]])": "[[nan]]",
    "cholesky([[nan]])": "[[nan]]", "eigenvalues([[nan, 1.0], [1.0, 2.0]])": "[nan, nan]",
    "determinant([[nan]])": "nan", "log_determinant([[nan]])": "nan", "max([1.0, nan])": "nan",
    "min([1.0, nan])": "nan", "argmax([1.0, nan, 2.0])": "1", "sort([nan, 1.0])": "[1, nan]",
    "top(1, [nan, 1.0])[0]": "[nan]", "cummax([1.0, nan, 2.0])": "[1, nan, nan]",
    "softmax([nan, 1.0])": "[nan, nan]", "relu([nan])": "[nan]", "clamp([nan], 0, 1)": "[nan]",
    "max_pool([[[nan, 1.0]]], k: 2)": "[[[nan]]]", "mean_pool([[[nan, 1.0]]], k: 2)": "[[[nan]]]",
    "fourier([nan])": "[[nan, 0]]", "cross_entropy([[nan, 1.0]], index([1], 2))": "nan",
    "int([nan])": "[0]", "is_nan([nan, 1.0])": "[true, false]", "0 * nan": "nan",
    "sqrt(-1.0)": "nan", "log(0.0)": "-inf", "1 / 0.0": "inf",
    "erf_inverse([1.0, 2.0])": "[inf, nan]",
    "cosine([[0.0, 0.0]], [[1.0, 0.0]])": "[0]", "perplexity(inf)": "inf",
  ]

  @Test(arguments: results.keys.sorted()) func `a result is that of mathematics`(_ text: String)
    throws
  {
    let outcome = try run(
      """
      let nan = 0.0 / 0.0
      let nobody = index(int(zeros[0]), 3)
      let attended = Attention(2)(ones[1, 2, 4], zeros[1, 0, 4])
      print \(text)
      """)
    #expect(outcome.errors == "")
    #expect(outcome.printed == [try #require(Self.results[text])])
  }
}
