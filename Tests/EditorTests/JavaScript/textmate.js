// A tokenizer for TextMate grammars, as far as grammar/vscode/dlm.tmLanguage.json goes: `match`,
// `begin`/`end`, `captures` and `include`, one scope a name, no back references. Patterns are those
// that Oniguruma and JavaScript read alike. Written for the tests, because no editor runs in them.
'use strict'

/** Compiles a pattern; `^` and `$` are the ends of the line, which is tokenized without its break. */
const compile = (pattern) => new RegExp(pattern, 'dg')

/** A grammar whose rules are compiled and whose includes are resolved. */
class Grammar {
  constructor(json) {
    this.scope = json.scopeName
    this.repository = json.repository
    this.rules = new Map()
    this.root = { patterns: json.patterns }
  }

  /** The rules that `owner` holds, includes replaced by what they stand for, in order. */
  candidates(owner) {
    if (!this.rules.has(owner)) this.rules.set(owner, this.flatten(owner.patterns ?? []))
    return this.rules.get(owner)
  }

  flatten(patterns, open = []) {
    return patterns.flatMap((rule) => {
      if (rule.include) {
        const name = rule.include.slice(1)
        const named = this.repository[name]
        if (!named) throw new Error(`no rule ${rule.include}`)
        if (named.match || named.begin) return this.flatten([named])
        if (open.includes(name)) throw new Error(`${rule.include} includes itself`)
        return this.flatten(named.patterns, [...open, name])
      }
      return [{ rule, regex: compile(rule.match ?? rule.begin) }]
    })
  }

  /** Tokens of each line: `{ start, end, scopes }`, without gaps. */
  tokenize(text) {
    const stack = [{ rule: this.root, end: null, scopes: [this.scope] }]
    return text.split('\n').map((line) => this.line(line, stack))
  }

  line(line, stack) {
    const tokens = []
    let at = 0
    const upTo = (end, scopes) => {
      if (end > at) tokens.push({ start: at, end, scopes: [...scopes] })
      at = Math.max(at, end)
    }
    // A rule that matches nothing may open or close once at a place, not forever.
    for (let turns = 0; turns <= 4 * line.length + 8; turns++) {
      const top = stack[stack.length - 1]
      const found = this.next(line, at, top)
      if (!found) break
      upTo(found.match.index, top.inside ?? top.scopes)
      this.take(found, stack, upTo)
      if (at >= line.length && !stack[stack.length - 1].end) break
    }
    upTo(line.length, stack[stack.length - 1].inside ?? stack[0].scopes)
    return tokens
  }

  /** The first match from `at` on; of several at one place the end of the open rule, then the order. */
  next(line, at, top) {
    let best = null
    const tries = [...(top.end ? [{ rule: null, regex: top.end }] : []), ...this.candidates(top.rule)]
    for (const { rule, regex } of tries) {
      regex.lastIndex = at
      const match = regex.exec(line)
      if (match && (!best || match.index < best.match.index)) best = { rule, match }
    }
    return best
  }

  take({ rule, match }, stack, upTo) {
    const top = stack[stack.length - 1]
    if (rule === null) {
      this.captured(match, top.rule.endCaptures, top.inside, upTo)
      stack.pop()
      return
    }
    const inside = rule.name ? [...(top.inside ?? top.scopes), rule.name] : top.inside ?? top.scopes
    this.captured(match, rule.match ? rule.captures : rule.beginCaptures, inside, upTo)
    if (rule.begin) stack.push({ rule, end: compile(rule.end), scopes: inside, inside })
  }

  /** The parts of a match that have a name of their own. */
  captured(match, captures, scopes, upTo) {
    for (const [number, { name }] of Object.entries(captures ?? {})) {
      const range = match.indices[number]
      if (!range) continue
      upTo(range[0], scopes)
      upTo(range[1], [...scopes, name])
    }
    upTo(match.index + match[0].length, scopes)
  }
}

module.exports = { Grammar }
