" Settings of a buffer that holds a dlm program.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:///,:// commentstring=//\ %s
setlocal expandtab shiftwidth=4 softtabstop=4
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.dlm
setlocal include=^\\s*use\\s
setlocal define=^\\s*\\(layer\\\|fn\\\|loss\\\|optimizer\\\|schedule\\\|train\\\|data\\\|dim\\\|let\\\|var\\)\\s
setlocal keywordprg=:DlmExplain
" Where the caret is on a code such as S012, K tells what it means.
command! -buffer -nargs=1 DlmExplain echo system('dlm explain ' . shellescape(<q-args>))
command! -buffer DlmFormat call s:format()
compiler dlm

" Lays the program out; a program with mistakes of form stays as it is.
function! s:format() abort
  let l:text = systemlist('dlm fmt -', getline(1, '$'))
  if v:shell_error
    echohl ErrorMsg | echo join(l:text, "\n") | echohl None
    return
  endif
  let l:view = winsaveview()
  if len(l:text) < line('$')
    call deletebufline('%', len(l:text) + 1, '$')
  endif
  call setline(1, l:text)
  call winrestview(l:view)
endfunction

let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop<'
  \ . ' formatoptions< suffixesadd< include< define< keywordprg< makeprg< errorformat<'
  \ . ' | delcommand -buffer DlmExplain | delcommand -buffer DlmFormat'
