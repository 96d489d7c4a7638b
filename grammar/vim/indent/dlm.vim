" Indents by open brackets; stages of a pipe and other lines that go on stand one step deeper.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=DlmIndent(v:lnum)
setlocal indentkeys=0{,0},0),0],0\|,!^F,o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*DlmIndent')
  finish
endif

" A line without its strings and its comment.
function! s:code(number) abort
  return substitute(substitute(getline(a:number), '"\%(\\.\|[^"\\]\)*"', '""', 'g'), '//.*$', '', '')
endfunction

" Whether a line goes on with the one before: a stage of a pipe, a part of a `minimize`.
function! s:goes_on(number) abort
  return s:code(a:number) =~# '^\s*\%(|>\|\%(over\|with\|where\|as\|and\|or\|div\)\>\|[?:.*/%^@=<>+]\)'
endfunction

" The line that the statement of a line begins on.
function! s:first(number) abort
  let l:number = a:number
  while l:number > 1 && s:goes_on(l:number)
    let l:number = prevnonblank(l:number - 1)
  endwhile
  return l:number
endfunction

" The line of the innermost bracket that is open where a line begins; 0 if there is none.
function! s:open(number) abort
  call cursor(a:number, 1)
  let l:skip = 'synIDattr(synID(line("."), col("."), 1), "name") =~# "String\\|Comment\\|Documentation"'
  let l:line = searchpair('[[({]', '', '[])}]', 'bnW', l:skip)
  return l:line < a:number ? l:line : 0
endfunction

function! DlmIndent(number) abort
  let l:code = s:code(a:number)
  let l:above = prevnonblank(a:number - 1)
  let l:open = s:open(a:number)
  let l:base = l:open ? indent(s:first(l:open)) : 0
  if l:code =~# '^\s*[])}]'
    return l:base
  endif
  " Stages stand below each other, and `else` below its `if`.
  let l:stage = l:code =~# '^\s*|>' ? '|>' : l:code =~# '^\s*else\>' ? '\<if\>' : ''
  if l:stage !=# '' && match(s:code(l:above), l:stage) >= 0
    return match(s:code(l:above), l:stage)
  endif
  return l:base + (l:open ? shiftwidth() : 0) + (s:goes_on(a:number) ? shiftwidth() : 0)
endfunction
