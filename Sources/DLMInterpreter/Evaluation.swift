import DLMData
import DLMFrontend
import DLMGraph
import DLMShapes
import DLMSyntax
import DLMTensor

/// An `eval` that has been recorded for batches of one size.
struct Evaluation {
  struct Key: Hashable {
    var place: Span
    var rows: Int
  }

  let step: RecordedStep
  let metrics: [Metric]

  struct Metric {
    var name: String
    var variable: Variable
    var isLoss: Bool
  }
}

extension Training {
  /// Averages what `body` logs over all rows of `split`, and leaves it as `test.acc` in the block.
  func evaluate(_ split: DataSplit, _ body: Block, in frame: inout Frame) throws {
    let dataset = try rows(of: split, body)
    let batchSize = min(DataSplit.evaluationRows, max(1, dataset.rowCount))
    let loader = try BatchLoader(dataset, batchSize: batchSize)
    var sums: [Double] = []
    var rows = 0
    var metrics: [Evaluation.Metric] = []
    while let batch = loader.next() {
      let evaluation = try recorded(split, dataset, body, rows: batch.rowCount, in: frame)
      try reporting {
        try evaluation.step.run(on: batch, seed: seed, counter: UInt64(position.step))
      }
      metrics = evaluation.metrics
      if sums.isEmpty { sums = metrics.map { _ in 0 } }
      for (index, metric) in metrics.enumerated() {
        sums[index] += metric.variable.tensor[0] * Double(batch.rowCount)
      }
      rows += batch.rowCount
      if session.options.isSmoke { break }
    }
    let means = zip(metrics, sums).map { metric, sum in
      RunEvent.Metric(name: metric.name, value: sum / Double(rows))
    }
    let found = Value.record(means.map { ($0.name, .number($0.value)) })
    evaluator.publish(found, of: split, in: frame)
    for metric in metrics where metric.isLoss {
      lossMetrics.insert("\(split.title).\(metric.name)")
    }
    let named = means.map {
      RunEvent.Metric(name: "\(split.title).\($0.name)", value: $0.value)
    }
    lastEvaluated.removeAll { old in named.contains { $0.name == old.name } }
    lastEvaluated += named
    session.send(.evaluated(position, split: split.title, means))
  }

  private func rows(of split: DataSplit, _ body: Block) throws -> RowDataset {
    let name = "\(split.dataset.name).\(split.name)"
    if let known = evaluated[name] { return known }
    do {
      let rows = try split.rows()
      evaluated[name] = rows
      return rows
    } catch let problem as DataProblem {
      throw Failure(.dataProblem(problem, frame.label(body.span)))
    }
  }

  private func recorded(
    _ split: DataSplit, _ dataset: RowDataset, _ body: Block, rows: Int, in frame: Frame
  ) throws -> Evaluation {
    let key = Evaluation.Key(place: body.span, rows: rows)
    if let known = evaluations[key] { return known }
    var metrics: [Evaluation.Metric] = []
    let step = try machine.record(
      split, of: dataset, rows: rows, with: evaluator, in: frame, isTraining: false
    ) { inner in
      let outer = evaluator.logged
      evaluator.logged = []
      defer { evaluator.logged = outer }
      for statement in body.statements {
        var result: Value = .none
        try evaluator.walk(statement, &inner, result: &result)
      }
      metrics = try evaluator.logged.map { logged in
        let variable = Variable(path: logged.name, tensor: try Tensor(zeros: []))
        try machine.assign(try evaluator.handle(of: logged.value, inner), to: variable)
        return Evaluation.Metric(name: logged.name, variable: variable, isLoss: logged.isLoss)
      }
    }
    let evaluation = Evaluation(step: step, metrics: metrics)
    evaluations[key] = evaluation
    return evaluation
  }
}

extension DataSplit {
  /// All rows, read from their files.
  ///
  /// - Throws: `DataProblem`.
  func rows() throws -> RowDataset {
    guard let source = dataset.content as? any RowSource else {
      preconditionFailure("the provider of a run gives rows")
    }
    return try source.rows(of: name).stacking(dataset.fields)
  }
}
