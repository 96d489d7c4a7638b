"""Every feature of `dlm lsp` through pytest-lsp, which refuses answers that are not of the protocol."""

import asyncio
import pathlib

import pytest
import pytest_asyncio
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = """data points = rows(x: [[0.0, 1.0], [1.0, 0.0]], y: [[1.0], [0.0]])

/// Two layers.
layer Net(x: real[B, 2]) -> real[B, 1] {
    let h = x |> Linear(8) |> tanh
    h |> Linear(1)
}

let net = Net()

train fit on points {
    batch 2
    minimize mse(net(x), y) over net with SGD(lr: 0.1)
    every epoch { eval points { log mse(net(x), y) as err } }
}
print rleu(net(ones[1, 2]))
let wide   = 3
print ones[2, 3] |> rel
"""


@pytest_asyncio.fixture
async def client(request, tmp_path):
    config = ClientServerConfig(
        server_command=[request.config.getoption("--dlm"), "lsp"],
        client_factory=make_test_lsp_client)
    client = await config.start()

    @client.feature("client/registerCapability")
    def watched(params: lsp.RegistrationParams):
        client.registrations = params.registrations

    await client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"),
            workspace_folders=[lsp.WorkspaceFolder(uri=tmp_path.as_uri(), name="work")]))
    client.uri = (tmp_path / "main.dlm").as_uri()
    (tmp_path / "part.dlm").write_text("layer Part(x: real[B, D]) -> real[B, D] { x }\n")
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            text_document=lsp.TextDocumentItem(
                uri=client.uri, language_id="dlm", version=1, text=PROGRAM)))
    yield client
    await client.shutdown_session()
    await client.stop()


def document(client):
    return lsp.TextDocumentIdentifier(uri=client.uri)


def at(client, mark, offset=0):
    before = PROGRAM[: PROGRAM.index(mark) + offset]
    line = before.count("\n")
    return dict(
        text_document=document(client),
        position=lsp.Position(line=line, character=len(before) - before.rfind("\n") - 1))


EVERYWHERE = lsp.Range(start=lsp.Position(line=0, character=0), end=lsp.Position(line=99, character=0))


@pytest.mark.asyncio
async def test_diagnostics_and_fixes(client):
    report = await client.text_document_diagnostic_async(
        lsp.DocumentDiagnosticParams(text_document=document(client)))
    assert {item.code for item in report.items} == {"N001"}
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            text_document=document(client), range=EVERYWHERE,
            context=lsp.CodeActionContext(diagnostics=[])))
    assert {action.kind for action in actions} == {"quickfix", "source.fixAll.dlm"}


@pytest.mark.asyncio
async def test_hints(client):
    hints = await client.text_document_inlay_hint_async(
        lsp.InlayHintParams(text_document=document(client), range=EVERYWHERE))
    labels = {hint.label for hint in hints}
    assert {"real[B, 8] · 24 params", ": real[B, 8]", "33 params", ": Net · 33 params"} <= labels
    stage = next(hint for hint in hints if hint.label == "real[B, 8] · 24 params")
    assert "Linear(8)" in (await client.inlay_hint_resolve_async(stage)).tooltip.value


@pytest.mark.asyncio
async def test_hover_and_signature(client):
    hover = await client.text_document_hover_async(lsp.HoverParams(**at(client, "Net(x")))
    assert "Two layers." in hover.contents.value and "parameters: 33" in hover.contents.value
    help = await client.text_document_signature_help_async(
        lsp.SignatureHelpParams(**at(client, "Linear(8", 7)))
    assert help.signatures[0].label.startswith("Linear(out: int")


@pytest.mark.asyncio
async def test_completion(client):
    found = await client.text_document_completion_async(
        lsp.CompletionParams(**at(client, "rel\n", 3)))
    assert next(item for item in found.items if item.label == "relu").detail == "-> real[2, 3]"


@pytest.mark.asyncio
async def test_navigation(client):
    definition = await client.text_document_definition_async(
        lsp.DefinitionParams(**at(client, "net(x)")))
    assert (definition.uri, definition.range.start.line) == (client.uri, 8)
    prelude = await client.text_document_definition_async(
        lsp.DefinitionParams(**at(client, "Linear(8")))
    assert prelude.uri.endswith("/layers.dlm")
    references = await client.text_document_references_async(
        lsp.ReferenceParams(
            **at(client, "net ="), context=lsp.ReferenceContext(include_declaration=True)))
    assert len(references) == 5
    highlights = await client.text_document_document_highlight_async(
        lsp.DocumentHighlightParams(**at(client, "net =")))
    assert len(highlights) == 5
    links = await client.text_document_document_link_async(
        lsp.DocumentLinkParams(text_document=document(client)))
    assert not links


@pytest.mark.asyncio
async def test_rename(client):
    ready = await client.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(**at(client, "B, 2")))
    assert ready.placeholder == "B"
    edit = await client.text_document_rename_async(
        lsp.RenameParams(**at(client, "B, 2"), new_name="Rows"))
    assert len(edit.document_changes[0].edits) == 2


