import DLMShapes
import DLMSyntax

/// A layer that has been made: its statics, the layers inside it, and where it stands.
///
/// One instance for each constructor that is written and each turn of the `repeat` around it; it has
/// identity because two calls of the same instance share its parameters.
package final class Instance {
  package let declaration: LayerDeclaration
  package let module: Module
  /// `net.conv1`: the same in summaries, errors and checkpoints.
  package let path: String
  /// As the last call has made them: what they are computed of may be dims of its input.
  package private(set) var statics: [String: Value]
  /// Unlike that of any other layer of the program.
  let number: Int
  /// Where each static was written, if it was.
  package let written: [String: Diagnostic.Label]
  /// The call of a function in whose body it is made, if it is.
  let caller: Caller?
  /// Layers inside by the constructor that makes them and the turns around it.
  private var children: [Position: Instance] = [:]
  private var counts: [String: Int] = [:]
  var childCount: Int { children.count }
  /// What plain code has given it first, by the names of its inputs: weights are of that width.
  var firstInputs: [String: TensorType] = [:]
  /// Parameters and state in the order in which they were first met.
  package private(set) var kept: [Kept] = []

  package struct Kept {
    package var name: String
    package var type: TensorType
    package var isTrained: Bool
    /// Of a parameter, where what depends on it is known apart from what depends on the layer.
    var number: Int?
  }

  fileprivate struct Position: Hashable {
    var constructor: ExpressionID
    var turns: [Int]
  }

  /// What it has made and kept so far.
  package struct Parts {
    fileprivate var children: [Position: Instance]
    fileprivate var counts: [String: Int]
    fileprivate var kept: [Kept]
  }

  package var madeSoFar: Parts {
    get { Parts(children: children, counts: counts, kept: kept) }
    set { (children, counts, kept) = (newValue.children, newValue.counts, newValue.kept) }
  }

  package init(
    _ declaration: LayerDeclaration, module: Module, path: String, number: Int,
    statics: [String: Value], written: [String: Diagnostic.Label], caller: Caller? = nil
  ) {
    self.number = number
    self.caller = caller
    self.declaration = declaration
    self.module = module
    self.path = path
    self.statics = statics
    self.written = written
  }

  /// Is made again, by another call of the layer that it is in.
  func take(_ statics: [String: Value]) { self.statics = statics }

  /// The layer made by `constructor` in these turns; `make` is asked for it the first time.
  ///
  /// A layer without a name of its own is called after its kind and numbered, so that another one
  /// added later renames nothing before it.
  func child(
    at constructor: ExpressionID, turns: [Int], kind: String, name: String? = nil,
    make: (String) throws -> Instance
  ) rethrows -> Instance {
    let position = Position(constructor: constructor, turns: turns)
    if let known = children[position] { return known }
    if let name {
      let made = try make("\(path).\(name)")
      children[position] = made
      return made
    }
    let base = kind.instanceName
    counts[base, default: 0] += 1
    let made = try make("\(path).\(base)\(counts[base, default: 1])")
    children[position] = made
    return made
  }

  /// What a layer of this kind is called where nothing names it.
  static func name(of kind: String) -> String { kind.instanceName }

  /// The layer inside that is called `name`.
  package func child(named name: String) -> Instance? {
    children.values.first { $0.path == "\(path).\(name)" }
  }

  /// Names of the layers inside and of what is kept here.
  package var parts: [String] {
    kept.map(\.name) + children.values.map { String($0.path.dropFirst(path.count + 1)) }.sorted()
  }

  /// - Parameter number: asked for the number of a parameter that is new.
  /// - Returns: the number of the parameter.
  @discardableResult
  func keep(
    _ name: String, _ type: TensorType, isTrained: Bool, number: () -> Int? = { nil }
  ) -> Int? {
    if let index = kept.firstIndex(where: { $0.name == name }) {
      kept[index].type = type
      return kept[index].number
    }
    kept.append(Kept(name: name, type: type, isTrained: isTrained, number: number()))
    return kept.last?.number
  }

  /// This layer and those inside it, each before its own inner ones, by path.
  package var all: [Instance] {
    [self] + children.values.sorted { $0.path < $1.path }.flatMap(\.all)
  }

  /// This layer and those inside it in the order in which they were made.
  var inOrder: [Instance] { all.sorted { $0.number < $1.number } }

  /// How many numbers are trained here and in the layers inside.
  package var parameterCount: Dim {
    let own = kept.reduce(Dim(0)) { $1.isTrained ? $0 + $1.type.dims.reduce(1, *) : $0 }
    return children.values.reduce(own) { $0 + $1.parameterCount }
  }

  /// Paths of the trained tensors, in the order of `all`.
  package var parameters: [(path: String, type: TensorType)] {
    all.flatMap { instance in
      instance.kept.filter(\.isTrained).map { ("\(instance.path).\($0.name)", $0.type) }
    }
  }
}

extension String {
  /// `conv` of `Conv`, `batchNorm` of `BatchNorm`, `lstmCell` of `LSTMCell`: the capitals in front become
  /// small, but for the one that begins a word.
  fileprivate var instanceName: String {
    let capitals = utf8.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }.count
    let small = capitals > 1 && capitals < count ? capitals - 1 : capitals
    return prefix(small).lowercased() + dropFirst(small)
  }
}
