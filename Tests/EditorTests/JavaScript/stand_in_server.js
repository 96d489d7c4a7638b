#!/usr/bin/env node
// A language server that answers every request with what the protocol's own text shows as an answer,
// and says on request what it has received. The extension's tests start it in place of `dlm lsp`.
'use strict'

const { Connection } = require('../../../grammar/vscode/rpc')

const mode = process.argv[3] ?? ''
if (mode === 'falls') process.exit(3)

const range = (a, b, c, d) => ({ start: { line: a, character: b }, end: { line: c, character: d } })
const word = range(0, 4, 0, 7)
const uri = 'file:///programs/net.dlm'
const edit = { range: word, newText: 'model' }

const capabilities = {
  textDocumentSync: { openClose: true, change: mode === 'whole' ? 1 : 2, save: true },
  hoverProvider: true, completionProvider: { triggerCharacters: ['.', '>'], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ','] }, definitionProvider: true,
  referencesProvider: true, documentHighlightProvider: true,
  renameProvider: { prepareProvider: true }, documentSymbolProvider: true,
  workspaceSymbolProvider: true, documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll'] },
  codeLensProvider: {}, inlayHintProvider: { resolveProvider: true },
  semanticTokensProvider: { legend: { tokenTypes: ['class'], tokenModifiers: ['declaration'] }, full: true },
  foldingRangeProvider: true, selectionRangeProvider: true, documentLinkProvider: {},
  executeCommandProvider: { commands: ['dlm.applyFix', 'dlm.run'] },
}

const answers = {
  initialize: () => ({ capabilities: mode === 'bare' ? { hoverProvider: true } : capabilities }),
  shutdown: () => null,
  'textDocument/hover': () => ({ contents: { kind: 'markdown', value: '`real[B, 320]`' }, range: word }),
  'textDocument/completion': () => ({
    isIncomplete: true,
    items: [
      { label: 'Conv', kind: 7, detail: 'real[B, 10, 24, 24]', insertText: 'Conv(${1:out}, k: ${2:3})', insertTextFormat: 2 },
      { label: 'relu', kind: 3, labelDetails: { description: 'real[B, D]' }, textEdit: edit, data: 7 },
    ],
  }),
  'completionItem/resolve': (item) => ({ ...item, documentation: 'resolved' }),
  'textDocument/signatureHelp': () => ({
    signatures: [{ label: 'Conv(out: int, k: ints)', parameters: [{ label: [5, 13] }, { label: [15, 22], documentation: 'window' }] }],
    activeSignature: 0, activeParameter: 1,
  }),
  'textDocument/definition': () => [{
    originSelectionRange: word, targetUri: 'dlm-prelude:/layers.dlm', targetRange: range(3, 0, 9, 1),
    targetSelectionRange: range(3, 6, 3, 10),
  }],
  'textDocument/references': () => [{ uri, range: word }, { uri, range: range(2, 0, 2, 3) }],
  'textDocument/documentHighlight': () => [{ range: word, kind: 3 }],
  'textDocument/prepareRename': ({ position }) => position.line > 5 ? null : { range: word, placeholder: 'net' },
  'textDocument/rename': ({ newName }) => ({
    documentChanges: [{ textDocument: { uri, version: 1 }, edits: [{ range: word, newText: newName }] }],
  }),
  'textDocument/documentSymbol': () => [{
    name: 'Net', kind: 5, range: range(0, 0, 4, 1), selectionRange: word,
    children: [{ name: 'conv1', kind: 8, range: word, selectionRange: word }],
  }],
  'workspace/symbol': ({ query }) => [{ name: query, kind: 5, location: { uri, range: word } }],
  'textDocument/formatting': () => [edit],
  'textDocument/rangeFormatting': () => [edit],
  'textDocument/codeAction': ({ context }) => [{
    title: 'drop `in: 300`', kind: 'quickfix', isPreferred: true, diagnostics: context.diagnostics,
    edit: { changes: { [uri]: [{ range: word, newText: '' }] } },
  }, { title: 'explain', command: 'dlm.applyFix', arguments: ['S012'] }],
  'textDocument/codeLens': () => [{ range: word, command: { title: 'run', command: 'dlm.run', arguments: [uri] } }],
  'textDocument/inlayHint': () => [
    { position: word.end, label: ': real[B, 320]', kind: 1, paddingLeft: true },
    { position: word.end, label: [{ value: '260 params', tooltip: 'weights' }] }],
  'inlayHint/resolve': (item) => ({ ...item, tooltip: '28 - 5 + 1' }),
  'textDocument/semanticTokens/full': () => ({ resultId: '1', data: [0, 6, 3, 0, 1] }),
  'textDocument/foldingRange': () => [{ startLine: 0, endLine: 4, kind: 'region' }],
  'textDocument/selectionRange': () => [{ range: word, parent: { range: range(0, 0, 4, 1) } }],
  'textDocument/documentLink': () => [{ range: word, target: 'file:///programs/other.dlm' }],
  'workspace/executeCommand': ({ command, arguments: args }) => `${command} ${args}`,
  'workspace/textDocumentContent': ({ uri: asked }) => ({ text: `// ${asked}` }),
  // Only for the tests.
  'test/received': () => received,
  'test/ask': async ({ method, params }) => connection.request(method, params),
  'test/tell': ({ method, params }) => connection.notify(method, params),
  'test/slow': () => new Promise(() => {}),
}

const received = []
const connection = new Connection(process.stdin, process.stdout, {
  handle: (method, params) => {
    if (mode === 'mute' && method !== 'initialize') return new Promise(() => {})
    if (method === 'exit') process.exit(0)
    if (method === 'test/fall') process.exit(9)
    if (!method.startsWith('test/')) received.push({ method, params })
    if (answers[method]) return answers[method](params)
    if (method === 'initialized' || method.includes('/did') || method === '$/cancelRequest') return null
    throw Object.assign(new Error(`no ${method}`), { code: -32601 })
  },
})
