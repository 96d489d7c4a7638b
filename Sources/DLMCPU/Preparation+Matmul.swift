import CDLMKernels
import DLMTensor

extension Preparation {
  mutating func matmul(_ epilogue: ScalarProgram?, _ operands: [Memory], _ results: [Memory])
    -> [dlm_step]?
  {
    let result = results[0]
    let rank = result.dims.count
    guard operands[0].elementType == .f32, operands[1].elementType == .f32,
      result.elementType == .f32, epilogue.map({ $0.domain == .f32 }) ?? true,
      rank - 2 <= DLM_RANK
    else { return nil }
    let (a, b) = (operands[0], operands[1])
    let (rows, columns) = (rank - 2, rank - 1)
    if result.strides[columns] == 1 || result.dims[columns] == 1 {
      return product(a, b, results, epilogue, Array(operands.dropFirst(2)))
    }
    // Without a place for whole rows, multiply elsewhere or the other way round; the epilogue follows.
    let swapped = Array(0..<rank - 2) + [columns, rows]
    let steps: [dlm_step]?
    var sum = result
    if result.strides[rows] == 1, !writesInPlace(results, operands.dropFirst(2)) {
      steps = product(
        b.permuted(swapped), a.permuted(swapped), [result.permuted(swapped)], nil, [])
    } else {
      sum = takeShared(dims: result.dims)
      steps = product(a, b, [sum], nil, [])
    }
    if epilogue == nil && result.strides[rows] == 1 { return steps }
    let rest = map(epilogue ?? .copy(), [sum] + operands.dropFirst(2), results)
    guard let steps, let rest else { return nil }
    return steps + rest
  }

  /// Whether a result of an epilogue lies where it reads something else than the product.
  private func writesInPlace(_ results: [Memory], _ extra: some Sequence<Memory>) -> Bool {
    extra.contains { operand in results.contains { operand.overlaps($0) } }
  }

