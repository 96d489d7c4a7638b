;;; dlm-mode.el --- Programs of dlm, a language for neural networks  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, indentation, an outline and commands for .dlm files; with eglot the language server
;; `dlm lsp' shows mistakes while they are typed.  README.md beside this file says how to install it.

;;; Code:

(defvar compilation-error-regexp-alist)
(defvar compilation-error-regexp-alist-alist)
(defvar eglot-server-programs)

(defgroup dlm nil "Programs of dlm." :group 'languages :prefix "dlm-")

(defcustom dlm-program "dlm"
  "The program dlm: a name on the path or a whole path."
  :type 'string)

(defcustom dlm-indent-offset 4
  "Columns of a step of indentation; `dlm fmt' sets four."
  :type 'natnum :safe #'natnump)

(defvar dlm-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "w" table)
    (dolist (sign '(?+ ?- ?* ?% ?^ ?@ ?< ?> ?= ?? ?| ?~ ?. ?&))
      (modify-syntax-entry sign "." table))
    table))

;; Words are keywords by their place, as in the parser: at the start of a statement when what follows
;; can go on with it.  `\(?1:' is what gets the colour.

(eval-and-compile
  (defconst dlm--start "\\(?:^\\|[{};]\\)[ \t]*")
  (defconst dlm--word "[ \t]+[\"[:word:]]")
  (defun dlm--statement (words after)
    "A pattern of WORDS at the start of a statement with AFTER behind them."
    (concat dlm--start "\\(?1:" (regexp-opt words) "\\)\\_>" after)))

(defun dlm--match (pattern)
  "A matcher of PATTERN that leaves operators such as `log or x' alone."
  (lambda (limit)
    (let (found)
      (while (and (not found) (re-search-forward pattern limit t))
        (goto-char (match-end 1))
        (setq found (not (looking-at-p "[ \t]+\\(?:and\\|or\\|div\\|like\\|along\\|as\\)\\_>"))))
      found)))

(defconst dlm--kinds
  (regexp-opt '("fn" "string" "real" "int" "bool" "logit" "prob" "logprob" "index" "ints" "reals"
                "f16" "bf16" "f32" "f64" "i32" "i64" "u8")))

(defconst dlm--connectives
  (regexp-opt '("over" "with" "as" "from" "rename" "wrt" "to" "in" "on" "for" "where" "carry" "by"
                "at" "stalls" "keep" "except" "like" "along" "fixed")))

(defun dlm--in-hole (limit)
  "Find a brace in a string, which holds an expression, before LIMIT."
  (let (found)
    (while (and (not found) (re-search-forward "[{}]" limit t))
      (setq found (save-match-data
                    (save-excursion (nth 3 (syntax-ppss (match-beginning 0)))))))
    found))

