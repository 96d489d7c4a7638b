import DLMData
import DLMFrontend
import DLMGraph
import DLMTensor

/// A walk that has been recorded and planned for batches of one size: a step, or an evaluation.
struct RecordedStep {
  let plan: Plan
  /// The fields of the batch, in the order of the data set's.
  let fields: [Variable]

  /// Runs it on `batch`. Nothing is allocated.
  func run(on batch: Batch, seed: UInt64, counter: UInt64) throws(ExecutionError) {
    let tensors = batch.tensors
    for index in fields.indices { fields[index].tensor = tensors[index] }
    try plan.run(seed: seed, counter: counter)
  }
}

extension GraphMachine {
  /// Records what `body` walks with `rows` rows of `split` in scope, and plans it.
  ///
  /// - Parameter dataset: the rows that the fields will be taken from.
  func record(
    _ split: DataSplit, of dataset: RowDataset, rows: Int, with evaluator: Evaluator,
    in frame: Frame, isTraining: Bool, checking: (Graph) throws -> Void = { _ in },
    _ body: (inout Frame) throws -> Void
  ) throws -> RecordedStep {
    let (graph, fields) = try recordedGraph(
      split, of: dataset, rows: rows, with: evaluator, in: frame, isTraining: isTraining, body)
    try checking(graph)
    return RecordedStep(plan: try plan(graph), fields: fields)
  }

  /// The graph of a step for another number of rows; it is not planned.
  func graph(
    of split: DataSplit, _ dataset: RowDataset, rows: Int, with evaluator: Evaluator,
    in frame: Frame, _ body: (inout Frame) throws -> Void
  ) throws -> Graph {
    try recordedGraph(
      split, of: dataset, rows: rows, with: evaluator, in: frame, isTraining: false, body
    ).graph
  }

  /// What `body` walks, with the fields that it reads; it is not planned.
  func recordedGraph(
    _ split: DataSplit, of dataset: RowDataset, rows: Int, with evaluator: Evaluator,
    in frame: Frame, isTraining: Bool, _ body: (inout Frame) throws -> Void
  ) throws -> (graph: Graph, fields: [Variable]) {
    let fields = try dataset.fields.map { field in
      Variable(
        path: field.name,
        tensor: try Tensor(
          zeros: Shape([rows] + field.rowShape.dims), field.tensor.elementType))
    }
    let graph = try record {
      try evaluator.step {
        var inner = try evaluator.batch(
          of: split, rows: rows, in: frame, isTraining: isTraining
        ) { field in
          guard let variable = fields.first(where: { $0.path == field.name }) else { return nil }
          return try decoded(handle(of: variable), field)
        }
        try body(&inner)
      }
    }
    return (graph, fields)
  }

  func rows(of split: DataSplit) throws -> [Handle] {
    let rows = try split.rows()
    return try split.dataset.fields.map { field in
      guard let tensor = rows[field.name] else {
        preconditionFailure("a data set has the fields that its header has")
      }
      return try decoded(handle(of: Variable(path: field.name, tensor: tensor)), field)
    }
  }

  /// The tensor of a field from its raw numbers; what reals are stored as they stay.
  func decoded(_ raw: Handle, _ field: Dataset.Field) throws -> Handle {
    guard let (scale, shift) = field.transform else { return raw }
    let type = raw.elementType.isFloatingPoint ? raw.elementType : .f32
    let real = try apply(.cast, to: [raw], ["type": .elementType(type)])
    let scaled = try apply(.multiply, to: [real, constant([scale], dims: [], type)], [:])
    guard shift != 0 else { return scaled }
    return try apply(.add, to: [scaled, constant([shift], dims: [], type)], [:])
  }
}
