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
  /// the file with tensors of its shapes that is still free, modules by their names with numbers in
  /// order. torchvision names the modules of its models in the order of the forward pass as far as they
  /// have the same shapes, so equal ones are not mixed up.
  ///
  /// - Source: https://github.com/pytorch/vision/tree/main/torchvision/models
  func names(ofTorchvision weights: [FileWeight], _ facts: Facts) -> [String: String] {
    var modules = Dictionary(grouping: weights.filter { $0.role != nil }, by: \.module)
      .map { name, tensors in (name: name, tensors: tensors.sorted { $0.role! < $1.role! }) }
      .sorted { $0.name.naturallyPrecedes($1.name) }
    var names: [String: String] = [:]
    for parts in Dictionary(grouping: self, by: \.layer).sorted(by: { $0.key < $1.key }).map(\.value) {
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
  /// Whether it comes before `other` where runs of digits count as numbers: `conv2` before `conv10`.
  fileprivate func naturallyPrecedes(_ other: String) -> Bool {
    var (a, b) = (self[...], other[...])
    while let x = a.first, let y = b.first {
      if x.isNumber, y.isNumber {
        let (m, n) = (a.prefix(while: \.isNumber), b.prefix(while: \.isNumber))
        if let m = Int(m), let n = Int(n), m != n { return m < n }
        (a, b) = (a.dropFirst(m.count), b.dropFirst(n.count))
      } else {
        if x != y { return x < y }
        (a, b) = (a.dropFirst(), b.dropFirst())
      }
    }
    return a.isEmpty && !b.isEmpty
  }
}
