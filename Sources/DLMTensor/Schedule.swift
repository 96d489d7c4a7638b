/// Where the bytes of a view are.
package enum Buffer: Hashable, Sendable {
  /// Bytes of the plan's own arena, from `byteOffset` (a multiple of 64).
  case arena(byteOffset: Int)
  /// A pointer that whoever runs the plan supplies: variables, batches, results.
  case slot(Int)
}

/// A strided window on a buffer; stride 0 repeats an element along its axis.
package struct View: Hashable, Sendable {
  package var buffer: Buffer
  package var elementType: ElementType
  /// Elements from the start of the buffer to the first element.
  package var offset: Int
  package var dims: [Int]
  /// Elements from one index to the next along each axis; may be 0 or negative.
  package var strides: [Int]

  package init(
    _ buffer: Buffer, _ elementType: ElementType, offset: Int = 0, dims: [Int], strides: [Int]
  ) {
    precondition(dims.count == strides.count, "a stride for every axis")
    self.buffer = buffer
    self.elementType = elementType
    self.offset = offset
    self.dims = dims
    self.strides = strides
  }

  /// A row-major view of the whole of `buffer`.
  package init(rowMajor buffer: Buffer, _ elementType: ElementType, _ shape: Shape) {
    self.init(buffer, elementType, dims: shape.dims, strides: shape.strides)
  }

  package var count: Int { dims.reduce(1, *) }
}

/// One call of a kernel.
package struct Instruction: Hashable, Sendable {
  package var kernel: Kernel
  package var operands: [View]
  package var results: [View]
  /// What a profile calls it: the operators it came from.
  package var label: String
  /// Line of the program that it comes from, from 1 on; 0 where none is known.
  package var line: Int

  package init(
    _ kernel: Kernel, operands: [View], results: [View], label: String, line: Int = 0
  ) {
    self.kernel = kernel
    self.operands = operands
    self.results = results
    self.label = label
    self.line = line
  }
}

/// Kernel calls in order, over one arena and some slots: all that a backend is told.
package struct Schedule: Hashable, Sendable {
  package var instructions: [Instruction]
  package var arenaByteCount: Int
  package var slotCount: Int
  /// So many of the first instructions give the same at every run, and what others read of it stays in the
  /// arena: only the first run needs them.
  package var fixedCount: Int

  package init(
    instructions: [Instruction], arenaByteCount: Int, slotCount: Int, fixedCount: Int = 0
  ) {
    self.instructions = instructions
    self.arenaByteCount = arenaByteCount
    self.slotCount = slotCount
    self.fixedCount = fixedCount
  }
}
