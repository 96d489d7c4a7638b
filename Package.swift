// swift-tools-version: 6.1
import PackageDescription

// Each target may import only what stands above it; the README says what lives where.
let kernelFlags: [CSetting] = [
  .unsafeFlags([
    "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-Wno-c23-extensions",
  ])
]

// The reference and the planner are optimized in debug builds too, since tests compare with them by
// the million; so is what reads texts, since tests damage programs by ten thousands.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

// What a check of a program runs through: debug builds, and so all tests, look for overlapping access;
// what is released does not look again at every property.
let tested: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

let package = Package(
  name: "dlm",
  products: [.executable(name: "dlm", targets: ["dlm"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // Level 0: C, and what knows nothing of tensors.
    .target(name: "CDLMKernels", exclude: ["TRIED.md"], cSettings: kernelFlags),
    .target(
      name: "CDLMPrelude", exclude: ["prelude", "explain"],
      cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    .target(name: "DLMSyntax", swiftSettings: optimized + tested),
    .target(name: "DLMShapes", swiftSettings: optimized + tested),

    // Level 1: element types, storage, the contract between planner and backends, the reference.
    .target(
      name: "DLMTensor", dependencies: ["DLMShapes", "CDLMKernels"], swiftSettings: optimized),

    // Levels 2 and 3: what an operator and a graph are.
    .target(
      name: "DLMOperators", dependencies: ["DLMSyntax", "DLMShapes", "DLMTensor", "CDLMKernels"],
      swiftSettings: tested),
    .target(name: "DLMCPU", dependencies: ["DLMTensor", "CDLMKernels"]),
    .target(
      name: "DLMGraph", dependencies: ["DLMOperators", "DLMTensor", "DLMShapes"],
      swiftSettings: optimized),

    // Files that others can read.
    .target(name: "DLMFormats", dependencies: ["DLMTensor"]),

    // What a program learns from.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CImage"),
    .target(name: "DLMData", dependencies: ["DLMTensor", "CZlib", "CImage"]),

    // Pictures of numbers.
    .target(name: "DLMPlot", dependencies: ["CZlib"]),

    // Levels 4 and 5: the language over them.
    .target(
      name: "DLMFrontend",
      dependencies: [
        "DLMSyntax", "DLMShapes", "DLMTensor", "DLMOperators", "CDLMPrelude", "CDLMKernels",
      ], swiftSettings: tested),

    .target(
      name: "DLMInterpreter",
      dependencies: [
        "DLMFrontend", "DLMGraph", "DLMTensor", "DLMData", "DLMFormats", "DLMPlot", "DLMSyntax",
        "DLMShapes", "DLMOperators",
      ]),

    // What a prompt says; it knows no terminal.
    .target(
      name: "DLMRepl",
      dependencies: [
        "DLMInterpreter", "DLMFrontend", "DLMFormats", "DLMShapes", "DLMSyntax", "DLMTensor",
      ]),

    // What an editor asks; it never sees a tensor.
    .target(
      name: "DLMLanguageServer",
      dependencies: ["DLMFrontend", "DLMShapes", "DLMSyntax", "CDLMKernels"]),

    // GNU readline, looked for when a prompt begins.
    .target(name: "CReadline"),

    // Level 6: one file a subcommand.
    .executableTarget(
      name: "dlm",
      dependencies: [
        "DLMRepl", "DLMInterpreter", "DLMFrontend", "DLMCPU", "DLMFormats", "DLMLanguageServer",
        "DLMShapes", "DLMSyntax", "DLMTensor", "CDLMKernels", "CReadline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    // Kernels for AVX-512 on machines that have not got it.
    .target(
      name: "CHalvedKernels", dependencies: ["CDLMKernels"], path: "Tests/CHalvedKernels",
      cSettings: kernelFlags),
    .testTarget(
      name: "DLMSyntaxTests", dependencies: ["DLMSyntax", "DLMTestSupport"], exclude: ["Samples"]),
    .testTarget(name: "DLMShapesTests", dependencies: ["DLMShapes"]),
    .testTarget(name: "DLMTensorTests", dependencies: ["DLMTensor", "CDLMKernels"]),
    // Graphs computed node by node, operands for operators, kernels to test.
    .target(
      name: "DLMTestSupport",
      dependencies: [
        "DLMOperators", "DLMGraph", "DLMCPU", "DLMTensor", "CDLMKernels", "CHalvedKernels",
      ],
      path: "Tests/DLMTestSupport"),
    .testTarget(
      name: "DLMOperatorsTests",
      dependencies: [
        "DLMOperators", "DLMGraph", "DLMTensor", "DLMShapes", "CDLMKernels", "DLMTestSupport",
      ]),
    .testTarget(
      name: "DLMGraphTests",
      dependencies: [
        "DLMGraph", "DLMOperators", "DLMCPU", "DLMTensor", "DLMShapes", "CDLMKernels",
        "DLMTestSupport",
      ]),
    .testTarget(
      name: "DLMCPUTests", dependencies: ["DLMCPU", "DLMTensor", "DLMTestSupport"]),
    .testTarget(
      name: "DLMDataTests", dependencies: ["DLMData", "DLMTensor", "CZlib", "DLMTestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "DLMFormatsTests", dependencies: ["DLMFormats", "DLMTensor", "DLMTestSupport"]),
    .testTarget(
      name: "DLMFrontendTests",
      dependencies: ["DLMFrontend", "DLMSyntax", "DLMShapes", "DLMTestSupport"],
      exclude: ["Corpus"]),
    .testTarget(
      name: "DLMInterpreterTests",
      dependencies: [
        "DLMInterpreter", "DLMFrontend", "DLMGraph", "DLMOperators", "DLMCPU", "DLMFormats",
        "DLMSyntax",
        "DLMTensor", "CDLMPrelude", "CAllocationCounter", "DLMTestSupport",
      ],
      exclude: ["Transcripts", "Golden", "Programs"]),
    .testTarget(name: "DLMPlotTests", dependencies: ["DLMPlot", "CZlib"]),
    .testTarget(
      name: "LanguageServerTests",
      dependencies: [
        "DLMLanguageServer", "DLMFrontend", "DLMShapes", "DLMSyntax", "DLMTestSupport",
      ],
      exclude: ["clients"]),
    .testTarget(
      name: "DLMReplTests",
      dependencies: ["DLMRepl", "DLMInterpreter", "DLMFrontend", "DLMCPU", "DLMTensor"],
      exclude: ["Transcripts", "clients"]),
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .testTarget(
      name: "CommandTests", dependencies: ["dlm", "CPseudoTerminal"], exclude: ["long_program.py"]),
    .testTarget(name: "PreludeTests", dependencies: ["CDLMPrelude"]),
    .testTarget(
      name: "EditorTests", dependencies: ["DLMSyntax", "dlm"],
      exclude: ["JavaScript", "Samples", "Snapshots"]),
    .testTarget(name: "RepositoryTests"),
  ],
  swiftLanguageModes: [.v6]
)
