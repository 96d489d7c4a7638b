import DLMTensor

/// An array as NumPy saves it: a header of text, then the elements.
///
/// - Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package struct NPYFile: Sendable {
  package let path: String
  package let shape: Shape
  /// What the elements become: the nearest type that there is here.
  package let elementType: ElementType
  private let bytes: [UInt8]
  private let code: String
  private let isFortran: Bool
  private let start: Int

  /// - Throws: `DataError` where it is no such file, its elements have no counterpart here, or its size
  ///   is not what the header says.
  package init(_ path: String) throws(DataError) {
    self.path = path
    bytes = try WholeFile.bytes(path)
    func wrong(_ reason: String) -> DataError {
      DataError(path: path, problem: .malformed(reason, line: nil))
    }
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count > 10 else {
      throw wrong("does not begin as a NumPy file does")
    }
    let wide = bytes[6] >= 2
    guard bytes.count >= (wide ? 12 : 10) else { throw wrong("breaks off in its header") }
    let count =
      wide
      ? Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
      : Int(bytes[8]) | Int(bytes[9]) << 8
    start = (wide ? 12 : 10) + count
    guard start <= bytes.count else { throw wrong("breaks off in its header") }
    let header = String(decoding: bytes[(wide ? 12 : 10)..<start], as: UTF8.self)
    guard let descr = header.quoted(after: "descr"), let dims = header.tuple(after: "shape") else {
      throw wrong("has a header without `descr` or `shape`; arrays of records cannot be read")
    }
    isFortran = header.word(after: "fortran_order") == "True"
    code = descr
    guard let type = Self.types[descr.filter { $0 != "<" && $0 != "|" && $0 != "=" }] else {
      throw wrong(
        descr.hasPrefix(">")
          ? "has big-endian elements; save `x.astype('<f4')`"
          : "has elements of type `\(descr)`, which cannot be read")
    }
    elementType = type
    shape = Shape(dims)
    let width = Int(String(code.filter(\.isNumber))) ?? 1
    guard let total = try? shape.checkedByteCount(of: .u8).multipliedReportingOverflow(by: width),
      !total.overflow
    else { throw DataError(path: path, problem: .tooLarge(shape: shape)) }
    guard bytes.count - start == total.partialValue else {
      throw DataError(
        path: path, problem: .truncated(has: bytes.count - start, needs: total.partialValue))
    }
  }

  private static let types: [String: ElementType] = [
    "f2": .f32, "f4": .f32, "f8": .f64, "i1": .i32, "i2": .i32, "i4": .i32, "i8": .i64, "u1": .u8,
    "u2": .i32, "u4": .i64, "b1": .bool,
  ]

  /// The elements, row-major.
  ///
  /// - Throws: `SizeError` where there is no memory for them.
  package func tensor() throws(SizeError) -> Tensor {
    let width = Int(String(code.filter(\.isNumber))) ?? 1
    var values: [Double] = []
    values.reserveCapacity(shape.count)
    bytes.withUnsafeBytes { raw in
      for index in 0..<shape.count { values.append(element(raw, start + index * width)) }
    }
    if isFortran, shape.rank > 1 { values = transposed(values) }
    return try Tensor(values, shape: shape, elementType)
  }

  private func element(_ raw: UnsafeRawBufferPointer, _ offset: Int) -> Double {
    switch code.drop(while: { $0 == "<" || $0 == "|" || $0 == "=" }) {
    case "f4": Double(raw.loadUnaligned(fromByteOffset: offset, as: Float.self))
    case "f8": raw.loadUnaligned(fromByteOffset: offset, as: Double.self)
    case "i1": Double(Int8(bitPattern: raw[offset]))
    case "i2": Double(raw.loadUnaligned(fromByteOffset: offset, as: Int16.self))
    case "i4": Double(raw.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    case "i8": Double(raw.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    case "u2": Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    case "u4": Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    case "f2": Self.half(raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    default: Double(raw[offset])
    }
  }

  /// A number of 16 bits: sign, five of exponent, ten of fraction.
  /// - Source: IEEE 754-2019, binary16
  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023) / 1024
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    let scale = Double(sign: .plus, exponent: exponent == 0 ? -14 : exponent - 15, significand: 1)
    return sign * scale * (exponent == 0 ? fraction : 1 + fraction)
  }

  /// Elements whose first axis runs fastest, with the last one fastest.
  private func transposed(_ values: [Double]) -> [Double] {
    var result = values
    var index = [Int](repeating: 0, count: shape.rank)
    for target in values.indices {
      var source = 0
      for axis in shape.dims.indices.reversed() { source = source * shape[axis] + index[axis] }
      result[target] = values[source]
      for axis in shape.dims.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }
}

extension String {
  private func rest(after key: String) -> Substring? {
    guard let range = firstRange(of: "'\(key)'") else { return nil }
    return self[range.upperBound...].drop { $0 == ":" || $0 == " " }
  }

  /// `'<f4'` of `'descr': '<f4'`.
  fileprivate func quoted(after key: String) -> String? {
    guard let rest = rest(after: key), rest.first == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != "'" })
  }

  fileprivate func word(after key: String) -> String? {
    rest(after: key).map { String($0.prefix { $0.isLetter }) }
  }

  /// `(2, 3)` as numbers.
  fileprivate func tuple(after key: String) -> [Int]? {
    guard let rest = rest(after: key), rest.first == "(" else { return nil }
    let inside = rest.dropFirst().prefix { $0 != ")" }
    let parts = inside.split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }
    let numbers = parts.compactMap { Int($0) }
    return numbers.count == parts.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
  }
}
