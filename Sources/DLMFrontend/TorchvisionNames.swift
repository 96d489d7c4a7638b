import DLMShapes

/// A tensor that a layer keeps, as a file of its weights is compared with.
struct LayerPart {
  /// `net.conv1.w`
  var path: String
  /// Without the path of the whole layer: `conv1.w`.
  var name: String
  /// The number of the layer inside that keeps it, in the order in which they are made.
  var layer: Int
  var type: TensorType

  /// The word behind `rename` for files of torchvision's models.
  static let torchvision = "torchvision"
}

extension [LayerPart] {
  /// Which part a tensor of a torchvision model is, by its name in the file: `layer1.0.conv1.weight`.
  ///
  /// Such names count blocks where the parts of a layer are called by what they are, so names alone do
  /// not tell. Layers are taken in the order in which they are made, and each gets the first module of
  /// the file with tensors of its shapes that is still free, modules by the numbers and words of
  /// their names. torchvision names the modules of its models in the order of the forward pass as far as they
  /// have the same shapes, so equal ones are not mixed up.
  ///
  /// - Source: https://github.com/pytorch/vision/tree/main/torchvision/models
  func names(ofTorchvision weights: [FileWeight], _ facts: Facts) -> [String: String] {
    var modules = Dictionary(grouping: weights.filter { $0.role != nil }, by: \.module)
      .map { name, tensors in (name: name, tensors: tensors.sorted { $0.role! < $1.role! }) }
      .sorted { $0.name.naturallyPrecedes($1.name) }
    var names: [String: String] = [:]
    for parts in Dictionary(grouping: self, by: \.layer).sorted(by: { $0.key < $1.key }).map(
      \.value)
    {
      let index = modules.firstIndex { module in
        module.tensors.count == parts.count
          && zip(module.tensors, parts).allSatisfy { $0.fits($1.type.dims, facts) }
      }
      guard let index else { continue }
      for (tensor, part) in zip(modules.remove(at: index).tensors, parts) {
        names[tensor.name] = part.name
      }
    }
    return names
  }
}

extension FileWeight {
  /// The name without its last word.
  fileprivate var module: String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
  }

  /// What it is in its module, in the order in which layers of the prelude keep the same.
  fileprivate var role: Int? {
    ["weight", "bias", "running_mean", "running_var"].firstIndex {
      name == $0 || name.hasSuffix(".\($0)")
    }
  }
}

extension String {
  /// Whether a module comes before another in the forward pass, as far as their names tell: what is in one
  /// module by its number and then by its word, `conv0`, `norm0`, `denseblock1`, and last what has no
  /// number.
  fileprivate func naturallyPrecedes(_ other: String) -> Bool {
    let (own, others) = (split(separator: "."), other.split(separator: "."))
    for (a, b) in zip(own, others) where a != b {
      let (x, y) = (a.number ?? .max, b.number ?? .max)
      return x == y ? a < b : x < y
    }
    return own.count < others.count
  }
}

extension Substring {
  /// The first number in it.
  fileprivate var number: Int? { Int(drop { !$0.isNumber }.prefix(while: \.isNumber)) }
}
