import DLMSyntax
import Testing

@Suite struct DumpTests {
  @Test func `tokens are a line each`() {
    let file = SourceFile(path: "a.dlm", text: "let x = [1.5,\n  \"a{b}\"]")
    #expect(
      Lexer.dump(file) == """
        1:1 name let
        1:5 name x
        1:7 symbol =
        1:9 symbol [
        1:10 real 1.5
        1:13 symbol ,
        2:3 string "a{b}"
        2:9 symbol ]
        2:10 endOfFile 

        """)
  }

  @Test func `a tree shows every node with its place`() {
    let file = SourceFile(
      path: "a.dlm",
      text: """
        layer Net(n: int = 3)(x: real[B, C]) -> real[B, n] where C > 0 {
            x |> Linear(n) |> relu
        }
        if a < 1 { print -a, "{b:2}" }
        """)
    let parsed = Parser.parse(file)
    #expect(parsed.diagnostics.isEmpty)
    #expect(
      parsed.tree.dump() == """
        1:1 layer
          name: Net
          statics:
            name: n
            type: tensor
              kind: int
            standard: 1:20 integer 3
          inputs:
            name: x
            type: tensor
              kind: real
              dims:
                1:31 name B
                1:34 name C
          result: tensor
            kind: real
            dims:
              1:46 name B
              1:49 name n
          conditions:
            expression: 1:58 chain
              1:58 name C
              operation: greater
              operand: 1:62 integer 0
          body:
            statements:
              2:5 expression
                2:5 pipe
                  2:5 name x
                  2:10 call
                    2:10 name Linear
                    value: 2:17 name n
                  2:23 name relu
        4:1 ifElse
          condition: 4:4 chain
            4:4 name a
            operation: less
            operand: 4:8 integer 1
          then:
            statements:
              4:12 prints
                4:18 unary
                  minus
                  4:19 name a
                4:22 string
                  value
                    4:24 name b
                    digits: 2
          isCase: false

        """)
  }
}
