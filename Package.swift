// swift-tools-version: 6.1
import PackageDescription

// Each target may import only what stands above it; ARCHITECTURE in the README says what lives where.
let kernelFlags: [CSetting] = [
  .unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-Wno-c23-extensions"])
]

let package = Package(
  name: "dlm",
  products: [.executable(name: "dlm", targets: ["dlm"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // Level 0: C, and the two halves of the language that know nothing of tensors.
    .target(name: "CDLMKernels", cSettings: kernelFlags),
    .target(
      name: "CDLMPrelude", exclude: ["prelude"],
      cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "DLMSyntax"),
    .target(name: "DLMShapes"),

    // Levels 1 to 3: tensors, operators, graphs, backends.
    .target(name: "DLMTensor", dependencies: ["DLMShapes", "CDLMKernels"]),
    .target(name: "DLMOperators", dependencies: ["DLMSyntax", "DLMShapes", "DLMTensor", "CDLMKernels"]),
    .target(name: "DLMGraph", dependencies: ["DLMOperators", "DLMTensor", "DLMShapes", "DLMSyntax"]),
    .target(name: "DLMCPU", dependencies: ["DLMTensor", "CDLMKernels"]),

    // Levels 4 and 5: the language over them, data and files.
    .target(
      name: "DLMFrontend", dependencies: ["DLMSyntax", "DLMShapes", "DLMOperators", "CDLMPrelude"]),
    .target(name: "DLMData", dependencies: ["DLMTensor", "DLMShapes", "CZlib"]),
    .target(name: "DLMFormats", dependencies: ["DLMTensor"]),
    .target(
      name: "DLMInterpreter",
      dependencies: ["DLMFrontend", "DLMGraph", "DLMTensor", "DLMData", "DLMFormats"]),

    // Level 6: the command line.
    .executableTarget(
      name: "dlm",
      dependencies: [
        "DLMInterpreter", "DLMFrontend", "DLMCPU", "DLMGraph", "DLMData", "DLMFormats", "DLMSyntax",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .testTarget(name: "DLMSyntaxTests", dependencies: ["DLMSyntax"]),
    .testTarget(name: "DLMShapesTests", dependencies: ["DLMShapes"]),
    .testTarget(name: "DLMOperatorsTests", dependencies: ["DLMOperators", "DLMGraph", "DLMTensor"]),
    .testTarget(name: "DLMGraphTests", dependencies: ["DLMGraph", "DLMOperators", "DLMTensor", "DLMCPU"]),
    .testTarget(name: "DLMCPUTests", dependencies: ["DLMCPU", "DLMTensor", "CDLMKernels"]),
    .testTarget(name: "DLMDataTests", dependencies: ["DLMData", "DLMTensor"]),
    .testTarget(name: "DLMFormatsTests", dependencies: ["DLMFormats", "DLMTensor"]),
    .testTarget(name: "DLMFrontendTests", dependencies: ["DLMFrontend", "DLMSyntax", "CDLMPrelude"]),
    .testTarget(
      name: "DLMInterpreterTests",
      dependencies: ["DLMInterpreter", "DLMCPU", "DLMFrontend", "DLMSyntax"],
      exclude: ["Transcripts", "Goldens"]),
    .testTarget(name: "CommandLineTests", dependencies: ["dlm"]),
    .testTarget(name: "RepositoryTests"),
  ],
  swiftLanguageModes: [.v6]
)