(defconst dlm-font-lock-keywords
  `((,(concat dlm--start "\\(?1:layer\\|optimizer\\)[ \t]+\\(?2:\\sw+\\)")
     (1 font-lock-keyword-face) (2 font-lock-type-face))
    (,(concat dlm--start "\\(?1:fn\\|loss\\|schedule\\|train\\)[ \t]+\\(?2:\\sw+\\)")
     (1 font-lock-keyword-face) (2 font-lock-function-name-face))
    (,(concat dlm--start "\\(?1:data\\)[ \t]+\\(?2:\\sw+\\)[ \t]*=")
     (1 font-lock-keyword-face) (2 font-lock-variable-name-face))
    (,(concat dlm--start "\\(?1:sweep\\)[ \t]+\\(?2:\\sw+\\)")
     (1 font-lock-keyword-face) (2 font-lock-variable-name-face))
    (,(concat dlm--start "\\(?1:use\\|test\\)[ \t]+\"") (1 font-lock-keyword-face))
    (,(dlm--match (dlm--statement '("let" "var" "for" "while" "repeat" "scan" "when")
                                  (concat "\\(?:[ \t]*(\\|" dlm--word "\\)")))
     (1 font-lock-keyword-face))
    (,(dlm--match (dlm--statement '("print" "penalize" "emit" "expect" "minimize" "update")
                                  (concat "\\(?:[ \t]*[[(]\\|[ \t]+-\\|" dlm--word "\\)")))
     (1 font-lock-keyword-face))
    (,(dlm--match (dlm--statement '("plot" "save" "graph")
                                  (concat "\\(?:[ \t]*\\[\\|" dlm--word "\\)")))
     (1 font-lock-keyword-face))
    (,(dlm--match (dlm--statement
                   '("dim" "param" "state" "log" "eval" "freeze" "unfreeze" "run" "batch" "epochs"
                     "steps" "seed" "precision" "accumulate" "clip" "every" "checkpoint")
                   dlm--word))
     (1 font-lock-keyword-face))
    (,(concat dlm--start "\\(?1:if\\|match\\|return\\)\\_>") (1 font-lock-keyword-face))
    (,(concat dlm--start "\\(?1:step\\)[ \t]*{") (1 font-lock-keyword-face))
    (,(concat dlm--start "\\(?1:stop[ \t]+when\\)\\_>") (1 font-lock-keyword-face))
    (,(concat dlm--start "\\(?1:on\\)[ \t]+\\(?2:nan\\)[ \t]*{")
     (1 font-lock-keyword-face) (2 font-lock-constant-face))
    (,(concat dlm--start "\\(?1:halt\\)[ \t]*\\(?:$\\|}\\|//\\)") (1 font-lock-keyword-face))
    ("[[:word:])\"][ \t]+\\(?1:penalize\\|every\\)[ \t]+[\"[:word:]]" (1 font-lock-keyword-face))
    ("\\_<\\(?:\\(if\\)[ \t]+\\(let\\)\\|else\\)\\_>" . font-lock-keyword-face)
    ("\\_<\\(if\\|match\\)[ \t(]" (1 font-lock-keyword-face))
    ("\\_<\\(fn\\)[ \t]*(" (1 font-lock-keyword-face))
    ("}[ \t]*\\(grad\\)[ \t]*([^()]*)[ \t]*{" (1 font-lock-keyword-face))
    ("\\_<\\(?:all[ \t]+but\\|drop[ \t]+last\\|\\(?:keep\\|restore\\)[ \t]+\\(?:best\\|last\\)\\)\\_>"
     . font-lock-keyword-face)
    ("\\_<\\(shuffled\\)[ \t]*\\(?:$\\|}\\|//\\|drop\\_>\\)" (1 font-lock-keyword-face))
    (,(dlm--match (concat "\\(?:^\\|[^.[:word:]]\\)\\(?1:" dlm--connectives
                          "\\)[ \t]+\\(?:[\"[:word:]([]\\|\\.\\.\\.\\|-[^ \t]\\)"))
     (1 font-lock-keyword-face))
    ("[ \t]\\(over\\|with\\|where\\|by\\)[ \t]*$" (1 font-lock-keyword-face))
    ("\\(?:^\\|[^.[:word:]]\\)\\(?1:and\\|or\\|not\\|div\\)\\_>" (1 font-lock-builtin-face))
    ("\\(?:^\\|[^.[:word:]]\\)\\(?1:true\\|false\\|none\\|inf\\|pi\\|training\\)\\_>"
     (1 font-lock-constant-face))
    (,(concat "\\(?::\\|->\\|[[(]\\)[ \t]*\\(?1:" dlm--kinds
              "\\)[ \t]*\\(?:[][)},=?{]\\|$\\|\\(?:if\\|where\\)\\_>\\)")
     (1 font-lock-type-face))
    (,(concat "\\_<\\(?1:" dlm--kinds "\\)\\[") (1 font-lock-type-face))
    ("\\_<\\(index\\)([^()]*)\\(?:\\[\\|[ \t]*{\\)" (1 font-lock-type-face))
    ("\\(?:^\\|[^.[:word:]]\\)\\(?1:[[:alpha:]_]\\sw*\\):" (1 font-lock-variable-name-face))
    ("|>[ \t]*\\(?1:[a-z_]\\sw*\\)\\_>" (1 font-lock-function-name-face))
    ("\\_<\\(?1:[a-z_]\\sw*\\)(" (1 font-lock-function-name-face))
    (,(lambda (limit) (let ((case-fold-search nil))
                        (re-search-forward "\\_<\\([A-Z]\\sw*\\)(" limit t)))
     (1 font-lock-type-face))
    (,(lambda (limit) (let ((case-fold-search nil))
                        (re-search-forward "\\_<\\([A-Z]\\sw*\\)\\_>" limit t)))
     (1 font-lock-constant-face))
    ("|>\\|->" . font-lock-builtin-face)
    ("&&\\|||\\|\\+\\+\\|\\*\\*\\|![^=]\\|[#$'`]" . font-lock-warning-face)
    (dlm--in-hole (0 font-lock-preprocessor-face t)))
  "Colours of `dlm-mode'.")

;;; Indentation

(defconst dlm--continues
  "[ \t]*\\(?:|>\\|\\(?:over\\|with\\|where\\|as\\|and\\|or\\|div\\)\\_>\\|[?:.*%^@=<>+]\\|/[^/]\\)"
  "How a line begins that goes on with the one before.")

(defun dlm--goes-on ()
  "Whether the line of point goes on with the one before."
  (save-excursion (beginning-of-line) (looking-at dlm--continues)))