  /// The product where rows of c are dense.
  private mutating func product(
    _ a: Memory, _ b: Memory, _ results: [Memory], _ epilogue: ScalarProgram?, _ extra: [Memory]
  ) -> [dlm_step]? {
    let c = results[0]
    let isApart = writesInPlace(results, extra)
    let rank = c.dims.count
    let batchAxes = Array(0..<rank - 2)
    let (m, n, k) = (c.dims[rank - 2], c.dims[rank - 1], a.dims[rank - 1])
    let batches = batchAxes.reduce(1) { $0 * c.dims[$1] }
    let (tileRows, tileColumns) = (Int(kernels.matmul_rows), Int(kernels.matmul_columns))
    var steps: [dlm_step] = []

    var arguments = dlm_matmul()
    arguments.rank = Int32(batchAxes.count)
    fill(&arguments.dims, batchAxes.map { c.dims[$0] })
    (arguments.m, arguments.n, arguments.k) = (Int64(m), Int64(n), Int64(k))
    arguments.c = c.view(axes: batchAxes)
    arguments.cm = Int64(c.strides[rank - 2])

    let rowPanels = (m + tileRows - 1) / tileRows
    let columnPanels = (n + tileColumns - 1) / tileColumns
    let blocks = ProductBlocks(
      rowPanels: rowPanels, columnPanels: columnPanels, batches: batches, tileRows: tileRows,
      // Sums that lie apart stay in the second cache, and what is made of them lies side by side.
      most: isApart ? max(2 * tileRows, 49_152 / n) : 132)
    let rowBlocks = blocks.rowBlocks
    let columnBlocks = (columnPanels + blocks.columnPanels - 1) / blocks.columnPanels
    let rowsOfUnit = blocks.rowPanels * tileRows
    arguments.row_block = Int64(rowsOfUnit)
    arguments.row_blocks = Int64(rowBlocks)
    arguments.column_block = Int64(blocks.columnPanels * tileColumns)
    arguments.column_blocks = Int64(columnBlocks)
    var scratch = Int(kernels.product_scratch)

    // Columns of b are read side by side. Several blocks of rows share one copy of b, as all places of a
    // loop do; few rows would not pay for one, if b can be read as it is.
    let isDense = n == 1 || b.strides[rank - 1] == 1
    let isHeld = isInvariant(b)
    if batches == 1, k > 0, isHeld || (rowBlocks > 1 && (m > 264 || !isDense)) {
      let dims = [columnPanels, k, tileColumns]
      let packed = isHeld ? takeHeld(dims: dims) : takeShared(dims: dims)
      let turned = b.permuted(batchAxes + [rank - 1, rank - 2])
      let packing = pack(turned, packed, rows: n, k: k, batches: 1, panel: tileColumns)
      if isHeld { prologue.append(packing) } else { steps.append(packing) }
      arguments.b = packed.view(axes: [])
      (arguments.bk, arguments.bn) = (Int64(tileColumns), 1)
      arguments.b_panel = Int64(k * tileColumns)
    } else {
      arguments.b = b.view(axes: batchAxes)
      arguments.bk = Int64(b.strides[rank - 2])
      arguments.bn = isDense ? 1 : Int64(b.strides[rank - 1])
      arguments.b_panel = arguments.bn * Int64(tileColumns)
      arguments.pack = !isDense || min(m, rowsOfUnit) > 24 ? 1 : 0
    }

    // Rows of a are read one element at a time, those of a tile side by side. Where several panels of
    // columns read them, a copy in that order pays: one stream instead of many. A unit that has all the
    // columns makes it in its own cache; for others it is made once. Rows that are dense may be read in
    // place, if few columns come by and lines of one row do not push out those of the next.
    let isInPlace =
      a.strides[rank - 1] == 1 && a.strides[rank - 2] % 1024 != 0
      && (columnBlocks > 1 || columnPanels <= 16)
    let packsRows = columnPanels > 2 && k > 1 && m > 1 && !isInPlace
    if packsRows, columnBlocks > 1 {
      let packed = takeShared(
        dims: batchAxes.map { c.dims[$0] } + [rowPanels, k, tileRows])
      steps.append(pack(a, packed, rows: m, k: k, batches: batches, panel: tileRows))
      arguments.a = packed.view(axes: batchAxes)
      (arguments.am, arguments.ak) = (1, Int64(tileRows))
      arguments.a_panel = Int64(k * tileRows)
    } else {
      arguments.a = a.view(axes: batchAxes)
      arguments.am = Int64(a.strides[rank - 2])
      arguments.ak = Int64(a.strides[rank - 1])
      arguments.a_panel = 0
      if packsRows {
        arguments.pack_a = 1
        scratch += 4 * rowsOfUnit * Int(kernels.matmul_depth)
      }
    }

    var following: [dlm_step] = []
    let ending = ProductEnding(epilogue, extra, isWhole: isApart)
    arguments.addend_count = Int32(ending.addends.count)
    let addends = ending.addends.map { $0.view(axes: batchAxes + [rank - 2]) }
    if addends.count > 0 { arguments.addends.0 = addends[0] }
    if addends.count > 1 { arguments.addends.1 = addends[1] }
    arguments.relu = ending.isRelu ? 1 : 0
    if let factor = ending.factor {
      arguments.factor = factor.view(axes: batchAxes + [rank - 2])
      arguments.factor_kind = ending.isGate ? dlm_gate : dlm_multiply
    }
    if let epilogue = ending.epilogue {
      if c.isDense, let (map, prepared) = self.epilogue(epilogue, ending.extra, results) {
        arguments.epilogue = map
        steps += prepared.before
        scratch += prepared.scratchByteCount
        if isApart {
          arguments.apart = 1
          scratch += 4 * rowsOfUnit * Int(arguments.column_block)
        }
      } else {
        var sums = c
        if isApart {
          sums = takeShared(dims: c.dims)
          arguments.c = sums.view(axes: batchAxes)
          arguments.cm = Int64(n)
        }
        guard let steps = map(epilogue, [sums] + ending.extra, results) else { return nil }
        following = steps
      }
    }
    steps.append(
      step(
        kernels.matmul, arguments, units: batches * rowBlocks * columnBlocks,
        cost: Double(m * n * k * batches) / 30, scratch: scratch))
    return steps + following
  }

