-- The language server for Neovim: `require('dlm').setup()` in init.lua is all that is needed.
local M = {}

local defaults = {
  -- The program and its arguments.
  cmd = { 'dlm', 'lsp' },
  -- Lay the program out when it is written.
  format_on_save = false,
  -- `on_attach(client, buffer)`: keys of your own.
  on_attach = nil,
}

--- The folder that a program belongs to: of the repository, or its own.
local function root(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  local git = vim.fn.finddir('.git', folder .. ';')
  return git ~= '' and vim.fn.fnamemodify(git, ':p:h:h') or folder
end

--- Keys of a buffer; Neovim before 0.10 sets none by itself.
local function keys(buffer)
  local lsp = vim.lsp.buf
  local function map(key, run, words)
    vim.keymap.set('n', key, run, { buffer = buffer, desc = words })
  end
  map('K', lsp.hover, 'dlm: type and documentation')
  map('gd', lsp.definition, 'dlm: definition')
  map('gr', lsp.references, 'dlm: references')
  map('gO', lsp.document_symbol, 'dlm: outline')
  map('<leader>rn', lsp.rename, 'dlm: rename')
  map('<leader>ca', lsp.code_action, 'dlm: fixes')
  map('<leader>cl', vim.lsp.codelens.run, 'dlm: run, check')
end

--- Shows shapes in the margin and counts above layers, as far as this Neovim can.
local function decorate(client, buffer)
  local can = client.server_capabilities
  if can.inlayHintProvider and vim.lsp.inlay_hint then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if can.codeLensProvider then
    vim.lsp.codelens.refresh()
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, {
      buffer = buffer, callback = function() vim.lsp.codelens.refresh() end,
    })
  end
end

--- What runs a program in a window of its own, when the server's lens above it is chosen.
local function in_terminal(program, word)
  return function(command)
    vim.cmd('botright 12new')
    vim.fn.termopen({ program, word, vim.uri_to_fname(command.arguments[1]) })
  end
end

local function format(buffer)
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ bufnr = buffer, async = false })
  else
    vim.lsp.buf.formatting_sync()
  end
end

--- Starts the server for every dlm program that is opened.
function M.setup(options)
  local chosen = vim.tbl_extend('force', defaults, options or {})
  local group = vim.api.nvim_create_augroup('dlm', { clear = true })
  local clients = {}
  for _, word in ipairs({ 'run', 'test' }) do
    vim.lsp.commands['dlm.' .. word] = in_terminal(chosen.cmd[1], word)
  end

  local function attach(event)
    local path = vim.api.nvim_buf_get_name(event.buf)
    local folder = root(path)
    local id = clients[folder]
    if not id or not vim.lsp.get_client_by_id(id) then
      id = vim.lsp.start_client({
        name = 'dlm', cmd = chosen.cmd, root_dir = folder,
        on_attach = function(client, buffer)
          keys(buffer)
          decorate(client, buffer)
          if chosen.on_attach then chosen.on_attach(client, buffer) end
        end,
      })
      clients[folder] = id
    end
    if id then vim.lsp.buf_attach_client(event.buf, id) end
  end

  vim.api.nvim_create_autocmd('FileType', { group = group, pattern = 'dlm', callback = attach })
  if chosen.format_on_save then
    vim.api.nvim_create_autocmd('BufWritePre', {
      group = group, pattern = '*.dlm', callback = function(event) format(event.buf) end,
    })
  end
end

return M
