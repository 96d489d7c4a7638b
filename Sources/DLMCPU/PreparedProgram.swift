import CDLMKernels
import DLMTensor

/// A scalar program made into C instructions over an index space: constants apart, functions that follow
/// each other fused, a tile of scratch memory for every value that needs one.
struct PreparedProgram {
  private(set) var program = dlm_program()
  private(set) var tileCount = 0
  /// Nanoseconds an element takes on one thread, roughly.
  private(set) var cost = 0.0
  /// What is to be done first.
  var before: [dlm_step] = []

  private var domain: ElementType
  private var operations: [FusibleOperation] = []
  private var constants: [Double] = []

  private typealias Register = FusibleOperation.Register

  /// Bytes of a thread's scratch that running it takes.
  var scratchByteCount: Int { tileCount * DLM_TILE * domain.byteCount }

  /// - Parameters:
  ///   - space: operands, then results, with the index space's dims.
  ///   - kernels: those of the program's domain.
  ///   - writes: whether results are written to their memory; else the first is only evaluated.
  init(
    _ source: ScalarProgram, _ space: IndexSpace, kernels: dlm_kernels, writes: Bool,
    _ arguments: ArgumentMemory
  ) {
    domain = source.domain
    let inputs = Array(space.arrays.prefix(source.inputCount))
    let results = Array(space.arrays.dropFirst(source.inputCount))
    var outputs = translate(source)
    for index in outputs.indices {
      outputs[index] = savingInput(outputs[index], index, inputs, results)
    }

    program.rank = Int32(space.dims.count)
    fill(&program.dims, space.dims)
    program.input_count = Int32(inputs.count)
    program.constant_count = Int32(constants.count)
    program.instruction_count = Int32(operations.count)
    program.result_count = Int32(results.count)

    let periods = inputs.map { space.period(of: $0) }
    let period = operations.isEmpty ? 1 : periods.filter { $0 <= DLM_TILE }.max() ?? 1
    program.period = Int64(period)
    program.tile = Int64(DLM_TILE / period * period)

    let lastUse = lastUses(outputs)
    var free: [Int32] = []
    let inputOperands = inputs.map { memory in
      let access = self.access(memory, space)
      cost += access == dlm_strided ? 0.3 : access == dlm_periodic ? 0 : 0.03
      return dlm_operand(
        view: memory.view(), access: access, tile: access == dlm_direct ? 0 : newTile(&free),
        period: Int64(space.period(of: memory)))
    }
    let directResults = results.map { writes && access($0, space) == dlm_direct }
    var taken: Set<Int> = []
    var tiles: [Int32] = []
    var instructions: [dlm_instruction] = []
    for (index, operation) in operations.enumerated() {
      let direct = outputs.indices.first { result in
        outputs[result] == .operation(index) && directResults[result] && !taken.contains(result)
          && !inputs.indices.contains { input in
            inputOperands[input].access == dlm_direct
              && lastUse[.input(input), default: -1] > index
              && inputs[input].overlaps(results[result])
          }
      }
      if let direct { taken.insert(direct) }
      tiles.append(direct == nil ? newTile(&free) : 0)
      instructions.append(instruction(operation, kernels, direct: direct))
      cost += operation.cost
      for case .operation(let source) in Set(operation.sources)
      where lastUse[.operation(source)] == index && instructions[source].direct < 0 {
        free.append(tiles[source])
      }
    }
    let resultOperands = results.indices.map { index in
      cost += directResults[index] ? 0.03 : 0.3
      return dlm_operand(
        view: results[index].view(), access: directResults[index] ? dlm_direct : dlm_strided,
        tile: newTile(&free), period: 1)
    }
    program.inputs = arguments.copy(inputOperands)
    program.constants = packedConstants(arguments)
    program.instructions = arguments.copy(instructions)
    program.tiles = arguments.copy(tiles)
    program.results = arguments.copy(resultOperands)
    program.result_registers = arguments.copy(outputs.map(number))
  }

  /// Fills `operations` and `constants` from the steps that outputs need; returns the outputs.
  private mutating func translate(_ source: ScalarProgram) -> [Register] {
    let needed = source.neededSteps
    let uses = source.useCounts
    var registers: [Register] = (0..<source.inputCount).map { .input($0) }
    for (index, step) in source.steps.enumerated() {
      switch step {
      case .constant(let value):
        registers.append(.constant(constants.count))
        constants.append(value)
      case .apply(let function, let operands):
        registers.append(.operation(operations.count))
        guard needed[source.inputCount + index] else {
          registers[registers.count - 1] = .constant(0)
          continue
        }
        let isReadOnce = uses[source.inputCount + index] == 1
        let operation = FusibleOperation(function, operands.map { registers[$0] }, isReadOnce)
        operations.append(domain == .i64 ? operation : operation.fused(operations))
      }
    }
    return removeUnused(source.outputs.map { registers[$0] })
  }

