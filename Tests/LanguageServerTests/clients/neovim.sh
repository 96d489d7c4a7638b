#!/bin/sh
# Headless Neovim: diagnostics, hover, definition, references, rename, symbols, completion, formatting, actions.
set -eu
dlm=$(readlink -f "${1:-dlm}")
vim=$(readlink -f "$(dirname "$0")/../../../grammar/vim")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/main.dlm" <<'PROGRAM'
layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(1) }
let net = Net()
print rleu(net(ones[1, 2]))
let wide   = 3
PROGRAM
cat > "$work/test.lua" <<'LUA'
local failed = false
local function expect(what, holds)
  io.stdout:write((holds and 'ok   ' or 'FAIL ') .. what .. '\n')
  failed = failed or not holds
end
vim.cmd('edit ' .. vim.env.WORK .. '/main.dlm')
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = 'dlm', cmd = { vim.env.DLM, 'lsp' }, root_dir = vim.env.WORK })
vim.lsp.buf_attach_client(buffer, id)
vim.wait(10000, function() return #vim.diagnostic.get(buffer) > 0 end)
local found = vim.diagnostic.get(buffer)
expect('diagnostics', #found == 1 and found[1].code == 'N001' and found[1].lnum == 2)
local function ask(method, line, column, more)
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = line, character = column } }
  for key, value in pairs(more or {}) do params[key] = value end
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 10000)
  return answers and answers[id] and answers[id].result
end
expect('hover', ask('textDocument/hover', 0, 6).contents.value:find('layer Net', 1, true) ~= nil)
expect('definition', ask('textDocument/definition', 1, 10).range.start.line == 0)
expect('definition in the prelude', ask('textDocument/definition', 0, 47).uri:find('layers.dlm', 1, true) ~= nil)
expect('references', #ask('textDocument/references', 1, 4, { context = { includeDeclaration = true } }) == 2)
expect('highlights', #ask('textDocument/documentHighlight', 1, 4) == 2)
expect('symbols', #ask('textDocument/documentSymbol', 0, 0) == 3)
expect('signature', ask('textDocument/signatureHelp', 0, 53).signatures[1].label:find('Linear(out: int', 1, true) ~= nil)
expect('completion', #ask('textDocument/completion', 2, 7).items > 50)
local actions = ask('textDocument/codeAction', 0, 0, {
  range = { start = { line = 2, character = 6 }, ['end'] = { line = 2, character = 8 } },
  context = { diagnostics = {} } })
vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
expect('a fix', vim.api.nvim_buf_get_lines(buffer, 2, 3, true)[1] == 'print relu(net(ones[1, 2]))')
vim.wait(10000, function() return #vim.diagnostic.get(buffer) == 0 end)
expect('diagnostics go', #vim.diagnostic.get(buffer) == 0)
vim.api.nvim_win_set_cursor(0, { 2, 4 })
vim.lsp.buf.rename('model')
vim.wait(10000, function() return vim.api.nvim_buf_get_lines(buffer, 1, 2, true)[1] == 'let model = Net()' end)
expect('rename', vim.api.nvim_buf_get_lines(buffer, 2, 3, true)[1] == 'print relu(model(ones[1, 2]))')
vim.lsp.buf.formatting_sync({}, 10000)
expect('formatting', vim.api.nvim_buf_get_lines(buffer, 3, 4, true)[1] == 'let wide = 3')
vim.opt.runtimepath:append(vim.env.VIMFILES)
require('dlm').setup({ cmd = { vim.env.DLM, 'lsp' } })
vim.cmd('write')
vim.lsp.commands['dlm.run']({ arguments = { vim.uri_from_bufnr(buffer), 'fit' } })
local window = vim.api.nvim_get_current_buf()
local function shown() return table.concat(vim.api.nvim_buf_get_lines(window, 0, -1, false), '\n') end
vim.wait(10000, function() return shown():find('[[', 1, true) ~= nil end)
expect('a lens runs the program', shown():find('[[', 1, true) ~= nil)
vim.lsp.stop_client(id)
vim.wait(5000, function() return vim.lsp.client_is_stopped(id) end)
expect('shutdown', vim.lsp.client_is_stopped(id))
vim.cmd(failed and 'cquit 1' or 'quitall!')
LUA
VIMFILES="$vim" DLM="$dlm" WORK="$work" XDG_CACHE_HOME="$work/cache" HOME="$work" nvim --headless --clean -u NONE -c "luafile $work/test.lua"
