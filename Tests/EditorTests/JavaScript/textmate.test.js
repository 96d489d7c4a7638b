// The TextMate grammar: colours of the samples as snapshots, colours of every program held against
// the lexer. `DLM_RECORD=1` writes the snapshots anew.
'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { Grammar } = require('./textmate')
const { colours } = require('./shorthand')

const root = path.resolve(__dirname, '../../..')
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8')
const grammar = new Grammar(JSON.parse(read('grammar/vscode/dlm.tmLanguage.json')))

for (const file of ['everything.dlm', 'mistakes.txt']) {
  const name = path.parse(file).name
  test(`the colours of ${file} are those of the snapshot`, () => {
    const snapshot = `Tests/EditorTests/Snapshots/${name}.textmate.txt`
    const found = colours(grammar, read(`Tests/EditorTests/Samples/${file}`))
    if (process.env.DLM_RECORD) fs.writeFileSync(path.join(root, snapshot), found)
    assert.equal(found, read(snapshot), 'DLM_RECORD=1 writes it anew')
  })
}

/** Scopes of each character of a text, line breaks left out of the strings. */
function scopesOf(text) {
  const bytes = []
  grammar.tokenize(text).forEach((tokens, index) => {
    if (index > 0) bytes.push(null)
    const line = text.split('\n')[index]
    for (const { start, end, scopes } of tokens) {
      for (const character of line.slice(start, end)) {
        for (let n = Buffer.byteLength(character); n > 0; n--) bytes.push(scopes)
      }
    }
  })
  return bytes
}

/** What a token of each kind must not or must be; `null` where it is well coloured. */
const complaints = {
  name: (s) => /^(comment|string|constant\.numeric|invalid|punctuation)/.test(s),
  number: (s) => !s.startsWith('constant.numeric'),
  string: (s) => !s.startsWith('punctuation.definition.string.begin'),
  symbol: (s) => !/^(keyword\.operator|punctuation|invalid)/.test(s),
  comment: (s) => !s.startsWith('comment'),
  invalid: (s) => !/^(invalid|punctuation.definition.string|string)/.test(s),
}

// The Swift side writes the programs with the tokens of the lexer: [{ name, text, isRight, tokens }].
const given = process.env.DLM_PROGRAMS
test('every token of every program has a colour of its kind', { skip: !given && 'DLM_PROGRAMS is not set' }, () => {
  const programs = JSON.parse(fs.readFileSync(given, 'utf8'))
  const wrong = []
  let count = 0
  for (const { name, text, isRight, tokens } of programs) {
    const scopes = scopesOf(text)
    for (const { kind, start, end } of tokens) {
      // Strings hold programs of their own; only where they begin is told here.
      for (let at = start; at < (kind === 'string' ? start + 1 : end); at++) {
        const scope = scopes[at]?.at(-1)
        if (scope === undefined || scope === null) continue
        count += 1
        const isBad = complaints[kind](scope) || (isRight && scope.startsWith('invalid'))
        if (isBad) {
          wrong.push(`${name}: ${kind} ${JSON.stringify(Buffer.from(text).toString('utf8', start, end))} is ${scope}`)
          break
        }
      }
    }
  }
  assert.ok(count > 50_000, `${count} characters`)
  assert.deepEqual(wrong, [])
})

test('every word of the grammar is a keyword somewhere in the sample', () => {
  const words = new Set(
    [...read('grammar/dlm.ebnf').replace(/\(\*[^]*?\*\)/g, '').matchAll(/"([a-z]+)"/g)]
      .map((match) => match[1]))
  words.delete('e') // of exponents
  words.delete('augment') // a function with braces of its own
  words.delete('index') // a kind: it is coloured as the types are
  const text = read('Tests/EditorTests/Samples/everything.dlm')
  const coloured = new Set()
  grammar.tokenize(text).forEach((tokens, index) => {
    const line = text.split('\n')[index]
    for (const { start, end, scopes } of tokens) {
      if (/^(keyword|constant\.language|variable\.language)/.test(scopes.at(-1))) {
        line.slice(start, end).split(/\s+/).forEach((word) => coloured.add(word))
      }
    }
  })
  assert.ok(words.size > 70)
  assert.deepEqual([...words].filter((word) => !coloured.has(word)), [])
})
