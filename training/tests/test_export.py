import numpy as np
import pytest
import torch
import torch.nn.functional as F

from arrays import encoder_arrays, fold_norm, kernel, store, to_numpy
from export import vocabulary
from models import char_cnn_rnn


@pytest.fixture
def random():
    return np.random.default_rng(5)


def test_a_folded_norm_is_the_convolution_and_the_norm(random):
    weight, x = random.standard_normal((7, 4, 3, 3)), torch.from_numpy(random.standard_normal((2, 4, 9, 9)))
    mean, variance = random.standard_normal(7), random.random(7) + 0.01
    folded, bias = fold_norm(weight, mean, variance)
    two = F.batch_norm(
        F.conv2d(x, torch.from_numpy(weight)), torch.from_numpy(mean), torch.from_numpy(variance), eps=1e-5
    )
    one = F.conv2d(x, torch.from_numpy(folded), torch.from_numpy(bias))
    assert torch.allclose(one, two, atol=1e-10)


def test_kernel_turns_axes(random):
    weight = random.standard_normal((5, 4, 3, 2))
    turned = kernel(weight)
    assert turned.shape == (3, 2, 4, 5)
    assert turned[2, 1, 3, 4] == weight[4, 3, 2, 1]


@pytest.mark.parametrize("levels", [127, 63])
def test_int8_errs_by_at_most_half_a_step(random, levels):
    # Channels of very different size: each has a scale of its own.
    array = random.standard_normal((3, 3, 8, 6)) * np.array([1e-3, 1, 50, 1e-6, 7, 0])
    stored = store({"w": array}, "int8", levels)
    assert stored["w"].dtype == np.int8 and stored["w.scale"].dtype == np.float32 and stored["w.scale"].shape == (6,)
    error = np.abs(stored["w"] * stored["w.scale"] - array)
    assert (error <= stored["w.scale"] * 0.5001).all()
    assert np.isfinite(error).all() and (stored["w"][..., 5] == 0).all(), "a channel of zeros stays zeros"
    assert (np.abs(stored["w"][..., :5]).max((0, 1, 2)) == levels).all(), "the whole range is used"


def test_vectors_stay_float16_and_float16_errs_by_a_2048th(random):
    array = random.standard_normal(500)
    for storage in ("int8", "float16"):
        stored = store({"b": array}, storage)
        assert list(stored) == ["b"] and stored["b"].dtype == np.float16
        assert (np.abs(stored["b"] - array) <= np.abs(array) / 2048 + 2**-25).all()
    assert store({"b": array}, "float32")["b"].dtype == np.float32


def test_the_standardisation_goes_into_the_projection():
    torch.manual_seed(7)
    encoder = char_cnn_rnn.CharCnnRnn(char_cnn_rnn.Config(channels=(6, 6, 5), embedding=4)).eval()
    encoder.mean.copy_(torch.randn(4))
    encoder.deviation.copy_(torch.rand(4) + 0.5)
    arrays = encoder_arrays(to_numpy(encoder.state_dict()))
    states = torch.randn(3, 5)
    with torch.no_grad():
        expected = (encoder.project(states) - encoder.mean) / encoder.deviation
    found = states.numpy() @ arrays["project.weight"] + arrays["project.bias"]
    assert found == pytest.approx(expected.numpy(), abs=1e-5)


def test_a_vocabulary_knows_what_the_page_will_ask_for():
    """The page asks by `text.words`, to which "5" is a word and "’" an apostrophe."""
    captions = [["This flower has 5 petals.", "a poet\u2019s daffodil"]] * 3 + [["seldom said"]] * 2
    assert vocabulary(captions) == ["5", "a", "daffodil", "flower", "has", "petals", "poet's", "this"]
