// Snapshots of colours: under each line of a program a line with one letter for each character.
'use strict'

/** The letter of a scope: of the first that the scope begins with. */
const letters = [
  ['comment.line.documentation', 'C'], ['comment', 'c'], ['invalid', '!'],
  ['punctuation.definition.string', 's'], ['punctuation.section.embedded', 'e'],
  ['constant.character.escape', 'E'], ['constant.numeric', 'n'], ['constant.language', 'N'],
  ['variable.language', 'N'], ['support.type', 't'], ['entity.name.type.constructor', 'L'],
  ['entity.name.type', 'L'], ['entity.name.function.call', 'f'], ['entity.name.function', 'F'],
  ['support.function', 'f'], ['keyword.declaration', 'K'], ['keyword.control', 'k'],
  ['keyword.other', 'w'], ['keyword.operator.word', 'o'], ['keyword.operator', 'o'],
  ['variable.parameter', 'p'], ['variable.other.property', '.'],
  ['variable.other.constant.dim', 'D'], ['variable', 'v'], ['punctuation', ','],
  ['meta.embedded', ' '], ['string', 's'], ['source', ' '],
]

const letter = (scopes) => letters.find(([scope]) => scopes.at(-1).startsWith(scope))[1]

/** A program with its colours: lines and, below each, their letters. */
function colours(grammar, text) {
  const lines = text.replace(/\n$/, '').split('\n')
  const tokens = grammar.tokenize(lines.join('\n'))
  return lines.map((line, index) => {
    const marks = tokens[index].map(({ start, end, scopes }) =>
      [...line.slice(start, end)].map((c) => (c === ' ' ? ' ' : letter(scopes))).join(''))
    return `${line}\n${marks.join('')}`.trimEnd()
  }).join('\n') + '\n'
}

module.exports = { colours, letter }
