" `:make` checks the program; the quickfix list holds what is wrong.
if exists('current_compiler')
  finish
endif
let current_compiler = 'dlm'

CompilerSet makeprg=dlm\ check\ --format\ short\ %:S
CompilerSet errorformat=%f:%l:%c:\ %trror%m,%f:%l:%c:\ %tarning%m,%f:%l:%c:\ %tote%m,%f:%l:%c:\ %trror:\ %m
