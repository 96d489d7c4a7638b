import Testing

@testable import DLMShapes

@Suite struct DimExpressionTests {
  /// `(S + 2*pad - k) div stride + 1`
  static let convolved = DimExpression.apply(
    .add,
    .apply(
      .floorDivide,
      .apply(
        .subtract, .apply(.add, .name("S"), .apply(.multiply, .integer(2), .name("pad"))),
        .name("k")),
      .name("stride")),
    .integer(1))

  static func bindings(_ sizes: [Dim], k: Dim, stride: Dim, pad: Dim) -> DimBindings {
    ["S": .pack(sizes), "k": .dim(k), "stride": .dim(stride), "pad": .dim(pad)]
  }

  @Test func `arithmetic on a pack is element-wise`() throws {
    let bindings = Self.bindings([28, 31], k: 5, stride: 2, pad: 1)
    #expect(try Self.convolved.evaluated(with: bindings).value == .pack([13, 15]))
  }

  @Test func `a derivation shows what was computed and nothing else`() {
    let plain = Self.bindings([28, 30], k: 5, stride: 1, pad: 0)
    #expect(Self.convolved.derivation(with: plain) == "28 - 5 + 1")
    #expect(Self.convolved.derivation(with: plain, axis: 1) == "30 - 5 + 1")
    let strided = Self.bindings([24], k: 3, stride: 2, pad: 1)
    #expect(Self.convolved.derivation(with: strided) == "(24 + 2 - 3) div 2 + 1")
    let flat = DimExpression.product(.name("S"))
    let pooled = Self.bindings([24], k: 2, stride: 2, pad: 0)
    #expect(Self.convolved.derivation(with: pooled) == "24 div 2")
    #expect(flat.derivation(with: ["S": .pack([20, 4, 4])]) == "20 * 4 * 4")
    #expect(Self.convolved.description == "(S + 2 * pad - k) div stride + 1")
  }

  @Test func `symbols stay in a derivation`() {
    let h = Dim(Symbol(id: 0, name: "H"))
    let bindings = Self.bindings([h - 4], k: 3, stride: 2, pad: 0)
    #expect(Self.convolved.derivation(with: bindings) == "(H - 4 - 3) div 2 + 1")
  }

  @Test func `an exact division requires that it divides`() throws {
    let heads = DimExpression.apply(.divide, .name("D"), .name("heads"))
    let d = Dim(Symbol(id: 0, name: "D"))
    let result = try heads.evaluated(with: ["D": .dim(d), "heads": .dim(8)])
    #expect(result.requirements == [.divides(d, by: 8)])
  }

  @Test func `what cannot be computed says why`() {
    #expect(throws: DimExpressionError.unknownName("S")) {
      try Self.convolved.evaluated(with: [:])
    }
    let sum = DimExpression.apply(.add, .name("S"), .name("T"))
    #expect(throws: DimExpressionError.packLengths(2, 3)) {
      try sum.evaluated(with: ["S": .pack([1, 2]), "T": .pack([1, 2, 3])])
    }
  }
}
