import DLMTensor

extension Action {
  /// A word for it.
  var name: String {
    switch self {
    case .variable: "variable"
    case .constant: "constant"
    case .copy: "copy"
    case .map(let function): function.name
    case .cast: "cast"
    case .broadcast: "broadcast"
    case .reshape: "reshape"
    case .renewed: "renewed"
    case .transpose: "transpose"
    case .slice: "slice"
    case .pad: "pad"
    case .concatenate: "concatenate"
    case .reduce(let reduction, _): "\(reduction)"
    case .indexOf(let extremum, _): "arg\(extremum)"
    case .matmul: "matmul"
    case .kernel(let kernel), .indexed(let kernel, _): kernel.name
    case .loop: "scan"
    case .part: "part of scan"
    }
  }
}

extension Kernel {
  /// A word for it.
  package var name: String {
    switch self {
    case .map: "map"
    case .reduce(let reduction, _, _): "\(reduction)"
    case .indexOf(let extremum, _): "arg\(extremum)"
    case .matmul: "matmul"
    case .attention: "attention"
    case .attentionGradient: "attention gradient"
    case .convolve: "convolve"
    case .convolveInputGradient: "convolve input gradient"
    case .convolveWeightGradient: "convolve weight gradient"
    case .maxPool: "max pool"
    case .maxPoolScatter: "max pool scatter"
    case .maxPoolGather: "max pool gather"
    case .meanPool: "mean pool"
    case .meanPoolGradient: "mean pool gradient"
    case .gather: "gather"
    case .scatterAdd: "scatter add"
    case .pick: "pick"
    case .place: "place"
    case .random(let distribution, _, _): "\(distribution)"
    case .iota: "iota"
    case .routine(let routine): routine.name
    case .loop: "scan"
    }
  }
}