@pytest.mark.asyncio
async def test_symbols_and_structure(client):
    symbols = await client.text_document_document_symbol_async(
        lsp.DocumentSymbolParams(text_document=document(client)))
    assert [symbol.name for symbol in symbols] == ["points", "Net", "net", "fit", "wide"]
    found = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams(query="part"))
    assert [symbol.name for symbol in found] == ["Part"]
    folds = await client.text_document_folding_range_async(
        lsp.FoldingRangeParams(text_document=document(client)))
    assert (3, 5) in [(fold.start_line, fold.end_line) for fold in folds]
    ranges = await client.text_document_selection_range_async(
        lsp.SelectionRangeParams(
            text_document=document(client), positions=[lsp.Position(line=4, character=14)]))
    assert ranges[0].parent.range != ranges[0].range


@pytest.mark.asyncio
async def test_formatting(client):
    options = lsp.FormattingOptions(tab_size=4, insert_spaces=True)
    edits = await client.text_document_formatting_async(
        lsp.DocumentFormattingParams(text_document=document(client), options=options))
    assert [edit.new_text for edit in edits] == ["let wide = 3\n"]
    none = await client.text_document_range_formatting_async(
        lsp.DocumentRangeFormattingParams(
            text_document=document(client), options=options,
            range=lsp.Range(
                start=lsp.Position(line=0, character=0), end=lsp.Position(line=3, character=0))))
    assert not none


@pytest.mark.asyncio
async def test_semantic_tokens(client):
    whole = await client.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(text_document=document(client)))
    assert len(whole.data) % 5 == 0 and len(whole.data) > 200
    part = await client.text_document_semantic_tokens_range_async(
        lsp.SemanticTokensRangeParams(
            text_document=document(client),
            range=lsp.Range(
                start=lsp.Position(line=4, character=0), end=lsp.Position(line=5, character=0))))
    assert 0 < len(part.data) < len(whole.data)
    delta = await client.text_document_semantic_tokens_full_delta_async(
        lsp.SemanticTokensDeltaParams(
            text_document=document(client), previous_result_id=whole.result_id))
    assert not delta.edits


@pytest.mark.asyncio
async def test_lenses_and_commands(client):
    lenses = await client.text_document_code_lens_async(
        lsp.CodeLensParams(text_document=document(client)))
    assert [lens.command.title for lens in lenses] == ["33 params", "run", "check"]
    text = await client.workspace_execute_command_async(
        lsp.ExecuteCommandParams(command="dlm.check", arguments=[client.uri]))
    assert text == "2 errors"


@pytest.mark.asyncio
async def test_files(client, tmp_path):
    uri = (tmp_path / "reader.dlm").as_uri()
    text = 'use "part.dlm"\ndata d = csv("rows.csv")\nprint Part()(ones[2, 3])\nprint Part()(ones[2])\n'
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            text_document=lsp.TextDocumentItem(uri=uri, language_id="dlm", version=1, text=text)))
    there = lsp.TextDocumentIdentifier(uri=uri)

    async def found():
        report = await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(text_document=there))
        return [(item.code, item.severity) for item in report.items]

    # What is not there yet is a hint, once; the mistake below it is found all the same.
    assert await found() == [("D002", lsp.DiagnosticSeverity.Hint), ("S002", lsp.DiagnosticSeverity.Error)]
    links = await client.text_document_document_link_async(lsp.DocumentLinkParams(text_document=there))
    assert [link.target.rsplit("/", 1)[1] for link in links] == ["part.dlm"]
    assert client.registrations[0].method == "workspace/didChangeWatchedFiles"
    (tmp_path / "rows.csv").write_text("x,y\n1.5,2\n2.5,3\n")
    client.workspace_did_change_watched_files(
        lsp.DidChangeWatchedFilesParams(
            changes=[lsp.FileEvent(uri=(tmp_path / "rows.csv").as_uri(), type=lsp.FileChangeType.Created)]))
    assert await found() == [("S002", lsp.DiagnosticSeverity.Error)]
    hover = await client.text_document_hover_async(
        lsp.HoverParams(text_document=there, position=lsp.Position(line=1, character=5)))
    assert "2 rows" in hover.contents.value and "x: real" in hover.contents.value
    links = await client.text_document_document_link_async(lsp.DocumentLinkParams(text_document=there))
    assert len(links) == 2


@pytest.mark.asyncio
async def test_cancelled(client):
    requests = [
        client.protocol.send_request_async(
            "textDocument/codeLens", lsp.CodeLensParams(text_document=document(client)), msg_id=f"lens-{number}")
        for number in range(8)]
    tasks = [asyncio.ensure_future(request) for request in requests]
    await asyncio.sleep(0)
    for number in range(1, 8):
        client.cancel_request(lsp.CancelParams(id=f"lens-{number}"))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert len(answers[0]) == 3
    # Each is answered: as it was asked, or by the refusal of what was taken back.
    assert all(isinstance(answer, list) or "cancel" in str(answer).lower() or answer.__class__.__name__ == "CancelledError"
               for answer in answers[1:])
