import CDLMKernels
import DLMTensor

extension Preparation {
  /// One step for all links of a chain, and what is left to do of reductions over rows; nil where a
  /// link has no kernel.
  mutating func steps(of chain: RowChain) -> [dlm_step]? {
    let block = chain.blockRows
    let blocks = (chain.rows + block - 1) / block
    var links: [dlm_step] = []
    var following: [dlm_step] = []
    var cost = 0.0
    for link in chain.links {
      guard let (step, stepCost, rest) = self.link(link, of: chain, block: block) else {
        return nil
      }
      links.append(step)
      cost += stepCost
      following += rest
    }
    let arguments = dlm_chain(links: self.arguments.copy(links), count: Int64(links.count))
    return [step(dlm_chain_run, arguments, units: blocks, cost: cost)] + following
  }

  /// A link as a step whose units are those of one block, what it costs in all, and what follows
  /// the chain.
  private mutating func link(_ link: RowChain.Link, of chain: RowChain, block: Int)
    -> (dlm_step, cost: Double, following: [dlm_step])?
  {
    switch link.kind {
    case .map(let program):
      guard
        var (step, cost) = mapRows(
          program, link.operands, link.results, unit: block * (link.results[0].count / chain.rows))
      else { return nil }
      step.units = 1
      return (step, cost, [])
    case .alongRows(let reduction, let program):
      let reduced = link.operands[0].count / chain.rows
      guard
        var (step, cost) = reduceStep(
          reduction, program, link.operands,
          link.results.map { $0.droppingAxes(from: link.rowAxes) },
          isInner: true, kept: chain.rows, reduced: reduced, block: block, chunk: max(reduced, 1))
      else { return nil }
      step.units = 1
      return (step, cost, [])
    case .overRows(let reduction, let program):
      return overRows(reduction, program, link, rows: chain.rows, block: block)
    }
  }

  private mutating func overRows(
    _ reduction: Reduction, _ program: ScalarProgram, _ link: RowChain.Link, rows: Int, block: Int
  ) -> (dlm_step, cost: Double, following: [dlm_step])? {
    let kept = link.operands[0].count / rows
    let blocks = (rows + block - 1) / block
    let width = min(kept, Int(DLM_TILE))
    let dims = Array(link.operands[0].dims[link.rowAxes...])
    let results = link.results.map { result in
      var result = result
      (result.dims, result.strides) = (dims, Shape(dims).strides)
      return result
    }
    let sums =
      blocks == 1 ? results : results.map { _ in takeShared(program.domain, dims: [blocks] + dims) }
    guard
      var (step, cost) = reduceStep(
        reduction, program, link.operands, sums, isInner: false, kept: kept, reduced: rows,
        block: width, chunk: block)
    else { return nil }
    step.units = Int64((kept + width - 1) / width)
    guard blocks > 1 else { return (step, cost, []) }
    guard
      let (last, _) = reduceStep(
        reduction, .passing(sums.count, domain: program.domain), sums, results, isInner: false,
        kept: kept, reduced: blocks, block: width, chunk: blocks)
    else { return nil }
    return (step, cost, [last])
  }
}

extension Memory {
  /// Without the axes from `first` on, which have length 1.
  fileprivate func droppingAxes(from first: Int) -> Memory {
    var memory = self
    (memory.dims, memory.strides) = (Array(dims[..<first]), Array(strides[..<first]))
    return memory
  }
}
