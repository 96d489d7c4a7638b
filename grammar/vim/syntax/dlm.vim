" Colours of dlm. Words are keywords by their place, as in the parser: at the start of a statement
" when what follows can go on with it.
if exists('b:current_syntax')
  finish
endif
let s:save = &cpo
set cpo&vim
syntax case match
syntax iskeyword @,48-57,_
syntax sync minlines=1

" The start of a statement, and what must follow a word for it to begin one.
let s:start = '\v%(^|[{};])\s*\zs'
let s:word = '\ze\s+%(%(and|or|div|like|along|as)>)@![A-Za-z0-9_"]'
let s:words = {
  \ 'dlmDeclare': ['(dim|param|state)>'],
  \ 'dlmStatement': ['(log|eval|freeze|unfreeze|run|batch|epochs|steps|seed|precision|accumulate|clip|every|checkpoint)>'],
  \ }

syntax match dlmName /\<[a-z_]\w*\>/ display
syntax match dlmDim /\<[A-Z]\w*\>/ display
syntax match dlmField /\.\@<=\h\w*\>/ display
syntax match dlmOperator /|>\|->\|\.\.\.\|\.\.<\|\.\.\|==\|!=\|<=\|>=\|\~=\|[-+*\/]\==\|[-+*\/%^@<>?:=]/ display
syntax match dlmError /&&\|||\|++\|--\|\*\*\|!=\@!\|[^\x00-\x7f]\|[#$&'`\\]/ display
syntax match dlmFunction /\<[a-z_]\w*\ze(/ display
syntax match dlmFunction /\%(|>\s*\)\@<=[a-z_]\w*\>\.\@!/ display
syntax match dlmConstructor /\<[A-Z]\w*\ze(/ display
syntax match dlmLabel /\.\@<!\<\h\w*\ze:\%(\s*\d\+\s*}\)\@!/ display
syntax match dlmNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\=\%([eE][-+]\=\d[0-9_]*\)\=\>/ display

syntax match dlmType /\%(:\|->\|[([]\)\@<=\s*\<\%(fn\|string\|real\|int\|bool\|logit\|prob\|logprob\|index\|ints\|reals\|f16\|bf16\|f32\|f64\|i32\|i64\|u8\)\>\ze\s*\%([[\])}},=?{]\|$\|if\>\|where\>\)/ display
syntax match dlmType /\.\@<!\<\%(real\|int\|bool\|logit\|prob\|logprob\|index\|f16\|bf16\|f32\|f64\|i32\|i64\|u8\)\ze\[/ display
syntax match dlmType /\.\@<!\<index\ze([^()]*)\%(\[\|\s*{\)/ display

syntax match dlmConstant /\.\@<!\<\%(true\|false\|none\|inf\|pi\|training\)\>(\@!/ display
syntax match dlmWordOperator /\.\@<!\<\%(and\|or\|not\|div\)\>:\@!/ display
syntax match dlmConnective /\.\@<!\<\%(over\|with\|as\|from\|rename\|wrt\|to\|in\|on\|for\|where\|carry\|by\|at\|stalls\|keep\|except\|like\|along\|fixed\)\>\ze\s\+\%(\%(and\|or\|div\|like\|along\|as\)\>\)\@!\%(["A-Za-z0-9_([]\|\.\.\.\|-\S\)/ display
syntax match dlmConnective /\S\s\+\zs\%(over\|with\|where\|by\)\s*$/ display
syntax match dlmConnective /\<all\s\+but\>\|\<drop\s\+last\>\|\<\%(keep\|restore\)\s\+\%(best\|last\)\>/ display
syntax match dlmConnective /\<shuffled\>\ze\s*\%($\|}\|\/\/\|drop\>\)/ display
syntax match dlmStatement /\.\@<!\<else\>\|\.\@<!\<\%(if\|match\)\>\ze[ \t(]/ display
syntax match dlmDeclare /\%(\<if\s\+\)\@<=let\>/ display
syntax match dlmDeclare /\.\@<!\<fn\ze\s*(/ display
syntax match dlmDeclare /\.\@<!\<grad\ze\s*([^()]*)\s*{/ display
syntax match dlmFunction /\<augment\ze\s*{/ display
execute 'syntax match dlmStatement /\v%([A-Za-z0-9_)\]"]\s+)@<=%(penalize|every)>' . s:word . '/ display'

for [s:group, s:patterns] in items(s:words)
  for s:pattern in s:patterns
    execute 'syntax match ' . s:group . ' /' . s:start . '%' . s:pattern . s:word . '/ display'
  endfor
endfor
execute 'syntax match dlmStatement /' . s:start . '%(print|penalize|emit|expect|minimize|update)>\ze\s*%([(\[]|\s-|%(\s%(and|or|div|like|along|as)>)@!\s["A-Za-z0-9_])/ display'
execute 'syntax match dlmStatement /' . s:start . '%(plot|save|graph)>\ze\s*%(\[|%(\s%(and|or|div|like|along|as)>)@!\s["A-Za-z0-9_])/ display'
execute 'syntax match dlmStatement /' . s:start . '%(for|while|repeat|scan|when)>\ze\s*%(\(|%(\s%(and|or|div|like|along|as)>)@!\s["A-Za-z0-9_])/ display'
execute 'syntax match dlmDeclare /' . s:start . '%(let|var)>\ze\s*%(\(|%(\s%(and|or|div|like|along|as)>)@!\s["A-Za-z0-9_])/ display'
execute 'syntax match dlmStatement /' . s:start . '%(if|match|return)>/ display'
execute 'syntax match dlmStatement /' . s:start . 'step>\ze\s*\{/ display'
execute 'syntax match dlmStatement /' . s:start . 'stop\s+when>/ display'
execute 'syntax match dlmStatement /' . s:start . 'on\ze\s+nan\s*\{/ display'
syntax match dlmConstant /\%(\<on\s\+\)\@<=nan\ze\s*{/ display
execute 'syntax match dlmStatement /' . s:start . 'halt>\ze\s*%($|}|\/\/)/ display'
execute 'syntax match dlmDeclare /' . s:start . '%(use|test)\ze\s+"/ display'
execute 'syntax match dlmDeclare /' . s:start . '%(layer|optimizer)\ze\s+\h/ nextgroup=dlmConstructorName skipwhite display'
execute 'syntax match dlmDeclare /' . s:start . '%(fn|loss|schedule|train)\ze\s+\h/ nextgroup=dlmDefined skipwhite display'
execute 'syntax match dlmDeclare /' . s:start . '%(data\ze\s+\h\w*\s*\=|sweep\ze\s+\h)/ display'
syntax match dlmConstructorName /\h\w*/ contained display
syntax match dlmDefined /\h\w*/ contained display

syntax region dlmString start=/"/ skip=/\\./ end=/"\|$/ oneline contains=dlmEscape,dlmHole
syntax match dlmEscape /\\./ contained display
syntax region dlmHole matchgroup=dlmHoleEdge start=/{/ end=/}/ excludenl end=/$/ contained oneline contains=@dlmCode
syntax region dlmNested start=/{/ end=/}/ excludenl end=/$/ contained oneline transparent contains=@dlmCode
syntax cluster dlmCode contains=dlm.*
syntax cluster dlmCode remove=dlmTodo,dlmEscape,dlmHole,dlmComment,dlmDocumentation,dlmConstructorName,dlmDefined
syntax match dlmComment +//.*$+ contains=dlmTodo,@Spell
syntax match dlmDocumentation +///.*$+ contains=@Spell
syntax keyword dlmTodo TODO FIXME XXX contained

highlight default link dlmComment Comment
highlight default link dlmDocumentation SpecialComment
highlight default link dlmTodo Todo
highlight default link dlmString String
highlight default link dlmEscape SpecialChar
highlight default link dlmHoleEdge SpecialChar
highlight default link dlmNumber Number
highlight default link dlmConstant Constant
highlight default link dlmType Type
highlight default link dlmDim Identifier
highlight default link dlmConstructor Structure
highlight default link dlmConstructorName Structure
highlight default link dlmFunction Function
highlight default link dlmDefined Function
highlight default link dlmDeclare Keyword
highlight default link dlmStatement Statement
highlight default link dlmConnective Keyword
highlight default link dlmWordOperator Operator
highlight default link dlmOperator Operator
highlight default link dlmLabel Label
highlight default link dlmError Error

let b:current_syntax = 'dlm'
let &cpo = s:save
unlet s:save s:start s:word s:words s:group s:patterns s:pattern
