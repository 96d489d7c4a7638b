import DLMTensor
import Testing

@Suite struct HalfTests {
  private func stored(_ value: Double, _ type: ElementType) throws -> Double {
    try Tensor([value], shape: [1], type)[0]
  }

  @Test(arguments: [
    (1.0, 1.0), (1.0009765625, 1.0009765625), (1.00048828125, 1.0), (1.00146484375, 1.001953125),
    (65504, 65504), (65519, 65504), (65520, .infinity), (-70000, -.infinity), (0x1p-24, 0x1p-24),
    (0x1p-25, 0), (0x1.8p-25, 0x1p-24), (0x1p-14, 0x1p-14), (0x1.ff8p-15, 0x1.ff8p-15),
    (0x1.ffcp-15, 0x1p-14), (-0.1, -0x1.998p-4),
  ])
  func `f16 is the nearest of eleven leading bits`(_ value: Double, _ expected: Double) throws {
    #expect(try stored(value, .f16) == expected)
  }

  @Test(arguments: [
    (1.0, 1.0), (1.00390625, 1.0), (1.01171875, 1.015625), (3.14159, 3.140625), (3.4e38, .infinity),
    (-0x1p-130, -0x1p-130),
  ])
  func `bf16 is the nearest of eight leading bits`(_ value: Double, _ expected: Double) throws {
    #expect(try stored(value, .bf16) == expected)
  }

  @Test(arguments: [ElementType.f16, .bf16])
  func `every number of sixteen bits comes back as it is`(_ type: ElementType) throws {
    let all = try Tensor(zeros: [65536], type)
    for bits in 0..<65536 {
      all.storage.pointer.storeBytes(of: UInt16(bits), toByteOffset: 2 * bits, as: UInt16.self)
    }
    let again = try Tensor(all.values, shape: [65536], type)
    for bits in 0..<65536 where !all[bits].isNaN {
      let found = again.storage.pointer.load(fromByteOffset: 2 * bits, as: UInt16.self)
      #expect(found == UInt16(bits))
    }
    #expect(all.values.filter(\.isNaN).count == again.values.filter(\.isNaN).count)
  }
}
