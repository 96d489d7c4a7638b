" Writes the file that is open with the colour of each character below it, one letter each.
let s:letters = {'Documentation': 'C', 'Comment': 'c', 'Error': '!', 'String': 's', 'Escape': 'E',
  \ 'Number': 'n', 'Constant': 'N', 'Type': 't', 'Constructor': 'L', 'ConstructorName': 'L',
  \ 'Function': 'f', 'Defined': 'F', 'Declare': 'K', 'Statement': 'k', 'Connective': 'w',
  \ 'WordOperator': 'o', 'Operator': 'o', 'Label': 'p', 'Field': '.', 'Dim': 'D', 'Name': 'v',
  \ 'HoleEdge': 'e', 'Todo': 'c'}
let s:lines = []
for s:number in range(1, line('$'))
  let s:marks = ''
  let s:text = getline(s:number)
  let s:column = 0
  while s:column < strlen(s:text)
    let s:character = strpart(s:text, s:column)[0:0]
    let s:whole = matchstr(s:text, '.', s:column)
    let s:name = synIDattr(synID(s:number, s:column + 1, 1), 'name')
    let s:marks .= s:whole ==# ' ' ? ' ' : get(s:letters, substitute(s:name, '^dlm', '', ''), ',')
    let s:column += strlen(s:whole)
  endwhile
  call add(s:lines, s:text)
  call add(s:lines, substitute(s:marks, '\s*$', '', ''))
endfor
call writefile(s:lines, $DLM_OUTPUT)
qall!
