"""What the browser's own safetensors code and Python's make of each other's files; the other half is in
tests/engine/weights/decode.test.ts."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save

GOLDEN = Path(__file__).parents[2] / "tests" / "golden"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_safetensors", GOLDEN / "make_safetensors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_that_the_browser_code_wrote_reads_back(maker):
    raw = maker.tensors()
    found = load_file(GOLDEN / "limn.safetensors")
    assert found.keys() == raw.keys()
    for name, tensor in raw.items():
        assert found[name].dtype == tensor.dtype, name
        assert found[name].shape == tensor.shape, name
        assert found[name].tobytes() == tensor.tobytes(), name


def test_the_committed_files_are_what_the_script_writes(maker):
    raw = maker.tensors()
    for name, tensor in load_file(GOLDEN / "python.safetensors").items():
        assert tensor.tobytes() == raw[name].tobytes(), name
    assert json.loads((GOLDEN / "python.safetensors.json").read_text()) == maker.expectation(raw)


def test_the_fixture_holds_what_it_is_for(maker):
    raw = maker.tensors()
    assert {str(t.dtype) for t in raw.values()} == {"float16", "float32", "int8", "uint8", "int32"}
    corners = raw["half.corners"].astype(np.float32)
    assert corners[2] == 2.0**-24 and corners[3] == -(2.0**-14 - 2.0**-24), "subnormals"
    assert raw["scalar"].shape == () and raw["empty"].size == 0
    assert len(save(raw)) < 2000
