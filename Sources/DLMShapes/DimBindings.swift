/// What names stand for in types, in the order in which they were bound. Few enough that looking
/// through them is faster than hashing.
package struct DimBindings: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private struct Entry: Hashable, Sendable {
    var name: String
    var value: DimBinding
  }

  private var entries: [Entry] = []

  package init(dictionaryLiteral elements: (String, DimBinding)...) {
    for (name, value) in elements { self[name] = value }
  }

  package var names: [String] { entries.map { $0.name } }

  package subscript(name: String) -> DimBinding? {
    get { entries.first { $0.name == name }?.value }
    set {
      switch (entries.firstIndex { $0.name == name }, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Takes over what `others` bind and `self` does not.
  package mutating func add(_ others: DimBindings) {
    if entries.isEmpty { entries = others.entries }
    for entry in others.entries where self[entry.name] == nil { entries.append(entry) }
  }

  package func mapValues(_ change: (DimBinding) -> DimBinding) -> DimBindings {
    var result = self
    for index in entries.indices { result.entries[index].value = change(entries[index].value) }
    return result
  }
}
