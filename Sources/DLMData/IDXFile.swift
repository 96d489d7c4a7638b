import DLMTensor

/// A file of one array: two zero bytes, the element type, the number of axes, the axes' lengths
/// and the elements, row-major, all numbers big-endian; packed with gzip or not.
///
/// - Source: http://yann.lecun.com/exdb/mnist
package struct IDXFile: Hashable, Sendable {
  package let path: String
  package let elementType: ElementType
  package let shape: Shape

  /// Reads the header of the file at `path` and no element.
  ///
  /// Of a packed file, as much is unpacked as the header needs. An unpacked file has its size
  /// compared with the header at once.
  ///
  /// - Throws: `DataError` where the file is missing or is not what its header says.
  package init(_ path: String) throws(DataError) {
    let reader = try ContentReader(path, inputSize: 1 << 12)
    try self.init(reader)
  }

  /// Reads the elements of the file at `path`, in the byte order of this machine.
  ///
  /// Memory is taken when the size of the content is known to be what the header says, or when it
  /// is stated to be and is not much larger than the packed file.
  ///
  /// - Parameter reshaped: the shape of the result for that of the file, with as many elements.
  /// - Throws: `DataError` where header, elements and size of the file disagree.
  package static func load(
    _ path: String, reshaped: (Shape) -> Shape = { $0 }
  ) throws(DataError) -> Tensor {
    var reader = try ContentReader(path)
    let file = try IDXFile(reader)
    if reader.isPacked, try !file.isCredible(reader) {
      try file.measure(reader)
      reader = try ContentReader(path)
      _ = try IDXFile(reader)
    }
    return try file.readElements(reader, as: reshaped(file.shape))
  }

  /// Bytes of the header.
  var headerByteCount: Int { 4 + 4 * shape.rank }
  /// Bytes of the elements; the initializer has seen that they fit an `Int`.
  var elementByteCount: Int { shape.count * elementType.byteCount }
  /// Bytes that the whole content must have.
  var byteCount: Int { headerByteCount + elementByteCount }
}

extension IDXFile {
  private init(_ reader: ContentReader) throws(DataError) {
    path = reader.path
    let magic = try Self.bytes(4, reader)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, magic[3] > 0 else {
      throw DataError(path: path, problem: .notIDX(firstBytes: magic))
    }
    guard let type = ElementType(code: magic[2]) else {
      let isKnown = [0x09, 0x0B].contains(magic[2])
      throw DataError(
        path: path,
        problem: isKnown ? .unsupportedElement(code: magic[2]) : .notIDX(firstBytes: magic))
    }
    elementType = type
    let axes = try Self.bytes(4 * Int(magic[3]), reader)
    guard axes.count == 4 * Int(magic[3]) else {
      throw DataError(
        path: path, problem: .truncated(has: 4 + axes.count, needs: 4 + 4 * Int(magic[3])))
    }
    shape = Shape(
      stride(from: 0, to: axes.count, by: 4).map { start in
        axes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      })
    // Strides multiply the other axes even where one is 0, so those must fit as well.
    let elementBytes = try? Shape(shape.dims.map { max($0, 1) }).checkedByteCount(of: type)
    guard let elementBytes, elementBytes < .max - axes.count - 4 else {
      throw DataError(path: path, problem: .tooLarge(shape: shape))
    }
    if !reader.isPacked { try compare(size: reader.storedByteCount) }
  }

  private func compare(size: Int) throws(DataError) {
    if size < byteCount {
      throw DataError(path: path, problem: .truncated(has: size, needs: byteCount))
    }
    if size > byteCount {
      throw DataError(
        path: path, problem: .trailing(bytes: size - byteCount, needs: byteCount))
    }
  }

  /// Whether the packed file states the size that the header needs, and could not make us take
  /// more memory than 64 times its own size if it lied twice.
  private func isCredible(_ reader: ContentReader) throws(DataError) -> Bool {
    let stated = try reader.statedSize()
    return stated == UInt32(truncatingIfNeeded: byteCount)
      && byteCount / 64 <= reader.storedByteCount
  }

  /// Unpacks everything once without keeping it.
  private func measure(_ reader: ContentReader) throws(DataError) {
    let rest = try reader.skip()
    try compare(size: headerByteCount + rest)
  }

  private func readElements(
    _ reader: ContentReader, as shape: Shape
  ) throws(DataError) -> Tensor {
    precondition(shape.count == self.shape.count, "another shape of the same elements")
    let tensor: Tensor
    do throws(SizeError) {
      tensor = try Tensor(zeros: shape, elementType)
    } catch {
      throw DataError(path: path, problem: .outOfMemory(shape: shape))
    }
    let buffer = UnsafeMutableRawBufferPointer(
      start: tensor.storage.pointer, count: elementByteCount)
    let count = try reader.read(into: buffer)
    // Asking for more is what makes the end of a packed file be checked against its checksum.
    let rest = count < buffer.count ? 0 : try reader.skip()
    try compare(size: headerByteCount + count + rest)
    tensor.swapBytes()
    return tensor
  }

  private static func bytes(
    _ count: Int, _ reader: ContentReader
  ) throws(DataError) -> [UInt8] {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { bytes.deallocate() }
    return Array(bytes[..<(try reader.read(into: bytes))])
  }
}

extension ElementType {
  /// The type that the format calls `code`.
  fileprivate init?(code: UInt8) {
    switch code {
    case 0x08: self = .u8
    case 0x0C: self = .i32
    case 0x0D: self = .f32
    case 0x0E: self = .f64
    default: return nil
    }
  }
}

extension Tensor {
  /// Turns elements from big-endian to the byte order of this machine.
  fileprivate func swapBytes() {
    let bytes = UnsafeMutableRawBufferPointer(
      start: storage.pointer, count: count * elementType.byteCount)
    switch elementType.byteCount {
    case 4:
      let words = bytes.bindMemory(to: UInt32.self)
      for index in words.indices { words[index] = UInt32(bigEndian: words[index]) }
    case 8:
      let words = bytes.bindMemory(to: UInt64.self)
      for index in words.indices { words[index] = UInt64(bigEndian: words[index]) }
    default: break
    }
  }
}
