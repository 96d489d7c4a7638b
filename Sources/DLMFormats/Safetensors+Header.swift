import DLMTensor

extension Safetensors.Header {
  /// Parses and checks the `json` of a file whose data is `dataByteCount` long.
  ///
  /// The tensors' ranges must cover the data exactly once: a file that hides bytes, or shows the
  /// same ones twice, is refused.
  ///
  /// - Parameter path: the file, for the error.
  init(json: [UInt8], dataOffset: Int, dataByteCount: Int, path: String)
    throws(SafetensorsError)
  {
    self.init(entries: [], metadata: [:], dataOffset: dataOffset)
    func fail(_ problem: SafetensorsError.Problem) -> SafetensorsError {
      SafetensorsError(path: path, problem: problem)
    }
    var parser = HeaderParser(json)
    let parsed: [RawEntry]
    do throws(JSONError) {
      (parsed, metadata) = try parser.parse()
    } catch {
      throw fail(.json(error))
    }
    var names: Set<String> = []
    for raw in parsed {
      guard names.insert(raw.name).inserted else { throw fail(.duplicate(tensor: raw.name)) }
      do throws(RawEntry.Rejection) {
        entries.append(try raw.checked())
      } catch {
        throw fail(error.problem)
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw fail(
          .notContiguous(tensor: entry.name, begins: entry.range.lowerBound, expected: end))
      }
      end = entry.range.upperBound
    }
    let (fileEnd, overflow) = dataOffset.addingReportingOverflow(end)
    if overflow || end > dataByteCount {
      let needs = overflow ? Int.max : fileEnd
      throw fail(.tooShort(has: dataOffset + dataByteCount, needs: needs))
    }
    if end < dataByteCount { throw fail(.unusedBytes(dataByteCount - end)) }
  }
}

/// A tensor's fields as they stand in the header.
private struct RawEntry {
  struct Rejection: Error { var problem: SafetensorsError.Problem }

  var name: String
  var type = ""
  var dims: [Int] = []
  var offsets: [Int] = []

  func checked() throws(Rejection) -> Safetensors.Entry {
    guard let type = ElementType(safetensorsName: type) else {
      throw Rejection(problem: .unsupportedType(tensor: name, name: type))
    }
    let shape = Shape(dims)
    // Strides multiply the other axes even where one is 0, so those must fit as well.
    let needs: Int
    do throws(SizeError) {
      _ = try Shape(dims.map { max($0, 1) }).checkedByteCount(of: type)
      needs = try shape.checkedByteCount(of: type)
    } catch {
      throw Rejection(problem: .shapeTooLarge(tensor: name, shape: shape))
    }
    // Natural numbers, so the difference cannot overflow.
    let bytes = offsets[1] - offsets[0]
    guard bytes == needs else {
      throw Rejection(problem: .wrongLength(tensor: name, bytes: bytes, needs: needs))
    }
    return Safetensors.Entry(
      name: name, elementType: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}

private struct HeaderParser {
  private var scanner: JSONScanner

  init(_ json: [UInt8]) { scanner = JSONScanner(json) }

  /// `{ name: tensor, … }`, where one name may be `__metadata__`.
  mutating func parse() throws(JSONError) -> ([RawEntry], [String: String]) {
    var entries: [RawEntry] = []
    var metadata: [String: String]?
    try scanner.expect("{")
    if !scanner.take("}") {
      repeat {
        let offset = scanner.offset
        let name = try scanner.string()
        try scanner.expect(":")
        if name == Safetensors.metadataName {
          guard metadata == nil else {
            throw JSONError(offset: offset, problem: .expected("`\(name)` once"))
          }
          metadata = try parseMetadata()
        } else {
          entries.append(try parseEntry(name))
        }
      } while scanner.take(",")
      try scanner.expect("}")
    }
    try scanner.expectEnd()
    return (entries, metadata ?? [:])
  }

  /// `{ "dtype": string, "shape": naturals, "data_offsets": [begin, end] }`, in any order.
  private mutating func parseEntry(_ name: String) throws(JSONError) -> RawEntry {
    var entry = RawEntry(name: name)
    var open: Set<String> = ["dtype", "shape", "data_offsets"]
    try scanner.expect("{")
    repeat {
      let offset = scanner.offset
      let key = try scanner.string()
      guard open.remove(key) != nil else {
        let names = open.sorted().map { "`\($0)`" }.joined(separator: ", ")
        throw JSONError(offset: offset, problem: .expected(names.isEmpty ? "`}`" : names))
      }
      try scanner.expect(":")
      switch key {
      case "dtype": entry.type = try scanner.string()
      case "shape": entry.dims = try scanner.naturals()
      default:
        entry.offsets = try scanner.naturals()
        guard entry.offsets.count == 2 else {
          throw JSONError(offset: offset, problem: .expected("two offsets"))
        }
      }
    } while scanner.take(",")
    if let missing = open.sorted().first {
      throw JSONError(offset: scanner.offset, problem: .expected("`\(missing)`"))
    }
    try scanner.expect("}")
    return entry
  }

  private mutating func parseMetadata() throws(JSONError) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.expect("{")
    if scanner.take("}") { return metadata }
    repeat {
      let offset = scanner.offset
      let key = try scanner.string()
      try scanner.expect(":")
      guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
        throw JSONError(offset: offset, problem: .expected("each key once"))
      }
    } while scanner.take(",")
    try scanner.expect("}")
    return metadata
  }
}

extension Safetensors {
  static let metadataName = "__metadata__"
}
