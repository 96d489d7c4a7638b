autocmd BufNewFile,BufRead *.dlm setfiletype dlm
