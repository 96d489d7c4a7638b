import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct LifecycleTests {
  @Test func `the server ends with the process that it is told of`() {
    let client = TestClient(initialized: nil)
    _ = client.request("initialize", ["capabilities": [:], "processId": 4711])
    #expect(client.host.owners == [4711])
  }

  @Test func `requests come between initialize and shutdown`() {
    let client = TestClient(initialized: nil)
    let early = client.answer("textDocument/hover", [:])
    #expect(early["error"]?["code"]?.int == -32002)
    let ready = client.request("initialize", ["capabilities": [:]])
    #expect(ready["capabilities"]?["positionEncoding"]?.string == "utf-16")
    #expect(ready["serverInfo"]?["name"]?.string == "dlm")
    #expect(client.answer("initialize", ["capabilities": [:]])["error"]?["code"]?.int == -32600)
    let down = client.answer("shutdown")
    #expect(down["error"] == nil)
    #expect(down["result"] != nil)
    #expect(client.answer("textDocument/hover", [:])["error"]?["code"]?.int == -32600)
    #expect(client.server.exitStatus == nil)
    client.notify("exit")
    #expect(client.server.exitStatus == 0)
  }

  @Test func `exit without shutdown is a failure`() {
    let client = TestClient()
    client.notify("exit")
    #expect(client.server.exitStatus == 1)
  }

  @Test(arguments: [
    ("{", -32700), ("[]", -32600), ("{\"id\":1,\"method\":\"x\"}", -32600),
    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600),
    ("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"x\"}", -32600),
    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\",\"params\":3}", -32600),
    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}", -32601),
    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"textDocument/hover\",\"params\":{}}", -32602),
    (
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"textDocument/hover\",\"params\":{\"textDocument\":{\"uri\":\"file:///no\"},\"position\":{\"line\":0,\"character\":0}}}",
      -32602
    ),
  ])
  func `what is no message is refused by its code`(_ text: String, _ code: Int) {
    let client = TestClient()
    client.server.receive(Incoming(parsing: Array(text.utf8)))
    #expect(client.messages.last?["error"]?["code"]?.int == code)
    #expect(client.messages.last?["jsonrpc"]?.string == "2.0")
    #expect(client.messages.last?["id"] != nil)
  }

  @Test func `what asks for nothing is answered by nothing`() {
    let client = TestClient()
    let before = client.messages.count
    client.notify("no/such")
    client.notify("$/setTrace", ["value": "off"])
    client.notify("textDocument/didChange", ["textDocument": ["uri": "file:///no"]])
    client.notify("textDocument/didOpen", [:])
    client.send(["jsonrpc": "2.0", "id": "dlm-1", "result": .null])
    #expect(client.messages.count == before)
  }

  @Test func `files are watched where the client can`() {
    let client = TestClient()
    let asked = client.messages.first { $0["method"]?.string == "client/registerCapability" }
    #expect(
      asked?["params"]?["registrations"]?[0]?["method"]?.string
        == "workspace/didChangeWatchedFiles")
  }
}
