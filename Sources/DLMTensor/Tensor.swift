import CDLMKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Aligned bytes with identity: what a variable, a batch or a result lives in.
///
/// Memory comes from C so that a failed allocation is an error and not the end of the process.
/// `@unchecked Sendable`: the owner of a storage hands it to one reader or writer at a time.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Zeroed memory of `byteCount` bytes, aligned to a cache line, padded to a whole one.
  package init(byteCount: Int, for shape: Shape, of elementType: ElementType) throws(SizeError) {
    var raw: UnsafeMutableRawPointer?
    let (padded, overflow) = byteCount.addingReportingOverflow(127)
    guard !overflow, posix_memalign(&raw, 64, padded & ~63) == 0, let raw else {
      throw SizeError(shape: shape, elementType: elementType)
    }
    memset(raw, 0, padded & ~63)
    pointer = raw
    self.byteCount = byteCount
  }

  deinit { free(pointer) }
}

/// A row-major array of elements on the host.
package struct Tensor: @unchecked Sendable {
  package let elementType: ElementType
  package let shape: Shape
  package let storage: Storage

  /// A tensor of zeros.
  ///
  /// - Throws: `SizeError` where there is no memory for it.
  package init(zeros shape: Shape, _ elementType: ElementType = .f32) throws(SizeError) {
    self.elementType = elementType
    self.shape = shape
    storage = try Storage(
      byteCount: shape.checkedByteCount(of: elementType), for: shape, of: elementType)
  }

  /// A tensor whose row-major elements are `values`, converted to `elementType`.
  package init(_ values: [Double], shape: Shape, _ elementType: ElementType = .f32)
    throws(SizeError)
  {
    precondition(values.count == shape.count, "as many values as the shape has elements")
    try self.init(zeros: shape, elementType)
    for (index, value) in values.enumerated() { self[index] = value }
  }

  package var count: Int { shape.count }

  /// The element at row-major `index`, converted to and from a double.
  package subscript(index: Int) -> Double {
    get { elementType.load(storage.pointer, at: index) }
    nonmutating set { elementType.store(newValue, to: storage.pointer, at: index) }
  }

  /// All elements in row-major order.
  package var values: [Double] { (0..<count).map { self[$0] } }
}

extension ElementType {
  /// The element at `index` of an array at `pointer`, as a double.
  package func load(_ pointer: UnsafeRawPointer, at index: Int) -> Double {
    switch self {
    case .f32: Double(pointer.load(fromByteOffset: 4 * index, as: Float.self))
    case .f64: pointer.load(fromByteOffset: 8 * index, as: Double.self)
    case .i32: Double(pointer.load(fromByteOffset: 4 * index, as: Int32.self))
    case .i64: Double(pointer.load(fromByteOffset: 8 * index, as: Int64.self))
    case .u8, .bool: Double(pointer.load(fromByteOffset: index, as: UInt8.self))
    case .f16, .bf16: dlm_half_load(pointer, self == .f16 ? 0 : 1, Int64(index))
    }
  }

  /// Writes `value` to `index` of an array at `pointer`. Integers are truncated towards zero and
  /// clamped to their range; a NaN becomes 0. A boolean is whether the value is not 0.
  package func store(_ value: Double, to pointer: UnsafeMutableRawPointer, at index: Int) {
    switch self {
    case .f32: pointer.storeBytes(of: Float(value), toByteOffset: 4 * index, as: Float.self)
    case .f64: pointer.storeBytes(of: value, toByteOffset: 8 * index, as: Double.self)
    case .i32:
      pointer.storeBytes(of: clamped(value), toByteOffset: 4 * index, as: Int32.self)
    case .i64:
      pointer.storeBytes(of: clamped(value), toByteOffset: 8 * index, as: Int64.self)
    case .u8: pointer.storeBytes(of: clamped(value), toByteOffset: index, as: UInt8.self)
    case .bool:
      pointer.storeBytes(of: value != 0 ? 1 : 0, toByteOffset: index, as: UInt8.self)
    case .f16, .bf16: dlm_half_store(pointer, self == .f16 ? 0 : 1, Int64(index), value)
    }
  }

  private func clamped<T: FixedWidthInteger>(_ value: Double) -> T {
    if value.isNaN { return 0 }
    if value >= Double(T.max) { return .max }
    if value <= Double(T.min) { return .min }
    return T(value)
  }
}
