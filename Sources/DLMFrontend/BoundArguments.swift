/// The arguments of a call by the names of the parameters that they are for. Few enough that looking
/// through them is faster than hashing.
struct BoundArguments {
  private var entries: [(name: String, given: Given)] = []

  var names: [String] { entries.map(\.name) }

  var given: some Sequence<Given> { entries.lazy.map { $0.given } }

  subscript(name: String) -> Given? {
    get { entries.first { $0.name == name }?.given }
    set {
      switch (entries.firstIndex { $0.name == name }, newValue) {
      case (let index?, let given?): entries[index].given = given
      case (let index?, nil): entries.remove(at: index)
      case (nil, let given?): entries.append((name, given))
      case (nil, nil): break
      }
    }
  }

  func mapValues<Result>(_ change: (Given) -> Result) -> [String: Result] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.name, change($0.given)) })
  }
}
