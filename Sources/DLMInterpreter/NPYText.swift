/// An array as NumPy reads it.
///
/// - Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
enum NPYText {
  static func bytes(dims: [Int], values: [Double], isReal: Bool) -> [UInt8] {
    let shape = dims.map { "\($0), " }.joined()
    var header =
      "{'descr': '\(isReal ? "<f4" : "<i4")', 'fortran_order': False, 'shape': (\(shape)), }"
    // The elements begin at a multiple of 64.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
    for value in values {
      let bits = isReal ? Float(value).bitPattern : UInt32(bitPattern: Int32(value))
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
    }
    return bytes
  }
}