(defun dlm--column-above (pattern)
  "The column of PATTERN in the line above that is not empty, or nil."
  (save-excursion
    (beginning-of-line)
    (skip-chars-backward " \t\n")
    (let ((end (point)))
      (beginning-of-line)
      (when (re-search-forward pattern end t)
        (goto-char (match-beginning 0))
        (unless (or (nth 3 (syntax-ppss)) (nth 4 (syntax-ppss))) (current-column))))))

(defun dlm--indentation ()
  "The column where the line of point should begin."
  (save-excursion
    (beginning-of-line)
    (let* ((open (nth 1 (syntax-ppss)))
           (closes (looking-at "[ \t]*[])}]"))
           (goes-on (dlm--goes-on))
           (base (if (not open) 0
                   (save-excursion
                     (goto-char open)
                     (while (and (dlm--goes-on) (zerop (forward-line -1))))
                     (current-indentation)))))
      (cond ((and (looking-at "[ \t]*|>") (dlm--column-above "|>")))
            ((and (looking-at "[ \t]*else\\_>") (dlm--column-above "\\_<if\\_>")))
            ((not open) (if goes-on dlm-indent-offset 0))
            (closes base)
            (goes-on (+ base (* 2 dlm-indent-offset)))
            (t (+ base dlm-indent-offset))))))

(defun dlm-indent-line ()
  "Indent the line of point by the brackets that are open."
  (interactive)
  (let ((column (dlm--indentation))
        (from-text (- (current-column) (current-indentation))))
    (unless (save-excursion (nth 3 (syntax-ppss (line-beginning-position))))
      (indent-line-to column)
      (when (> from-text 0) (forward-char from-text)))))

;;; Commands

(defun dlm--run (command &rest options)
  "Run dlm COMMAND with OPTIONS on the file of this buffer."
  (unless buffer-file-name (user-error "Save the program first"))
  (save-buffer)
  (compile (mapconcat #'shell-quote-argument
                      `(,dlm-program ,command ,@options ,buffer-file-name) " ")))

(defun dlm-run () "Run this program." (interactive) (dlm--run "run"))
(defun dlm-check () "Check this program." (interactive) (dlm--run "check" "--format" "short"))
(defun dlm-test () "Run the tests of this program." (interactive) (dlm--run "test"))

(defun dlm-format ()
  "Lay this program out; one with mistakes of form stays as it is."
  (interactive)
  (let ((output (generate-new-buffer " *dlm fmt*")) (errors (make-temp-file "dlm")))
    (unwind-protect
        (if (zerop (call-process-region nil nil dlm-program nil (list output errors) nil "fmt" "-"))
            (replace-buffer-contents output)
          (user-error "%s" (with-temp-buffer (insert-file-contents errors) (buffer-string))))
      (kill-buffer output)
      (delete-file errors))))

(defun dlm-explain (code)
  "Show what the diagnostic CODE means, the one at point by default."
  (interactive (list (let ((word (thing-at-point 'word t)))
                       (if (and word (string-match-p "\\`[A-Z][0-9]\\{3\\}\\'" word)) word
                         (read-string "Code: ")))))
  (with-help-window "*dlm explain*"
    (princ (shell-command-to-string
            (format "%s explain %s" (shell-quote-argument dlm-program)
                    (shell-quote-argument code))))))

(defvar dlm-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'dlm-run)
    (define-key map (kbd "C-c C-k") #'dlm-check)
    (define-key map (kbd "C-c C-t") #'dlm-test)
    (define-key map (kbd "C-c C-f") #'dlm-format)
    (define-key map (kbd "C-c C-e") #'dlm-explain)
    map))

(defvar dlm-imenu-expression
  '(("Layers" "^layer[ \t]+\\(\\sw+\\)" 1)
    ("Functions" "^\\(?:fn\\|loss\\|optimizer\\|schedule\\)[ \t]+\\(\\sw+\\)" 1)
    ("Data" "^data[ \t]+\\(\\sw+\\)" 1)
    ("Training" "^\\(?:train\\|sweep\\)[ \t]+\\(\\sw+\\)" 1)))

;;;###autoload
(define-derived-mode dlm-mode prog-mode "dlm"
  "Programs of dlm.
\\{dlm-mode-map}"
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local font-lock-defaults '(dlm-font-lock-keywords))
  (setq-local indent-line-function #'dlm-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 4)
  (setq-local electric-indent-chars (append "{}[]()|" electric-indent-chars))
  (setq-local imenu-generic-expression dlm-imenu-expression))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.dlm\\'" . dlm-mode))

;; The form of `dlm check --format short', for `next-error'.
(with-eval-after-load 'compile
  (add-to-list 'compilation-error-regexp-alist-alist
               '(dlm "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(note\\)\\)"
                     1 2 3 (4 . 5)))
  (add-to-list 'compilation-error-regexp-alist 'dlm))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons 'dlm-mode (lambda (&optional _) (list dlm-program "lsp")))))

(provide 'dlm-mode)
;;; dlm-mode.el ends here
