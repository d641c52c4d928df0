import pytest
import torch
import torch.nn.functional as F

from models.gan_int_cls import Block, Config, Generator, double_and_convolve


@pytest.mark.parametrize("shape", [(1, 1, 1, 1, 1), (2, 5, 3, 4, 7), (3, 8, 16, 5, 4)])
def test_double_and_convolve_is_doubling_then_convolving(shape):
    batch, channels_in, channels_out, height, width = shape
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(batch, channels_in, height, width, generator=generator, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(channels_out, channels_in, 3, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    one = double_and_convolve(x, weight)
    two = F.conv2d(F.interpolate(x, scale_factor=2.0), weight, padding=1)
    assert torch.allclose(one, two, atol=1e-12)
    probe = torch.randn(one.shape, generator=generator, dtype=torch.float64)
    gradients = (torch.autograd.grad(y, (x, weight), probe) for y in (one, two))
    for a, b in zip(*gradients, strict=True):
        assert torch.allclose(a, b, atol=1e-11)


def test_a_block_is_what_the_slow_road_gives():
    torch.manual_seed(3)
    block = Block(6, 4, 5).double().eval()
    x, c = torch.randn(2, 6, 8, 8, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    h = F.interpolate(x, scale_factor=2.0)
    skip = block.skip(h)
    h = F.leaky_relu(block.norm1(F.conv2d(h, block.conv1.weight, padding=1), c), 0.2)
    h = F.leaky_relu(block.norm2(block.conv2(h), c), 0.2)
    assert torch.allclose(block(x, c), h + skip, atol=1e-12)


def test_the_generator_paints_in_range_and_hears_both_its_inputs():
    torch.manual_seed(4)
    config = Config(z=6, sentence=10, text=5, channels=(12, 8, 6))
    generator = Generator(config).eval()
    z, sentence = torch.randn(2, 6), torch.randn(2, 10)
    painted = generator(z, sentence)
    assert painted.shape == (2, 3, config.size, config.size) and config.size == 16
    assert painted.abs().max() <= 1
    assert not torch.equal(generator(z.flip(0), sentence), painted)
    assert not torch.equal(generator(z, sentence.flip(0)), painted)
