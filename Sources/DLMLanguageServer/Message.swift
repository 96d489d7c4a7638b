import DLMSyntax

/// What a request is called by in its answer.
enum RequestID: Hashable, Sendable {
  case number(Int)
  case text(String)

  init?(_ json: JSON?) {
    switch json {
    case .integer(let value)?: self = .number(value)
    case .string(let value)?: self = .text(value)
    default: return nil
    }
  }

  var json: JSON {
    switch self {
    case .number(let value): .integer(value)
    case .text(let value): .string(value)
    }
  }
}

/// Why a request has no result.
struct ResponseError: Error {
  /// - Source: Language Server Protocol 3.17, ErrorCodes
  enum Code: Int {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case internalError = -32603
    case notInitialized = -32002
    case requestFailed = -32803
    case contentModified = -32801
    case requestCancelled = -32800
  }

  var code: Code
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// What has come from a client.
enum Incoming: Sendable {
  case request(RequestID, method: String, params: JSON)
  case notification(method: String, params: JSON)
  /// The answer to a request of the server.
  case response(RequestID)
  /// What is no message, with what the client may call it by.
  case malformed(RequestID?, code: ResponseError.Code, reason: String)

  /// Reads the body of a message.
  init(parsing body: [UInt8]) {
    let json: JSON
    do throws(JSONSyntaxError) {
      json = try JSON(parsing: body)
    } catch {
      self = .malformed(
        nil, code: .parseError, reason: "byte \(error.offset) of the message: \(error.message)")
      return
    }
    self.init(json)
  }

  private init(_ json: JSON) {
    let id = RequestID(json["id"])
    func malformed(_ reason: String) -> Incoming {
      .malformed(id, code: .invalidRequest, reason: reason)
    }
    guard json.isObject else {
      self = malformed("a message is an object")
      return
    }
    guard json["jsonrpc"]?.string == "2.0" else {
      self = malformed("`jsonrpc` must be \"2.0\"")
      return
    }
    guard let method = json["method"] else {
      // Answers with an error have one beside their id.
      if let id, json["result"] != nil || json["error"] != nil {
        self = .response(id)
      } else {
        self = malformed("a message has a `method`, or is an answer")
      }
      return
    }
    guard let method = method.string else {
      self = malformed("`method` must be a string")
      return
    }
    let params = json["params"] ?? .null
    switch params {
    case .object, .array, .null: break
    default:
      self = malformed("`params` must be an object or an array")
      return
    }
    if let id {
      self = .request(id, method: method, params: params)
    } else if json["id"] != nil {
      self = malformed("`id` must be a string or a whole number")
    } else {
      self = .notification(method: method, params: params)
    }
  }

  /// The document that a change is to.
  var changedDocument: String? {
    guard case .notification("textDocument/didChange", let params) = self else { return nil }
    return params["textDocument"]?["uri"]?.string
  }
}
