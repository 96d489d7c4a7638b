// The extension in a stand-in editor, beside a stand-in server that is a real process.
'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { makeEditor, makeDocument, load, Position, Range, Uri } = require('./stand_in_vscode')

const server = path.join(__dirname, 'stand_in_server.js')
const folder = path.resolve(__dirname, '../../../grammar/vscode')
const program = 'let net = Net()\n'

/** Runs `body` with an extension that is active in an editor with one program. */
async function active(body, { mode = 'usual', documents, settings = {} } = {}) {
  const document = makeDocument(program)
  const editor = makeEditor({
    documents: documents ?? [document],
    settings: { 'dlm.path': server, 'dlm.arguments': [mode], ...settings },
  })
  const extension = load(editor)
  const context = { subscriptions: [] }
  const main = await extension.activate(context)
  const ask = (method, params) => main.server.connection.request(method, params)
  try {
    await body({ ...editor, editor, document, context, main, ask })
  } finally {
    await extension.deactivate()
  }
}

/** Waits until `condition` holds. */
async function until(condition, what) {
  for (let turn = 0; turn < 400; turn++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail(`never: ${what}`)
}

const received = async (ask, method) =>
  (await ask('test/received')).filter((one) => one.method === method).map((one) => one.params)

test('a feature is registered exactly where the server offers it', async () => {
  await active(({ providers }) => assert.deepEqual(Object.keys(providers).sort(), [
    'codeActions', 'codeLens', 'completion', 'definition', 'folding', 'formatting', 'highlight',
    'hints', 'hover', 'links', 'rangeFormatting', 'references', 'rename', 'selection', 'signature',
    'symbols', 'tokens', 'workspaceSymbols']))
  await active(({ providers }) => assert.deepEqual(Object.keys(providers), ['hover']), { mode: 'bare' })
})

test('answers become what the editor shows', async () => {
  await active(async ({ providers, document }) => {
    const at = new Position(0, 5)
    const word = new Range(0, 4, 0, 7)
    const call = (name, method, ...args) => providers[name].provider[method](...args)

    const hover = await call('hover', 'provideHover', document, at)
    assert.equal(hover.contents[0].value, '`real[B, 320]`')
    assert.deepEqual(hover.range, word)

    const list = await call('completion', 'provideCompletionItems', document, at, undefined, {})
    assert.equal(list.isIncomplete, true)
    const [conv, relu] = list.items
    assert.equal(conv.insertText.value, 'Conv(${1:out}, k: ${2:3})')
    assert.equal(conv.kind, 6)
    assert.equal(conv.detail, 'real[B, 10, 24, 24]')
    assert.deepEqual(relu.label, { label: 'relu', description: 'real[B, D]' })
    assert.deepEqual(relu.range, word)
    assert.equal(relu.insertText, 'model')
    assert.deepEqual(providers.completion.args.slice(2), ['.', '>'])
    const resolved = await call('completion', 'resolveCompletionItem', relu)
    assert.equal(resolved.documentation.value, 'resolved')

    const help = await call('signature', 'provideSignatureHelp', document, at)
    assert.equal(help.activeParameter, 1)
    assert.deepEqual(help.signatures[0].parameters[1].label, [15, 22])

    const [link] = await call('definition', 'provideDefinition', document, at)
    assert.equal(link.targetUri.toString(), 'dlm-prelude:/layers.dlm')
    assert.deepEqual(link.targetSelectionRange, new Range(3, 6, 3, 10))

    const context = { includeDeclaration: true }
    const places = await call('references', 'provideReferences', document, at, context)
    assert.deepEqual(places.map((one) => one.range.start.line), [0, 2])

    const [highlight] = await call('highlight', 'provideDocumentHighlights', document, at)
    assert.equal(highlight.kind, 2)

    const prepared = await call('rename', 'prepareRename', document, at)
    assert.equal(prepared.placeholder, 'net')
    await assert.rejects(call('rename', 'prepareRename', document, new Position(9, 0)))
    const renamed = await call('rename', 'provideRenameEdits', document, at, 'model')
    assert.equal(renamed.edits.get('file:///programs/net.dlm')[0].newText, 'model')

    const [symbol] = await call('symbols', 'provideDocumentSymbols', document)
    assert.deepEqual([symbol.name, symbol.kind, symbol.children[0].name], ['Net', 4, 'conv1'])
    const [found] = await call('workspaceSymbols', 'provideWorkspaceSymbols', 'Net')
    assert.equal(found.location.uri.toString(), 'file:///programs/net.dlm')

    const options = { tabSize: 4, insertSpaces: true }
    const [edit] = await call('formatting', 'provideDocumentFormattingEdits', document, options)
    assert.equal(edit.newText, 'model')
    const part = await call(
      'rangeFormatting', 'provideDocumentRangeFormattingEdits', document, word, options)
    assert.deepEqual(part[0].range, word)

    const [lens] = await call('codeLens', 'provideCodeLenses', document)
    assert.deepEqual(lens.command.arguments, ['file:///programs/net.dlm'])

    const [shape, count] = await call('hints', 'provideInlayHints', document, word)
    assert.deepEqual([shape.label, shape.paddingLeft, shape.kind], [': real[B, 320]', true, 1])
    assert.equal(count.label[0].tooltip.value, 'weights')
    assert.equal((await call('hints', 'resolveInlayHint', shape)).tooltip.value, '28 - 5 + 1')

    const tokens = await call('tokens', 'provideDocumentSemanticTokens', document)
    assert.deepEqual([...tokens.data], [0, 6, 3, 0, 1])
    assert.deepEqual(providers.tokens.args[2].tokenTypes, ['class'])

    const [fold] = await call('folding', 'provideFoldingRanges', document)
    assert.deepEqual([fold.start, fold.end, fold.kind], [0, 4, 3])
    const [selection] = await call('selection', 'provideSelectionRanges', document, [at])
    assert.equal(selection.parent.range.end.line, 4)
    const [target] = await call('links', 'provideDocumentLinks', document)
    assert.equal(target.target.toString(), 'file:///programs/other.dlm')
  })
})

test('fixes go back to the diagnostics that they are for', async () => {
  await active(async ({ ask, main, providers, seen, document }) => {
    const diagnostic = {
      range: { start: { line: 0, character: 4 }, end: { line: 0, character: 7 } }, severity: 2,
      message: 'wrong', code: 'S012', data: { fix: 3 },
      relatedInformation: [{
        location: { uri: document.uri.toString(), range: {
          start: { line: 1, character: 0 }, end: { line: 1, character: 1 } } },
        message: 'from here',
      }],
    }
    await ask('test/tell', { method: 'textDocument/publishDiagnostics', params: {
      uri: document.uri.toString(), version: 1, diagnostics: [diagnostic] } })
    await until(() => seen.problems.size === 1, 'a diagnostic')
    const [shown] = seen.problems.get(document.uri.toString())
    assert.deepEqual([shown.message, shown.severity, shown.code, shown.source], ['wrong', 1, 'S012', 'dlm'])
    assert.equal(shown.relatedInformation[0].message, 'from here')

    const actions = await providers.codeActions.provider.provideCodeActions(
      document, shown.range, { diagnostics: [shown] })
    assert.equal(actions[0].kind.value, 'quickfix')
    assert.equal(actions[0].isPreferred, true)
    assert.equal(actions[0].edit.edits.get('file:///programs/net.dlm')[0].newText, '')
    assert.deepEqual(actions[1], { title: 'explain', command: 'dlm.applyFix', arguments: ['S012'] })
    const [asked] = await received(ask, 'textDocument/codeAction')
    assert.deepEqual(asked.context.diagnostics, [diagnostic])

    // What was said of an older text is not shown.
    document.version = 3
    main.publish({ uri: document.uri.toString(), version: 2, diagnostics: [] })
    assert.equal(seen.problems.get(document.uri.toString()).length, 1)
    main.publish({ uri: document.uri.toString(), version: 3, diagnostics: [] })
    assert.equal(seen.problems.get(document.uri.toString()).length, 0)
  })
})

test('the server has the text of the editor, change by change', async () => {
  await active(async ({ ask, events, document }) => {
    const other = makeDocument('# no', 'file:///programs/a.py', 'python')
    document.version = 2
    const change = (a, b, text) => ({ range: new Range(0, a, 0, b), text, rangeLength: b - a })
    events.change.fire({ document, contentChanges: [change(8, 8, 'x'), change(0, 3, 'var')] })
    events.change.fire({ document, contentChanges: [] })
    events.open.fire(other)
    events.change.fire({ document: other, contentChanges: [change(0, 1, '')] })
    events.save.fire(document)
    events.close.fire(document)
    const [opened, ...more] = await received(ask, 'textDocument/didOpen')
    assert.equal(more.length, 0)
    assert.deepEqual(opened.textDocument, {
      uri: 'file:///programs/net.dlm', version: 1, languageId: 'dlm', text: program })
    const changes = await received(ask, 'textDocument/didChange')
    assert.equal(changes.length, 1)
    assert.equal(changes[0].textDocument.version, 2)
    assert.deepEqual(changes[0].contentChanges.map((one) => one.text), ['x', 'var'])
    assert.deepEqual(changes[0].contentChanges[0].range.start, { line: 0, character: 8 })
    assert.equal((await received(ask, 'textDocument/didSave')).length, 1)
    assert.equal((await received(ask, 'textDocument/didClose')).length, 1)
  })
  await active(async ({ ask, events, document }) => {
    document.text = 'whole'
    events.change.fire({ document, contentChanges: [{ range: new Range(0, 0, 0, 1), text: 'w' }] })
    const [change] = await received(ask, 'textDocument/didChange')
    assert.deepEqual(change.contentChanges, [{ text: 'whole' }])
  }, { mode: 'whole' })
})

test('the editor answers the server', async () => {
  await active(async ({ ask, seen, main }) => {
    const edit = { changes: { 'file:///programs/net.dlm': [] } }
    const reply = await ask('test/ask', { method: 'workspace/applyEdit', params: { edit } })
    assert.deepEqual(reply, { applied: true })
    assert.equal(seen.edits.length, 1)
    const items = [{ section: 'dlm.path' }]
    assert.deepEqual(
      await ask('test/ask', { method: 'workspace/configuration', params: { items } }), [server])
    await assert.rejects(
      ask('test/ask', { method: 'unheard/of', params: {} }), /unknown method unheard\/of/)

    let fired = 0
    main.changed.hints.event(() => { fired += 1 })
    await ask('test/ask', { method: 'workspace/inlayHint/refresh' })
    assert.equal(fired, 1)

    await ask('test/ask', { method: 'client/registerCapability', params: { registrations: [{
      id: '1', method: 'workspace/didChangeWatchedFiles',
      registerOptions: { watchers: [{ globPattern: '**/*.safetensors' }] } }] } })
    assert.equal(seen.watchers[0].glob, '**/*.safetensors')
    seen.watchers[0].change.fire(Uri.file('/programs/w.safetensors'))
    const [change] = await received(ask, 'workspace/didChangeWatchedFiles')
    assert.deepEqual(change.changes, [{ uri: 'file:///programs/w.safetensors', type: 2 }])

    await ask('test/tell', { method: 'window/showMessage', params: { type: 1, message: 'oh' } })
    await until(() => seen.messages.length === 1, 'a message')
    assert.deepEqual(seen.messages[0], { kind: 'error', message: 'oh', actions: [] })
  })
})

test('the prelude can be read, and commands of the server run', async () => {
  await active(async ({ seen }) => {
    const text = await seen.contents['dlm-prelude'].provideTextDocumentContent(
      Uri.parse('dlm-prelude:/layers.dlm'))
    assert.equal(text, '// dlm-prelude:/layers.dlm')
    assert.equal(await seen.commands.get('dlm.applyFix')('S012'), 'dlm.applyFix S012')
  })
})

test('a request that the editor gives up is cancelled', async () => {
  await active(async ({ main, ask }) => {
    let cancel
    const token = { onCancellationRequested: (run) => { cancel = run; return { dispose() {} } } }
    main.server.connection.request('test/slow', {}, token).catch(() => {})
    cancel()
    const [given] = await received(ask, '$/cancelRequest')
    assert.equal(typeof given.id, 'number')
  })
})

test('run and check are tasks in the folder of the program', async () => {
  await active(async ({ seen, vscode, document }) => {
    vscode.window.activeTextEditor = { document }
    document.isDirty = true
    await seen.commands.get('dlm.run')()
    await seen.commands.get('dlm.check')('file:///programs/a%20b/net.dlm')
    assert.equal(document.saved, 1)
    const [run, check] = seen.tasks
    assert.deepEqual(run.execution.args, ['run', '/programs/net.dlm'])
    assert.equal(run.execution.options.cwd, '/programs')
    assert.deepEqual(check.execution.args, ['check', '--format', 'short', '/programs/a b/net.dlm'])
    assert.deepEqual(check.matchers, ['$dlm'])
    vscode.window.activeTextEditor = undefined
    await seen.commands.get('dlm.test')()
    assert.match(seen.messages.at(-1).message, /save the program first/)
  })
})

test('a server that falls is started again, and everything with it', async () => {
  await active(async ({ main, ask, providers, document }) => {
    const before = main.server.process.pid
    ask('test/fall').catch(() => {})
    await until(() => main.server.process && main.server.process.pid !== before
      && providers.hover, 'a new server')
    const hover = await providers.hover.provider.provideHover(document, new Position(0, 5))
    assert.equal(hover.contents[0].value, '`real[B, 320]`')
    assert.equal((await received(ask, 'textDocument/didOpen')).length, 1)
  })
})

test('a server that falls again and again is left, and one that is missing is told', async () => {
  await active(async ({ seen }) => {
    await until(() => seen.messages.length === 1, 'an end of trying')
    assert.match(seen.messages[0].message, /fell over again and again/)
    assert.equal(seen.output.split('language server ended').length - 1, 5)
  }, { mode: 'falls' })
  await active(async ({ seen }) => {
    await until(() => seen.messages.length === 1, 'a word')
    assert.match(seen.messages[0].message, /cannot find the program `\/nowhere\/dlm`/)
  }, { settings: { 'dlm.path': '/nowhere/dlm' } })
})

test('restart ends one server and starts another; a mute one is killed', async () => {
  await active(async ({ main, seen, providers }) => {
    const before = main.server.process
    await seen.commands.get('dlm.restart')()
    assert.equal(before.exitCode, 0)
    assert.notEqual(main.server.process.pid, before.pid)
    assert.ok(providers.hover)
  })
  await active(async ({ main }) => {
    const child = main.server.process
    await main.server.stop(100)
    await until(() => child.signalCode === 'SIGKILL', 'its end')
  }, { mode: 'mute' })
})

test('the manifest names what is there', async () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  assert.equal(manifest.dependencies, undefined)
  const { contributes } = manifest
  const files = [
    manifest.main, contributes.languages[0].configuration,
    ...contributes.grammars.map((one) => one.path), ...contributes.snippets.map((one) => one.path)]
  for (const file of files) assert.ok(fs.existsSync(path.join(folder, file)), file)
  await active(({ seen }) => {
    for (const { command } of contributes.commands) assert.ok(seen.commands.has(command), command)
  })
  const { regexp, ...groups } = contributes.problemMatchers[0].pattern
  const match = new RegExp(regexp).exec('/programs/net.dlm:8:21: error[S012]: Linear was told')
  assert.deepEqual([match[groups.line], match[groups.code], match[groups.message]],
    ['8', 'S012', 'Linear was told'])
})

test('messages are read however they are cut', () => {
  const { Reader, frame } = require(path.join(folder, 'rpc.js'))
  const sent = [{ id: 1, result: 'größer ≥ 16' }, { method: 'a' }, { id: 2, result: '🙂' }]
  const bytes = Buffer.concat(sent.map(frame))
  for (let size = 1; size < 60; size++) {
    const read = []
    const reader = new Reader((message) => read.push(message))
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
    assert.deepEqual(read, sent.map((one) => ({ jsonrpc: '2.0', ...one })))
  }
  assert.throws(() => new Reader(() => {}).push(Buffer.from('Hello: 3\r\n\r\n{}')), /no length/)
})
