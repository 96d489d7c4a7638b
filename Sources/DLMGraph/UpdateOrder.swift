extension [Call] {
  /// The same calls, but those that write what variables become, and what is only made for these, as soon as
  /// nothing reads the old values any more: a gradient is used before the next is made, while what it
  /// changes is still in a cache.
  ///
  /// - Parameters:
  ///   - outputs: terms that leave the plan.
  ///   - assignments: variables, by number, and the terms that they become.
  ///   - variable: which variable a term is, if it is one.
  func updatingEarly(
    outputs: Set<Int>, _ assignments: [(variable: Int, term: Int)], read variable: (Int) -> Int?
  ) -> [Call] {
    let uses = CallUses(self, assignments, read: variable)
    let order = UpdateOrder(
      count: count,
      early: uses.late.union(uses.onlyLeading(to: uses.late, outputs: outputs)),
      after: uses.others)
    return order.numbers.map { self[$0] }
  }
}

/// Who reads and writes what, by the numbers of the calls.
private struct CallUses {
  private let calls: [Call]
  private let variables: [Int: Int]
  private var writers: [Int: [Int]] = [:]
  private var readers: [Int: [Int]] = [:]
  /// Calls that read a variable as it was before the run.
  private var oldReaders: [Int: [Int]] = [:]
  /// Calls that write what variables become, or read it.
  private(set) var late: Set<Int> = []

  init(
    _ calls: [Call], _ assignments: [(variable: Int, term: Int)], read variable: (Int) -> Int?
  ) {
    self.calls = calls
    variables = [Int: Int](assignments.map { ($1, $0) }) { first, _ in first }
    for (number, call) in calls.enumerated() {
      for result in call.results { writers[result.term, default: []].append(number) }
      for operand in call.operands {
        readers[operand.term, default: []].append(number)
        if let variable = variable(operand.term) {
          oldReaders[variable, default: []].append(number)
        }
      }
      let reads = call.operands.flatMap { writers[$0.term, default: []] }
      if reads.contains(where: late.contains)
        || call.results.contains(where: { variables[$0.term] != nil })
      {
        late.insert(number)
      }
    }
  }

  /// Maps and sums that nothing reads but `others` and each other.
  func onlyLeading(to others: Set<Int>, outputs: Set<Int>) -> Set<Int> {
    var found: Set<Int> = []
    for (number, call) in calls.enumerated().reversed()
    where call.kernel.isMap || call.kernel.isReduction {
      let users = call.results.flatMap { readers[$0.term, default: []] }
      if users.allSatisfy({ others.contains($0) || found.contains($0) }),
        !call.results.contains(where: { outputs.contains($0.term) })
      {
        found.insert(number)
      }
    }
    return found
  }

  /// What must come before a call: what writes what it reads, or parts of what it writes, and what reads
  /// the old value of what it replaces.
  func others(_ number: Int) -> Set<Int> {
    let call = calls[number]
    let written = call.operands.flatMap { writers[$0.term, default: []] }
    let parts = call.results.flatMap { writers[$0.term, default: []] }.filter { $0 < number }
    let old = call.results.compactMap { variables[$0.term] }.flatMap {
      oldReaders[$0, default: []]
    }
    return Set(written + parts + old).subtracting([number])
  }
}

/// Numbers in their order, but some of them as early as what they wait for allows.
private struct UpdateOrder {
  private(set) var numbers: [Int] = []
  /// How many others each early one waits for; -1 when it has its place.
  private var counts: [Int: Int] = [:]
  private var waiting: [Int: [Int]] = [:]

  init(count: Int, early: Set<Int>, after others: (Int) -> Set<Int>) {
    for number in early.sorted() {
      let others = others(number)
      counts[number] = others.count
      for other in others { waiting[other, default: []].append(number) }
    }
    // Counters of steps wait for nothing, and updates wait for them.
    for number in 0..<count where counts[number] == 0 { place(number) }
    for number in 0..<count where counts[number, default: 0] == 0 { place(number) }
    // What is left replaces what others of it read, and they what it reads.
    numbers += (0..<count).filter { counts[$0, default: 0] > 0 }
  }

  private mutating func place(_ number: Int) {
    var ready = [number]
    while let number = ready.popLast() {
      numbers.append(number)
      if counts[number] != nil { counts[number] = -1 }
      for other in waiting[number, default: []].reversed() {
        counts[other, default: 0] -= 1
        if counts[other] == 0 { ready.append(other) }
      }
    }
  }
}
