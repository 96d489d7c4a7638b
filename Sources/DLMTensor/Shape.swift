/// The length of each axis of a tensor, outermost first; `[]` is a scalar.
package struct Shape: Hashable, Sendable {
  package var dims: [Int]

  package init(_ dims: [Int]) { self.dims = dims }

  package var rank: Int { dims.count }

  /// The number of elements; a shape is only ever made with a product that fits (`checkedCount`).
  package var count: Int { dims.reduce(1, *) }

  /// Row-major strides in elements.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: dims.count)
    for axis in stride(from: dims.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * Swift.max(dims[axis + 1], 1)
    }
    return strides
  }

  /// The number of bytes that `elementType` needs for this shape.
  ///
  /// - Throws: `SizeError` where a dim is negative or the product does not fit an `Int`.
  package func checkedByteCount(of elementType: ElementType) throws(SizeError) -> Int {
    var count = elementType.byteCount
    for dim in dims {
      let (product, overflow) = count.multipliedReportingOverflow(by: dim)
      guard dim >= 0, !overflow else { throw SizeError(shape: self, elementType: elementType) }
      count = product
    }
    return count
  }

  package subscript(axis: Int) -> Int { dims[axis] }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  package init(arrayLiteral elements: Int...) { dims = elements }

  package var description: String { "[" + dims.map(String.init).joined(separator: ", ") + "]" }
}

/// A tensor too large to be addressed, or for which there is no memory.
package struct SizeError: Error, Hashable {
  package var shape: Shape
  package var elementType: ElementType
}
