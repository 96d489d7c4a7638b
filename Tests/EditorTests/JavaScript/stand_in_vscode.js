// As much of the editor's programming interface as the extension uses, with everything it was told
// kept to be looked at. `require('vscode')` gives it once `install()` has run.
'use strict'

const Module = require('node:module')

class Position { constructor(line, character) { Object.assign(this, { line, character }) } }
class Range {
  constructor(a, b, c, d) {
    this.start = a instanceof Position ? a : new Position(a, b)
    this.end = a instanceof Position ? b : new Position(c, d)
  }
}
/** A class that keeps the arguments of its constructor under these names. */
const record = (...names) => class {
  constructor(...values) { names.forEach((name, i) => { this[name] = values[i] }) }
}
class Uri {
  constructor(text) { this.text = text; this.scheme = text.split(':')[0] }
  static parse(text) { return new Uri(text) }
  static file(path) { return new Uri(`file://${path}`) }
  get fsPath() { return decodeURIComponent(this.text.replace(/^file:\/\//, '')) }
  toString() { return this.text }
}
class EventEmitter {
  constructor() {
    this.listeners = new Set()
    this.event = (listener) => {
      this.listeners.add(listener)
      return { dispose: () => this.listeners.delete(listener) }
    }
  }
  fire(value) { this.listeners.forEach((listener) => listener(value)) }
  dispose() { this.listeners.clear() }
}
class MarkdownString {
  constructor() { this.value = '' }
  appendMarkdown(text) { this.value += text; return this }
  appendText(text) { this.value += text.replace(/([\\`*_{}[\]])/g, '\\$1'); return this }
}
class CodeActionKind {
  constructor(value) { this.value = value }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part) }
}
CodeActionKind.Empty = new CodeActionKind('')
class WorkspaceEdit {
  constructor() { this.edits = new Map() }
  set(uri, edits) { this.edits.set(uri.toString(), edits) }
}

/** A fresh editor: `settings` of `dlm.*`, the programs that are open. */
function makeEditor({ settings = {}, documents = [] } = {}) {
  const providers = {}
  const events = Object.fromEntries(
    ['open', 'change', 'save', 'close', 'configuration'].map((name) => [name, new EventEmitter()]))
  const seen = {
    commands: new Map(), messages: [], tasks: [], output: '', problems: new Map(), watchers: [],
    edits: [], contents: {},
  }
  /** `registerXProvider` of one sort. */
  const register = (name, place = 1) => (...args) => {
    providers[name] = { provider: args[place], args }
    return { dispose: () => { delete providers[name] } }
  }
  const say = (kind) => (message, ...actions) => {
    seen.messages.push({ kind, message, actions })
    return Promise.resolve(undefined)
  }
  const vscode = {
    version: '1.75.0', Position, Range, Uri, EventEmitter, MarkdownString, CodeActionKind,
    WorkspaceEdit,
    Location: record('uri', 'range'),
    Diagnostic: record('range', 'message', 'severity'),
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    DiagnosticRelatedInformation: record('location', 'message'),
    Hover: record('contents', 'range'),
    TextEdit: record('range', 'newText'),
    CodeAction: record('title', 'kind'), CodeLens: record('range', 'command'),
    CompletionItem: record('label', 'kind'), CompletionList: record('items', 'isIncomplete'),
    SnippetString: record('value'), SignatureHelp: record(),
    SignatureInformation: record('label', 'documentation'),
    ParameterInformation: record('label', 'documentation'),
    DocumentSymbol: record('name', 'detail', 'kind', 'range', 'selectionRange'),
    SymbolInformation: record('name', 'kind', 'containerName', 'location'),
    DocumentHighlight: record('range', 'kind'), InlayHint: record('position', 'label', 'kind'),
    InlayHintLabelPart: record('value'), FoldingRange: record('start', 'end', 'kind'),
    FoldingRangeKind: { Comment: 1, Imports: 2, Region: 3 },
    SelectionRange: record('range', 'parent'), DocumentLink: record('range', 'target'),
    SemanticTokens: record('data', 'resultId'),
    SemanticTokensLegend: record('tokenTypes', 'tokenModifiers'),
    Task: record('definition', 'scope', 'name', 'source', 'execution', 'matchers'),
    ProcessExecution: record('process', 'args', 'options'),
    TaskScope: { Global: 1, Workspace: 2 },
    tasks: { executeTask: (task) => { seen.tasks.push(task); return Promise.resolve() } },
    commands: {
      registerCommand: (name, run) => {
        if (seen.commands.has(name)) throw new Error(`command ${name} is there twice`)
        seen.commands.set(name, run)
        return { dispose: () => seen.commands.delete(name) }
      },
    },
    window: {
      activeTextEditor: undefined,
      createOutputChannel: () => ({
        append: (text) => { seen.output += text },
        appendLine: (text) => { seen.output += `${text}\n` }, show: () => {}, dispose: () => {},
      }),
      showErrorMessage: say('error'), showWarningMessage: say('warning'),
      showInformationMessage: say('information'),
    },
    workspace: {
      textDocuments: documents, workspaceFolders: undefined,
      getConfiguration: (section) => ({
        get: (name) => settings[section ? `${section}.${name}` : name],
      }),
      onDidOpenTextDocument: events.open.event, onDidChangeTextDocument: events.change.event,
      onDidSaveTextDocument: events.save.event, onDidCloseTextDocument: events.close.event,
      onDidChangeConfiguration: events.configuration.event,
      registerTextDocumentContentProvider: (scheme, provider) => {
        seen.contents[scheme] = provider
        return { dispose: () => {} }
      },
      applyEdit: (edit) => { seen.edits.push(edit); return Promise.resolve(true) },
      createFileSystemWatcher: (glob) => {
        const made = { glob, create: new EventEmitter(), change: new EventEmitter(),
          remove: new EventEmitter() }
        seen.watchers.push(made)
        return { onDidCreate: made.create.event, onDidChange: made.change.event,
          onDidDelete: made.remove.event, dispose: () => {} }
      },
    },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri, items) => seen.problems.set(uri.toString(), items),
        clear: () => seen.problems.clear(), dispose: () => {},
      }),
      registerHoverProvider: register('hover'),
      registerCompletionItemProvider: register('completion'),
      registerSignatureHelpProvider: register('signature'),
      registerDefinitionProvider: register('definition'),
      registerReferenceProvider: register('references'),
      registerDocumentHighlightProvider: register('highlight'),
      registerRenameProvider: register('rename'),
      registerDocumentSymbolProvider: register('symbols'),
      registerWorkspaceSymbolProvider: register('workspaceSymbols', 0),
      registerDocumentFormattingEditProvider: register('formatting'),
      registerDocumentRangeFormattingEditProvider: register('rangeFormatting'),
      registerCodeActionsProvider: register('codeActions'),
      registerCodeLensProvider: register('codeLens'),
      registerInlayHintsProvider: register('hints'),
      registerDocumentSemanticTokensProvider: register('tokens'),
      registerFoldingRangeProvider: register('folding'),
      registerSelectionRangeProvider: register('selection'),
      registerDocumentLinkProvider: register('links'),
    },
  }
  return { vscode, providers, events, seen, settings }
}

/** A program that is open in the editor. */
function makeDocument(text, uri = 'file:///programs/net.dlm', languageId = 'dlm') {
  return {
    uri: Uri.parse(uri), languageId, version: 1, text, isDirty: false, saved: 0,
    getText() { return this.text }, save() { this.saved += 1; return Promise.resolve(true) },
    getWordRangeAtPosition: (at) => new Range(at, at),
  }
}

/** Loads the extension anew into `editor`. */
function load(editor) {
  const folder = require('node:path').resolve(__dirname, '../../../grammar/vscode')
  for (const name of Object.keys(require.cache)) {
    if (name.startsWith(folder)) delete require.cache[name]
  }
  const original = Module._load
  Module._load = function (name, ...rest) {
    return name === 'vscode' ? editor.vscode : original.call(this, name, ...rest)
  }
  try { return require(`${folder}/extension.js`) } finally { Module._load = original }
}

module.exports = { makeEditor, makeDocument, load, Position, Range, Uri }
