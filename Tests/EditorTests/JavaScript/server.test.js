// The extension beside `dlm lsp` itself, whose path DLM_PROGRAM gives.
'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { makeEditor, makeDocument, load, Position, Range } = require('./stand_in_vscode')

const text = `layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10] {
    x |> Conv(10, k: 5) |> relu |> flatten |> Linear(10, in: 300) |> log_softmax
}
let net = Net()
`
const program = process.env.DLM_PROGRAM

test('what dlm lsp says is shown', { skip: !program && 'DLM_PROGRAM is not set' }, async () => {
  const document = makeDocument(text, 'file:///nowhere/net.dlm')
  const editor = makeEditor({
    documents: [document], settings: { 'dlm.path': program, 'dlm.arguments': [] },
  })
  const { providers, seen, events, vscode } = editor
  const extension = load(editor)
  const main = await extension.activate({ subscriptions: [] })
  const problems = async (count) => {
    for (let turn = 0; turn < 1000; turn++) {
      const shown = seen.problems.get(document.uri.toString())
      if (shown?.length === count) return shown
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return assert.fail(`${count} problems never showed: ${seen.output}`)
  }
  try {
    const [wrong] = await problems(1)
    assert.equal(wrong.code.value ?? wrong.code, 'S012')
    assert.match(wrong.message, /expect 300 features, but gets 5760/)
    assert.equal(wrong.range.start.line, 1)

    // What is mended is no longer shown, and shapes stand in the margin.
    const place = text.split('\n')[1].indexOf(', in: 300')
    const range = new Range(1, place, 1, place + ', in: 300'.length)
    document.text = text.replace(', in: 300', '')
    document.version = 2
    events.change.fire({ document, contentChanges: [{ range, text: '' }] })
    await problems(0)
    const hints = await providers.hints.provider.provideInlayHints(document, new Range(0, 0, 4, 0))
    const labels = hints.map((hint) => [].concat(hint.label).map((one) => one.value ?? one).join(''))
    assert.ok(labels.some((label) => label.includes('real[B, 10, 24, 24]')), labels.join('\n'))
    assert.ok(labels.some((label) => label.includes('real[B, 5760]')), labels.join('\n'))

    const hover = await providers.hover.provider.provideHover(document, new Position(3, 5))
    assert.match(hover.contents.map((one) => one.value).join('\n'), /let net: Net/)

    document.text = document.text.replace('x |> Conv', 'x  |>  Conv')
    document.version = 3
    events.change.fire({
      document, contentChanges: [{ range: new Range(1, 4, 1, 13), text: 'x  |>  Conv' }],
    })
    const edits = await providers.formatting.provider.provideDocumentFormattingEdits(
      document, { tabSize: 4, insertSpaces: true })
    assert.ok(edits.length > 0)
    if (providers.definition) {
      const [found] = [].concat(
        await providers.definition.provider.provideDefinition(document, new Position(1, 12)))
      const uri = found.targetUri ?? found.uri
      assert.equal(uri.toString(), 'dlm-prelude:/layers.dlm')
      const prelude = await seen.contents['dlm-prelude'].provideTextDocumentContent(uri)
      assert.match(prelude, /^layer Conv\(/m)
    }
    assert.equal(vscode.workspace.textDocuments.length, 1)
  } finally {
    await extension.deactivate()
  }
  assert.equal(main.server.process, null)
})
