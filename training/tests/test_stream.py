import numpy as np
import pytest
import torch

import data
from arrays import captioner_arrays, to_numpy
from measure_stream import against_others, as_stored, of_other_classes
from models.squeezenet import SqueezeNet
from models.stream import (
    END,
    SPECIAL,
    UNKNOWN,
    Config,
    Stream,
    decode,
    encode,
    load_imagenet,
    load_stream,
    save_stream,
)
from train_stream import vocabulary

CHANNELS = (8, *[(4, 8)] * 8)
WORDS = ["a", "flower", "has", "petals", "red", "this", "white"]
PLACES = {word: i for i, word in enumerate(WORDS, SPECIAL)}


@pytest.fixture
def model() -> Stream:
    torch.manual_seed(3)
    return Stream(Config(16, 40, 6, 7, 5, SPECIAL + len(WORDS), 8, CHANNELS)).eval()


def test_captions_become_tokens_and_captions_again():
    tokens = encode("This flower has RED petals!", PLACES, 8)
    assert tokens == [8, 4, 5, 7, 6, END, UNKNOWN, UNKNOWN]
    assert decode(tokens, WORDS) == "this flower has red petals"
    assert decode((8, 4), WORDS) == "this flower", "cut off before its end"
    assert encode("a mauve flower", PLACES, 5) == [3, UNKNOWN, 4, END, UNKNOWN]
    assert encode("a red flower has white petals", PLACES, 4) == [3, 7, 4, 5], "what is cut off has no end"


def test_words_that_are_said_often_enough_are_known_in_alphabetical_order():
    captions = [["a red flower", "red, RED"], ["a red flower", "the a-a flower"], ["flower"]]
    assert vocabulary(captions) == ["a", "flower", "red"]


def test_the_words_one_by_one_are_the_words_at_once(model):
    f = model.features(torch.rand(2, 3, 16, 16) * 2 - 1)
    tokens = torch.tensor([[8, 4, 5, 7, 6, END], [3, 9, 4, END, UNKNOWN, UNKNOWN]])
    state, token, said = model.start(f), torch.zeros(2, dtype=torch.int64), []
    for t in range(tokens.shape[1]):
        state, logits = model.step(state, token)
        token = tokens[:, t]
        said.append(logits.log_softmax(1).gather(1, token[:, None])[:, 0])
    assert torch.allclose(torch.stack(said, 1), model.log_probabilities(f, tokens), atol=1e-6)


def test_it_begins_as_squeezenet_but_for_one_factor(tiny):
    weights = data.DATA / "imagenet-features" / "squeezenet_v1_0.npz"
    torch.manual_seed(4)
    model = Stream(Config(vocabulary=10))
    load_imagenet(model, weights, scale=1 / 50)
    for name, bias in model.named_parameters():
        assert not name.startswith("fire") or bias.ndim != 1 or not bias.any(), "the fake network has no biases"
    pictures = torch.rand(2, 3, 80, 80) * 2 - 1
    found = SqueezeNet(weights)(pictures, ("fire9",))["fire9"]
    expected = torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1) / 50
    assert torch.allclose(model.features(pictures), expected, atol=1e-4, rtol=1e-3)


def test_biases_are_scaled_by_their_depth(tmp_path):
    random = np.random.default_rng(5)
    plain = Stream(Config(vocabulary=10))
    names = {"squeeze": "conv1x1_1", "expand1": "conv1x1_2", "expand3": "conv3x3_2"}
    arrays = {}
    for name, p in plain.named_parameters():
        if name.startswith(("conv1", "fire")):
            p.data.copy_(torch.from_numpy(random.normal(0, 0.05, p.shape)))
            for ours, theirs in names.items():
                name = name.replace(f".{ours}.", f"/{theirs}.")
            arrays[name] = p.detach().numpy()
    np.savez(tmp_path / "w.npz", **arrays)
    scaled = Stream(Config(vocabulary=10))
    load_imagenet(scaled, tmp_path / "w.npz", scale=1 / 40)
    pictures = torch.rand(1, 3, 64, 64) * 2 - 1
    with torch.no_grad():
        assert torch.allclose(scaled.features(pictures) * 40, plain.features(pictures), rtol=1e-3, atol=1e-4)


def test_a_file_holds_the_whole_captioner(model, tmp_path):
    save_stream(tmp_path / "s.safetensors", model, WORDS, {"val_loss": 2.5})
    found, known, figures = load_stream(tmp_path / "s.safetensors")
    assert known == WORDS and figures == {"val_loss": 2.5} and found.config == model.config
    pictures = torch.rand(2, 3, 20, 24)
    assert torch.allclose(found.features(pictures), model.features(pictures), rtol=0.02, atol=0.01)


def test_stored_weights_come_back_in_their_own_axes(model):
    state = model.state_dict()
    same = as_stored(state, "float32")
    assert same.keys() == state.keys() and all(torch.equal(same[k], v) for k, v in state.items())
    rough = as_stored(state, "int8")
    assert not torch.equal(rough["out.weight"], state["out.weight"])
    assert torch.allclose(rough["out.weight"], state["out.weight"], atol=0.01)


def test_the_browser_gets_its_axes_and_no_temperature(model):
    arrays = captioner_arrays(to_numpy(model.state_dict()))
    assert "temperature" not in arrays
    assert arrays["conv1.weight"].shape == (7, 7, 3, 8) and arrays["fire9.expand3.weight"].shape == (3, 3, 4, 8)
    assert arrays["words.weight"].shape == (10, 6) and arrays["out.weight"].shape == (7, 10)
    assert arrays["gru.weight_ih_l0"].shape == (6, 21) and arrays["gru.weight_hh_l0"].shape == (7, 21)
    assert arrays["image.weight"].shape == (32, 6) and arrays["similarity.weight"].shape == (32, 5)


def test_half_of_the_true_captions_agree_and_few_of_the_others():
    random = np.random.default_rng(6)
    found = against_others({"true": random.normal(0.6, 0.2, 5000), "others": random.normal(0, 0.2, 5000)})
    assert found["agrees"] == pytest.approx(0.6, abs=0.02) and found["agrees_true"] == pytest.approx(0.5, abs=0.01)
    assert found["agrees_others"] < 0.01
    assert found["partly"] == pytest.approx(0.3, abs=0.06) and found["partly"] <= found["agrees"]
    assert found["partly_true"] > 0.9


def test_the_other_photograph_is_of_another_class():
    classes = np.array([1, 1, 2, 3, 3, 3])
    other = of_other_classes(classes, np.random.default_rng(7))
    assert (classes[other] != classes).all()
