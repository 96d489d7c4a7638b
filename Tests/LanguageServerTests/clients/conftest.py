import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]


def pytest_addoption(parser):
    parser.addoption("--dlm", default=str(ROOT / ".build/debug/dlm"))
