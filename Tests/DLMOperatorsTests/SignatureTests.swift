import DLMOperators
import DLMShapes
import DLMTensor
import Testing

@Suite struct SignatureTests {
  @Test(arguments: [
    ("real", TypePattern.tensor(.kind(.real), [])),
    ("logprob[B, 10]", .tensor(.kind(.logprob), [.single(.name("B")), .single(.integer(10))])),
    ("index(K)[B]", .tensor(.index(.name("K")), [.single(.name("B"))])),
    (
      "real[B, ...S, _]",
      .tensor(.kind(.real), [.single(.name("B")), .pack(.name("S")), .wildcard])
    ),
    ("u8[...]", .tensor(.kind(.u8), [.rest])),
    (
      "f64[4*n]",
      .tensor(
        .element(.f64), [.single(.apply(.multiply, .integer(4), .name("n")))])
    ),
    (
      "(real[n], int)?",
      .optional(
        .tuple([.tensor(.kind(.real), [.single(.name("n"))]), .tensor(.kind(.int), [])]))
    ),
  ])
  func `types are read`(_ text: String, _ type: TypePattern) throws {
    #expect(try TypePattern(text) == type)
  }

  @Test(arguments: [
    ("real[B", "`,`", 6), ("real[...S, ...T]", "one pack at most", 11), ("rael[B]", "a kind", 0),
    ("real[B] x", "the end", 8), ("real[1.5]", "a dim", 5), ("index", "`(`", 5),
  ])
  func `what is no type says where`(_ text: String, _ expected: String, _ offset: Int) {
    #expect {
      try TypePattern(text)
    } throws: { error in
      let error = error as? ReadingError
      return error?.expected == expected && error?.offset == offset
    }
  }

  @Test(arguments: [
    ("2 * n + 1", 9), ("(H - 5) div 2 + 1", 4), ("ceil(H / 4)", 3), ("n^2 % 5", 1),
    ("max(n, H) - min(n, 3)", 8), ("-n + H", 7), ("H - n - 1", 6),
  ])
  func `dims are read with the usual precedence`(_ text: String, _ value: Int) throws {
    let dim = try #require(DimExpression(try FormulaReader.formula(text)))
    let names: DimBindings = ["n": .dim(4), "H": .dim(11)]
    #expect(try dim.evaluated(with: names).value == .dim(Dim(value)))
  }

  @Test func `a signature with everything is read and matched`() throws {
    let signature = try Signature(
      """
      (x: real[B, ...S], w: real[2*n, n]; groups: int = 1, dims: [...S]) -> index(n)[B, prod(S)]
        where B % groups == 0, n > 1
      """)
    #expect(signature.conditions.map(\.text) == ["B % groups == 0", "n > 1"])
    var match = try Match(
      signature,
      [TensorType(.logit, [6, 3, 4]), TensorType(.real, [10, 5])],
      ["groups": .dim(2), "dims": .dims([3, 4])], Facts())
    let result = try #require(signature.result)
    #expect(try match.type(result) == TensorType(.index(5), [6, 12]))
    #expect(throws: InferenceFailure.requirement("B % groups == 0", .divides(6, by: 4))) {
      try Match(
        signature,
        [TensorType(.logit, [6, 3, 4]), TensorType(.real, [10, 5])],
        ["groups": .dim(4), "dims": .dims([3, 4])], Facts())
    }
  }

  @Test func `nesting has an end that does not end the process`() {
    let text = String(repeating: "(", count: 100_000)
    #expect(throws: ReadingError.self) { try FormulaReader.formula(text) }
  }
}
