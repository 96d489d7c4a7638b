import CDLMKernels

// Routines on whole arrays, as plainly as they can be written.
extension Reference {
  func routine(_ routine: Routine, _ operands: [Elements], _ result: Elements, label: String)
    throws(ExecutionError)
  {
    if let axis = routine.axis {
      try line(routine, axis, operands, result, label: label)
      return
    }
    switch routine {
    case .fourier, .fourierAdjoint: fourier(routine, operands[0], result)
    case .triangle(let diagonal):
      result.forEachIndex { place in
        let (i, j) = (place[place.count - 2], place[place.count - 1])
        result[place] = j - i <= diagonal ? operands[0][place] : 0
      }
    default: try matrices(routine, operands, result, label: label)
    }
  }

  private func line(
    _ routine: Routine, _ axis: Int, _ operands: [Elements], _ result: Elements, label: String
  ) throws(ExecutionError) {
    let x = operands[0]
    var starts = result.dims
    starts[axis] = min(1, starts[axis])
    if case .put = routine { result.forEachIndex { result[$0] = 0 } }
    if routine == .take(axis: axis) || routine == .put(axis: axis) {
      try checkPlaces(
        operands[1], count: routine == .take(axis: axis) ? x.dims[axis] : result.dims[axis], label)
    }
    forEachIndex(of: starts) { start in
      func place(_ index: Int) -> [Int] {
        var place = start
        place[axis] = index
        return place
      }
      let length = x.dims[axis]
      switch routine {
      case .cumulate(let reduction, _):
        var total = reduction.identity
        for i in 0..<length {
          total = reduction.combine(total, x[place(i)])
          result[place(i)] = total
        }
      case .running(let extremum, _):
        var best = 0
        for i in 0..<length {
          if x[place(i)].wins(over: x[place(best)], extremum) { best = i }
          result[place(i)] = Double(best)
        }
      case .order(_, let descending):
        let order = (0..<length).sorted { a, b in
          let (first, second) = (x[place(a)], x[place(b)])
          if second.wins(over: first, .max) { return !descending }
          if first.wins(over: second, .max) { return descending }
          return a < b
        }
        for (i, index) in order.enumerated() { result[place(i)] = Double(index) }
      case .take:
        for i in 0..<result.dims[axis] {
          result[place(i)] = x[place(Int(operands[1][place(i)]))]
        }
      default:
        for i in 0..<length { result[place(Int(operands[1][place(i)]))] += x[place(i)] }
      }
    }
  }

  private func checkPlaces(_ index: Elements, count: Int, _ label: String) throws(ExecutionError) {
    var position = 0
    var failure: ExecutionError?
    index.forEachIndex { place in
      let value = Int(index[place])
      if failure == nil, !(0..<count).contains(value) {
        failure = .indexOutOfRange(index: value, count: count, position: position, label: label)
      }
      position += 1
    }
    if let failure { throw failure }
  }

  private func fourier(_ routine: Routine, _ x: Elements, _ y: Elements) {
    let isForward = routine == .fourier
    let count = isForward ? x.dims[x.dims.count - 1] : y.dims[y.dims.count - 1]
    let batch = Array((isForward ? x : y).dims.dropLast())
    forEachIndex(of: batch) { start in
      for a in 0..<(isForward ? count / 2 + 1 : count) {
        var (real, imaginary) = (0.0, 0.0)
        for b in 0..<(isForward ? count : count / 2 + 1) {
          let (cos, sin) = turn(a * b, of: count)
          if isForward {
            real += x[start + [b]] * cos
            imaginary -= x[start + [b]] * sin
          } else {
            real += x[start + [b, 0]] * cos - x[start + [b, 1]] * sin
          }
        }
        if isForward {
          y[start + [a, 0]] = real
          y[start + [a, 1]] = imaginary
        } else {
          y[start + [a]] = real
        }
      }
    }
  }

  private func turn(_ part: Int, of whole: Int) -> (cos: Double, sin: Double) {
    let angle = 2 * Double.pi * Double(part % whole) / Double(whole)
    return (
      dlm_function_reference(.cos, angle, 0, 0), dlm_function_reference(.sin, angle, 0, 0)
    )
  }
}

extension Double {
  /// Whether it takes the place of `other` as the extremum so far; a NaN wins once and stays.
  fileprivate func wins(over other: Double, _ extremum: Extremum) -> Bool {
    if other.isNaN { return false }
    return isNaN || (extremum == .max ? self > other : self < other)
  }
}
