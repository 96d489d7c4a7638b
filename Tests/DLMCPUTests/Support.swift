import DLMCPU
import DLMTensor
import DLMTestSupport
import Testing

/// Numbers that look random but are the same in every run.
struct Sequence64 {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var x = state
    x ^= x >> 33
    x = x &* 0xFF51_AFD7_ED55_8CCD
    return x ^ (x >> 33)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// A view of a slot of its own, and how to fill the slot.
struct Array_ {
  var type: ElementType
  var dims: [Int]
  var strides: [Int]
  var offset: Int
  var range: ClosedRange<Double>
  /// Where not empty, elements are drawn from these.
  var choices: [Double] = []

  init(
    _ dims: [Int], _ type: ElementType = .f32, strides: [Int]? = nil, offset: Int = 0,
    in range: ClosedRange<Double> = -1...1
  ) {
    self.type = type
    self.dims = dims
    self.strides = strides ?? Shape(dims).strides
    self.offset = offset
    self.range = range
  }

  /// The same elements, stored with axes in the order `order` (outermost first).
  func stored(_ order: [Int]) -> Array_ {
    var result = self
    let inner = Shape(order.map { dims[$0] }).strides
    for (position, axis) in order.enumerated() { result.strides[axis] = inner[position] }
    return result
  }

  /// Repeats the elements along `axes`.
  func broadcast(_ axes: [Int]) -> Array_ {
    var result = self
    for axis in axes { result.strides[axis] = 0 }
    return result
  }

  var elementCount: Int {
    var last = offset
    for (dim, stride) in zip(dims, strides) where dim > 0 && stride > 0 {
      last += (dim - 1) * stride
    }
    return last + 1
  }

  func view(slot: Int) -> View {
    View(.slot(slot), type, offset: offset, dims: dims, strides: strides)
  }

  func filled(seed: Int) throws -> Tensor {
    var numbers = Sequence64(seed)
    let tensor = try Tensor(zeros: [elementCount], type)
    for index in 0..<elementCount {
      if !choices.isEmpty {
        tensor[index] = choices[Int(numbers.next() % UInt64(choices.count))]
        continue
      }
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * numbers.unit()
      tensor[index] = type.isFloatingPoint ? value : value.rounded(.down)
    }
    return tensor
  }
}

/// What a backend makes of one instruction on the same inputs.
///
/// - Parameter replaced: the operand in whose place each result is written, instead of one of its own.
func outcome(
  of backend: any Backend, _ kernel: Kernel, _ operands: [Array_], _ results: [Array_],
  replacing replaced: [Int] = [], seed: UInt64 = 7, counter: UInt64 = 3
) throws -> [Tensor] {
  let arrays = operands + results
  let tensors = try arrays.enumerated().map { try $1.filled(seed: $0 + 1) }
  let slots =
    Array(operands.indices)
    + results.indices.map { replaced.isEmpty ? operands.count + $0 : replaced[$0] }
  let views = zip(arrays, slots).map { $0.view(slot: $1) }
  let instruction = Instruction(
    kernel, operands: Array(views.prefix(operands.count)),
    results: Array(views.suffix(results.count)), label: "test")
  let executable = try backend.prepare(
    Schedule(instructions: [instruction], arenaByteCount: 0, slotCount: arrays.count))
  let pointers = tensors.map(\.storage.pointer)
  try executable.run(slots: pointers, seed: seed, counter: counter)
  // A second run must not find anything left over from the first.
  try executable.run(slots: pointers, seed: seed, counter: counter)
  return slots.suffix(results.count).map { tensors[$0] }
}

/// Expects every instruction set to agree with the reference up to `tolerance` (relative to the
/// largest element), and one thread with two to the last bit.
func expectAgreement(
  _ kernel: Kernel, _ operands: [Array_], _ results: [Array_], replacing replaced: [Int] = [],
  within tolerance: Double = 2e-6, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  func outcome(_ backend: any Backend) throws -> [Tensor] {
    try DLMCPUTests.outcome(of: backend, kernel, operands, results, replacing: replaced)
  }
  let expected = try outcome(ReferenceBackend())
  for isa in CPUBackend.testedKernels {
    let one = try outcome(CPUBackend(testing: isa, threads: 1))
    let two = try outcome(CPUBackend(testing: isa, threads: 2))
    for (index, tensor) in expected.enumerated() {
      let largest = tensor.values.lazy.map(abs).filter(\.isFinite).max() ?? 0
      var worst = 0.0
      var place = -1
      for element in 0..<tensor.count {
        let (a, b) = (tensor[element], one[index][element])
        if a == b || (a.isNaN && b.isNaN) { continue }
        let error = (a - b).isFinite ? abs(a - b) / max(largest, 1) : .infinity
        if error > worst { (worst, place) = (error, element) }
      }
      #expect(
        worst <= tolerance,
        "\(isa) \(kernel): element \(place) is \(place < 0 ? 0 : one[index][place]), not \(place < 0 ? 0 : tensor[place])",
        sourceLocation: sourceLocation)
      #expect(
        bits(one[index]) == bits(two[index]), "\(isa) \(kernel): threads change the result",
        sourceLocation: sourceLocation)
    }
  }
}

func bits(_ tensor: Tensor) -> [UInt8] {
  Array(
    UnsafeRawBufferPointer(start: tensor.storage.pointer, count: tensor.storage.byteCount))
}
