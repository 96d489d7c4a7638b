#!/bin/sh
# Headless Emacs with eglot and the mode of grammar/emacs: diagnostics, hover, definition, references, rename, symbols, formatting, actions.
set -eu
dlm=$(readlink -f "${1:-dlm}")
mode=$(readlink -f "$(dirname "$0")/../../../grammar/emacs/dlm-mode.el")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/.git"
cat > "$work/main.dlm" <<'PROGRAM'
layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(1) }
let net = Net()
print rleu(net(ones[1, 2]))
let wide   = 3
PROGRAM
cat > "$work/test.el" <<'LISP'
(let ((default-directory "/usr/share/emacs/site-lisp/elpa/"))
  (when (file-directory-p default-directory) (normal-top-level-add-subdirs-to-load-path)))
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'xref)
(require 'imenu)
(load (getenv "MODE") nil t t)
(setq dlm-program (getenv "DLM"))
(setq eglot-sync-connect 20 eglot-autoshutdown t)
(defvar failed nil)
(defun expect (what holds)
  (princ (format "%s %s\n" (if holds "ok  " "FAIL") what))
  (unless holds (setq failed t)))
(defun until (test)
  (let ((end (+ (float-time) 15)))
    (while (and (not (funcall test)) (< (float-time) end)) (accept-process-output nil 0.05)))
  (funcall test))
(defun at (mark) (goto-char (point-min)) (search-forward mark) (goto-char (match-beginning 0)))
(find-file (concat (getenv "WORK") "/main.dlm"))
(expect "the shipped mode" (and (eq major-mode 'dlm-mode) (eq indent-line-function #'dlm-indent-line)))
(font-lock-ensure)
(expect "colours" (progn (goto-char (point-min)) (eq (get-text-property (point) 'face) 'font-lock-keyword-face)))
(apply #'eglot (eglot--guess-contact))
(expect "the shipped program is started"
        (equal (process-command (jsonrpc--process (eglot-current-server))) (list dlm-program "lsp")))
(defun ask (method &rest more)
  (jsonrpc-request (eglot--current-server-or-lose) method
                   (append (eglot--TextDocumentPositionParams) more)))
(flymake-start)
(expect "diagnostics" (until (lambda () (flymake-start) (= 1 (length (flymake-diagnostics))))))
(at "Net(x")
(expect "hover" (string-match "layer Net" (format "%s" (ask :textDocument/hover))))
(at "Net()")
(expect "definition" (= 0 (plist-get (plist-get (plist-get (ask :textDocument/definition) :range) :start) :line)))
(expect "references"
        (= 2 (length (ask :textDocument/references :context '(:includeDeclaration t)))))
(expect "symbols" (= 3 (length (ask :textDocument/documentSymbol))))
(at "net =")
(eglot-rename "model")
(expect "rename" (string-match "print rleu(model(" (buffer-string)))
(eglot-format-buffer)
(expect "formatting" (string-match "^let wide = 3$" (buffer-string)))
(expect "completion" (progn (at "rleu") (< 50 (length (plist-get (ask :textDocument/completion) :items)))))
(expect "semantic tokens"
        (< 50 (length (plist-get (jsonrpc-request (eglot--current-server-or-lose) :textDocument/semanticTokens/full
                                                  (list :textDocument (eglot--TextDocumentIdentifier))) :data))))
(eglot--signal-textDocument/didChange)
(let* ((range (list :start '(:line 2 :character 6) :end '(:line 2 :character 8)))
       (actions (jsonrpc-request (eglot--current-server-or-lose) :textDocument/codeAction
                                 (list :textDocument (eglot--TextDocumentIdentifier) :range range
                                       :context '(:diagnostics [])))))
  (eglot--apply-workspace-edit (plist-get (aref actions 0) :edit))
  (expect "a fix" (string-match "print relu(model(" (buffer-string))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(expect "shutdown" (null (eglot-current-server)))
(kill-emacs (if failed 1 0))
LISP
DLM="$dlm" MODE="$mode" WORK="$work" XDG_CACHE_HOME="$work/cache" emacs --batch -Q -l "$work/test.el"
