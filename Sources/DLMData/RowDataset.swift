import DLMTensor

/// Arrays in memory that agree in their number of rows, the leading axis of each.
package struct RowDataset: Sendable {
  package struct Field: Sendable {
    package var name: String
    /// All rows, `[rows, ...]`.
    package var tensor: Tensor

    package init(_ name: String, _ tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }

    /// The shape of one row.
    package var rowShape: Shape { Shape(Array(tensor.shape.dims.dropFirst())) }
    /// Bytes of one row.
    package var rowByteCount: Int { rowShape.count * tensor.elementType.byteCount }
  }

  package let fields: [Field]
  package let rowCount: Int

  /// A data set of at least one field, all with the same number of rows.
  package init(_ fields: [Field]) {
    let counts = Set(fields.map { $0.tensor.shape.dims.first })
    guard counts.count == 1, let rowCount = counts.first ?? nil else {
      preconditionFailure("the fields of a data set have a common leading axis")
    }
    self.fields = fields
    self.rowCount = rowCount
  }

  /// The tensor of the field named `name`.
  package subscript(name: String) -> Tensor? { fields.first { $0.name == name }?.tensor }
}
