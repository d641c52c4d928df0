import pytest
import torch
import torch.nn.functional as F

from models.conditioning import augment
from models.equalised import Conv, DoubleConv, HalveConv, pixel_norm
from models.t2f import Config, Critic, CriticConfig, Generator, deviation_map
from models.t2f_encoder import Config as EncoderConfig
from models.t2f_encoder import T2fEncoder

TINY = Config(z=6, sentence=10, condition=5, channels=(12, 8, 6))


def drawn(count: int = 3) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(1)
    return tuple(torch.randn(count, n, generator=random) for n in (TINY.z, TINY.sentence, TINY.condition))


def test_merged_convolutions_are_what_they_merge():
    torch.manual_seed(1)
    x = torch.randn(2, 3, 8, 6, dtype=torch.float64)
    for merged, slow in (
        (DoubleConv(3, 5, 3), lambda c, x: Conv.forward(c, F.interpolate(x, scale_factor=2.0))),
        (HalveConv(3, 5, 3), lambda c, x: F.avg_pool2d(Conv.forward(c, x), 2)),
    ):
        merged.double()
        torch.nn.init.normal_(merged.bias)
        assert torch.allclose(merged(x), slow(merged, x), atol=1e-12)


def test_the_equalised_rate_keeps_the_scale():
    torch.manual_seed(2)
    conv = Conv(64, 64, 3)
    assert float(conv.weight.detach().std()) == pytest.approx(1, rel=0.02)
    out = conv(torch.randn(4, 64, 16, 16))[:, :, 1:-1, 1:-1]
    assert float(out.detach().std()) == pytest.approx(2**0.5, rel=0.05)


def test_pixel_norm():
    x = pixel_norm(torch.randn(2, 5, 4, 4) * 7)
    assert torch.allclose(x.square().mean(1), torch.ones(2, 4, 4), atol=1e-4)


def test_the_gradient_of_pixel_norm():
    x = torch.randn(2, 5, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(pixel_norm, (x,))
    plain = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)
    assert torch.allclose(pixel_norm(x), plain)


@torch.no_grad()
def test_every_depth_has_its_size_and_alpha_fades():
    torch.manual_seed(3)
    generator = Generator(TINY).eval()
    z, sentence, noise = drawn()
    for depth in range(3):
        painted = generator(z, sentence, noise, depth)
        assert painted.shape == (3, 3, 4 * 2**depth, 4 * 2**depth) and painted.abs().max() <= 1
    small, large = generator(z, sentence, noise, 1), generator(z, sentence, noise, 2)
    assert torch.equal(generator(z, sentence, noise), large) and TINY.size == 16
    # At 0 it is the smaller picture, and on the way the one turns into the other.
    assert torch.allclose(generator(z, sentence, noise, 2, 0.0), F.interpolate(small, scale_factor=2.0), atol=1e-6)
    apart = [float((generator(z, sentence, noise, 2, a) - large).abs().mean()) for a in (0, 0.5, 0.9)]
    assert apart[0] > apart[1] > apart[2] > 0


def test_all_that_is_drawn_is_seen():
    torch.manual_seed(4)
    generator = Generator(TINY).eval()
    given = drawn()
    for i in range(3):
        other = [x.flip(0) if i == j else x for j, x in enumerate(given)]
        assert not torch.allclose(generator(*other), generator(*given), atol=1e-4)
    mean, log_variance = generator.augmentation(given[1])
    assert torch.allclose(augment(mean, log_variance, torch.zeros_like(mean)), mean)
    assert torch.equal(generator(*given[:2]), generator(*given[:2], torch.zeros_like(mean)))


def test_the_critic_sees_every_size_and_fades_too():
    torch.manual_seed(5)
    critic = Critic(CriticConfig(sentence=10, channels=(6, 5, 4), judge=7)).eval()
    sentence = torch.randn(3, 10)
    for edge in (4, 8, 16):
        trunk = critic.trunk(torch.rand(3, 3, edge, edge))
        (realism,), (match,) = critic.realism(trunk), critic.match(trunk, sentence)
        assert trunk.shape == (3, 7) and realism.shape == match.shape == (3, 1)
        assert not torch.allclose(critic.match(trunk, sentence.flip(0))[0], match)
    large = torch.rand(3, 3, 16, 16)
    assert torch.allclose(critic.trunk(large, 0.0), critic.trunk(F.avg_pool2d(large, 2)), atol=1e-5)


def test_minibatch_deviation_tells_one_face_from_many():
    many = torch.randn(4, 3, 4, 4)
    assert deviation_map(many).shape == (4, 4, 4, 4)
    assert deviation_map(many)[0, 3, 0, 0] > 0.5
    assert deviation_map(many[:1].expand(4, -1, -1, -1))[0, 3, 0, 0] < 1e-3


def test_padding_says_nothing_and_unknown_words_survive():
    torch.manual_seed(6)
    encoder = T2fEncoder(EncoderConfig(vocabulary=11, word=5, hidden=4, sentence=6)).eval()
    tokens = torch.tensor([[2, 5, 3, 0, 0, 0]])
    assert torch.allclose(encoder(tokens), encoder(tokens[:, :3]), atol=1e-6)
    assert not torch.allclose(encoder(tokens), encoder(torch.tensor([[3, 5, 2]])), atol=1e-4)
    assert encoder(torch.tensor([[1, 1, 1]])).isfinite().all()
    assert encoder(torch.zeros(1, 4, dtype=torch.int64)).isfinite().all()
