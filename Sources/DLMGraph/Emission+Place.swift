import DLMTensor

// What is only made to be copied into a part of a larger result is made there.
extension Emission {
  /// - Parameter wanted: terms that leave the plan or are assigned.
  mutating func makeInPlace(but wanted: Set<Int>) {
    for copying in calls.indices.reversed() {
      let call = calls[copying]
      guard call.kernel.program?.steps.isEmpty ?? false, call.kernel.isMap, call.results.count > 1,
        let makers = call.operands.indices.map({ maker(of: call, $0, before: copying, wanted) })
          .unlessNil()
      else { continue }
      for (maker, place) in zip(makers, call.results.indices) {
        calls[maker.call].results[maker.result] = Call.Operand(
          term: call.results[place].term, access: maker.access)
      }
      calls.remove(at: copying)
    }
  }

  /// The call that makes an operand of a copy, which result of it that is, and how it would lie in the
  /// result of the copy; nil where it cannot be made there.
  private func maker(of copy: Call, _ number: Int, before index: Int, _ wanted: Set<Int>)
    -> (call: Int, result: Int, access: Access)?
  {
    let operand = copy.operands[number]
    guard copy.kernel.program?.outputs == Array(copy.operands.indices),
      terms.all.indices.contains(operand.term), terms[operand.term].elementType == .f32,
      copy.results.allSatisfy({ terms[$0.term].elementType == .f32 }),
      operand.access.isDense, operand.access.dims.reduce(1, *) == terms[operand.term].count,
      !wanted.contains(operand.term), copy.operands.count(where: { $0.term == operand.term }) == 1
    else { return nil }
    let users = calls.indices.filter { user in
      (calls[user].operands + calls[user].results).contains { $0.term == operand.term }
    }
    guard users.count == 2, users[1] == index, calls[users[0]].kernel.writesAnywhere,
      let result = calls[users[0]].results.firstIndex(where: { $0.term == operand.term }),
      let access = calls[users[0]].results[result].access.moved(
        to: copy.results[number].access)
    else { return nil }
    return (users[0], result, access)
  }
}

extension Kernel {
  /// Whether its results may lie anywhere, if neighbours along the last axis stay neighbours.
  fileprivate var writesAnywhere: Bool { if case .attentionGradient = self { true } else { false } }
}

extension Access {
  /// How these elements of a dense array lie when the array is moved to `place`, if strides can say it.
  fileprivate func moved(to place: Access) -> Access? {
    let rows = Shape(place.dims).strides
    var moved = self
    var room = place.dims.map { $0 - 1 }
    guard offset == 0 else { return nil }
    moved.offset = place.offset
    for axis in dims.indices where dims[axis] > 1 {
      guard
        let target = place.dims.indices.first(where: {
          place.dims[$0] > 1 && strides[axis] >= rows[$0] && strides[axis] % rows[$0] == 0
        })
      else { return nil }
      let step = strides[axis] / rows[target]
      room[target] -= step * (dims[axis] - 1)
      moved.strides[axis] = step * place.strides[target]
    }
    return room.allSatisfy { $0 >= 0 } ? moved : nil
  }
}

extension Array {
  /// The elements, if none is nil.
  fileprivate func unlessNil<Wrapped>() -> [Wrapped]? where Element == Wrapped? {
    let present = compactMap { $0 }
    return present.count == count ? present : nil
  }
}
