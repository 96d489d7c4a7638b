import DLMFrontend
import DLMSyntax

// What a call takes, while it is written: found in the tokens, for the text is seldom whole then.
extension LanguageServer {
  func signatureHelp(_ params: JSON) throws(ResponseError) -> JSON {
    let document = try document(params)
    let offset = try offset(params, in: document.text)
    guard let call = OpenCall(at: offset, in: document.text.file) else { return .null }
    let analysis = try analysis(of: document)
    guard let signature = CallSignature(of: call, in: analysis.checked) else { return .null }
    let active = call.label.flatMap { label in
      signature.parameters.firstIndex { $0.name == label }
    }
    return [
      "signatures": [
        .members([
          "label": .string(signature.label),
          "documentation": signature.documentation.isEmpty
            ? nil : ["kind": "markdown", "value": .string(signature.documentation)],
          "parameters": .array(signature.parameters.map { ["label": .string($0.text)] }),
        ])
      ],
      "activeSignature": 0,
      "activeParameter": .integer(active ?? min(call.position, max(0, signature.parameters.count))),
    ]
  }
}
