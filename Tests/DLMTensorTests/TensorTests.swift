import Testing

@testable import DLMTensor

@Suite struct TensorTests {
  @Test func `a tensor that no memory holds is an error`() {
    #expect(throws: SizeError(shape: [Int.max, 2], elementType: .f32)) {
      try Tensor(zeros: [Int.max, 2])
    }
    #expect(throws: SizeError.self) { try Tensor(zeros: [1 << 46]) }
  }

  @Test(arguments: ElementType.allCases)
  func `elements are stored and read back`(_ type: ElementType) throws {
    let tensor = try Tensor([0, 1, 200], shape: [3], type)
    #expect(tensor.values == (type == .bool ? [0, 1, 1] : [0, 1, 200]))
  }

  @Test func `integers are clamped to their range`() throws {
    #expect(try Tensor([-3, 300, .nan], shape: [3], .u8).values == [0, 255, 0])
    #expect(try Tensor([1e12], shape: [1], .i32).values == [Double(Int32.max)])
  }
}