  /// Drops operations that fusing left unused and renumbers the rest.
  private mutating func removeUnused(_ outputs: [Register]) -> [Register] {
    var used = Set(outputs)
    for (index, operation) in operations.enumerated().reversed()
    where used.contains(.operation(index)) { used.formUnion(operation.sources) }
    var numbers: [Register: Register] = [:]
    var kept: [FusibleOperation] = []
    for (index, operation) in operations.enumerated() where used.contains(.operation(index)) {
      numbers[.operation(index)] = .operation(kept.count)
      kept.append(operation)
      kept[kept.count - 1].sources = operation.sources.map { numbers[$0] ?? $0 }
    }
    operations = kept
    return outputs.map { numbers[$0] ?? $0 }
  }

  /// An input that becomes result `index` is copied first where writing another might destroy it.
  private mutating func savingInput(
    _ output: Register, _ index: Int, _ inputs: [Memory], _ results: [Memory]
  ) -> Register {
    guard case .input(let input) = output,
      results.indices.contains(where: { $0 != index && inputs[input].overlaps(results[$0]) })
    else { return output }
    operations.append(FusibleOperation(.identity, [output], false))
    return .operation(operations.count - 1)
  }

  private func lastUses(_ outputs: [Register]) -> [Register: Int] {
    var last: [Register: Int] = [:]
    for (index, operation) in operations.enumerated() {
      for source in operation.sources { last[source] = index }
    }
    for output in outputs { last[output] = operations.count }
    return last
  }

  private func access(_ memory: Memory, _ space: IndexSpace) -> dlm_access {
    if memory.elementType == domain && memory.isDense { return dlm_direct }
    if memory.strides.allSatisfy({ $0 == 0 }) { return dlm_scalar }
    let period = space.period(of: memory)
    guard period > 1, !operations.isEmpty else { return dlm_strided }
    if period <= DLM_TILE { return dlm_periodic }
    return memory.elementType == domain && space.isDenseInPeriod(memory)
      ? dlm_repeated : dlm_strided
  }

  private mutating func newTile(_ free: inout [Int32]) -> Int32 {
    if let tile = free.popLast() { return tile }
    tileCount += 1
    return Int32(tileCount - 1)
  }

  private func number(_ register: Register) -> Int32 {
    switch register {
    case .input(let index): Int32(index)
    case .constant(let index): program.input_count + Int32(index)
    case .operation(let index): program.input_count + program.constant_count + Int32(index)
    }
  }

  private func instruction(_ operation: FusibleOperation, _ kernels: dlm_kernels, direct: Int?)
    -> dlm_instruction
  {
    var result = dlm_instruction()
    result.op = kernels.ops[operation.number]
    result.direct = Int32(direct ?? -1)
    let sources = operation.sources.map(number)
    let first = sources[0]
    result.sources = (
      first, sources.count > 1 ? sources[1] : first, sources.count > 2 ? sources[2] : first,
      sources.count > 3 ? sources[3] : first
    )
    return result
  }

  /// Each constant repeated over `DLM_CONSTANT` bytes.
  private func packedConstants(_ arguments: ArgumentMemory) -> UnsafePointer<CChar> {
    var bytes: [UInt8] = []
    for constant in constants {
      let word: [UInt8] =
        switch domain {
        case .f32: withUnsafeBytes(of: Float(constant), Array.init)
        case .f64: withUnsafeBytes(of: constant, Array.init)
        case .i32, .i64, .u8, .bool, .f16, .bf16:
          withUnsafeBytes(of: Int64(exactly: constant.rounded(.towardZero)) ?? 0, Array.init)
        }
      for _ in 0..<Int(DLM_CONSTANT) / word.count { bytes += word }
    }
    return UnsafeRawPointer(arguments.copy(bytes)).assumingMemoryBound(to: CChar.self)
  }
}

extension ScalarProgram {
  /// Whether an output needs each register.
  fileprivate var neededSteps: [Bool] {
    var needed = [Bool](repeating: false, count: registerCount)
    for output in outputs { needed[output] = true }
    for (index, step) in steps.enumerated().reversed() where needed[inputCount + index] {
      if case .apply(_, let operands) = step { for operand in operands { needed[operand] = true } }
    }
    return needed
  }

  /// How often each register is used, outputs included; steps that nothing needs do not count.
  fileprivate var useCounts: [Int] {
    let needed = neededSteps
    var counts = [Int](repeating: 0, count: registerCount)
    for output in outputs { counts[output] += 1 }
    for (index, step) in steps.enumerated() where needed[inputCount + index] {
      if case .apply(_, let operands) = step { for operand in operands { counts[operand] += 1 } }
    }
    return counts
  }

  /// Whether it only passes its operand on.
  var isCopy: Bool { inputCount == 1 && outputs == [0] }
}