  /// Copies a matrix whose rows are the last axis but one into panels of `panel` rows.
  private mutating func pack(
    _ a: Memory, _ packed: Memory, rows: Int, k: Int, batches: Int, panel: Int
  ) -> dlm_step {
    let rank = a.dims.count
    let panels = (rows + panel - 1) / panel
    var arguments = dlm_pack_rows()
    arguments.source = a.view(axes: Array(0..<rank - 2))
    arguments.target = packed.view(axes: [])
    arguments.rank = Int32(rank - 2)
    fill(&arguments.dims, Array(packed.dims.prefix(rank - 2)))
    (arguments.m, arguments.k) = (Int64(rows), Int64(k))
    arguments.row_stride = Int64(a.strides[rank - 2])
    arguments.k_stride = Int64(a.strides[rank - 1])
    (arguments.panel, arguments.panels) = (Int64(panel), Int64(panels))
    // Threads want a few units each. Neighbouring panels share lines of memory; where rows lie side by side,
    // all panels are read together and k is divided.
    let sideBySide = arguments.row_stride == 1
    let group = sideBySide ? panels : max(1, min(16, batches * panels / 8))
    let block = sideBySide ? max(32, (k + 15) / 16) : max(k, 1)
    (arguments.group, arguments.k_block) = (Int64(group), Int64(block))
    return step(
      kernels.pack_rows, arguments,
      units: batches * ((panels + group - 1) / group) * ((k + block - 1) / block),
      cost: Double(batches * rows * k) * 0.2)
  }
}

/// How a product is divided into units: panels of rows and of columns of each.
private struct ProductBlocks {
  /// Of the largest unit; others may have one panel of rows less.
  let rowPanels: Int
  let columnPanels: Int
  /// Units that share a column.
  let rowBlocks: Int

  /// - Parameters: panels of the whole product; `tileRows` rows lie in one, and a unit has `most` rows at most.
  init(rowPanels: Int, columnPanels: Int, batches: Int, tileRows: Int, most: Int) {
    // Rows that stay in the second cache while all columns pass; units enough for the threads.
    let cached = max(1, min(132, most) / tileRows)
    let shared = max(8, (rowPanels * batches + 7) / 8)
    let rows = min(cached, shared, rowPanels)
    let units = (rowPanels + rows - 1) / rows
    if batches * units >= 8 {
      // As many for each of two or four threads.
      rowBlocks = batches == 1 ? min(rowPanels, (units + 3) / 4 * 4) : units
      self.rowPanels = (rowPanels + rowBlocks - 1) / rowBlocks
      self.columnPanels = columnPanels
      return
    }
    // Few rows: divide the columns too, if not into single panels that many rows pass by; where there are
    // few of both, the rows finely.
    let few = rowPanels * tileRows <= 264 ? rowPanels : cached
    let blocks = (rowPanels + few - 1) / few * batches * columnPanels
    let most = blocks < 8 ? max(2, (rowPanels + 7) / 8) : few
    rowBlocks = (rowPanels + most - 1) / most
    self.rowPanels = (rowPanels + rowBlocks - 1) / rowBlocks
    let least = self.rowPanels < 8 ? 1 : 2
    let columnBlocks = max(1, min(columnPanels / least, 8 / (rowBlocks * batches)))
    self.columnPanels = min(16, (columnPanels + columnBlocks - 1) / columnBlocks)
  }
}
