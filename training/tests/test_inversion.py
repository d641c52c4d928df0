"""Inversion against a generator with random weights that is small enough to invert exactly."""

import pytest
import torch
import torch.nn.functional as F

import data
from inversion import Likeness, best_start, distance_to, invert, pyramid_distance
from models.gan_int_cls import Config, Generator
from models.squeezenet import SqueezeNet
from models.style_encoder import onto_shell

SMALL = Likeness(edges=(16, 8, 4))


@pytest.fixture
def generator():
    torch.manual_seed(5)
    made = Generator(Config(z=6, sentence=8, text=4, channels=(16, 12, 8))).eval().requires_grad_(False)
    # Untaught, it hardly listens to z.
    for block in made.blocks:
        for norm in (block.norm1, block.norm2):
            norm.affine.weight.normal_(0, 0.3)
    return made


@pytest.fixture
def scene(generator):
    random = torch.Generator().manual_seed(6)
    z, start = (onto_shell(torch.randn(4, 6, generator=random)) for _ in range(2))
    sentences = torch.randn(4, 8, generator=random)
    return z, start, sentences, generator(z, sentences)


def test_the_pyramid_by_hand():
    a = torch.zeros(1, 3, 4, 4)
    b = torch.zeros(1, 3, 4, 4)
    b[:, :, ::2] = 1  # stripes: at half the edge they are a grey of ½
    assert pyramid_distance(a, b, (4,)).tolist() == pytest.approx([0.5])
    assert pyramid_distance(a, b, (2,)).tolist() == pytest.approx([0.25])
    assert pyramid_distance(a, b, (4, 2, 1)).tolist() == pytest.approx([1.0])
    assert pyramid_distance(b, b, (4, 2, 1)).tolist() == [0]


def test_inversion_finds_z_again(generator, scene):
    z, start, sentences, pictures = scene
    before = {name: p.clone() for name, p in generator.state_dict().items()}
    distance = distance_to(pictures, SMALL)
    with torch.no_grad():
        far = distance(generator(start, sentences))
    # One start of ten ends in a hollow of its own; that is what several are for.
    starts = torch.cat([start[None], torch.randn(5, 4, 6, generator=torch.Generator().manual_seed(7))])
    found = invert(generator, sentences, best_start(generator, sentences, starts, distance), distance, 200)
    near = distance(generator(found, sentences)).detach()
    assert (near < 0.01 * far).all(), (near, far)
    assert F.cosine_similarity(found, z).min() > 0.95
    assert torch.allclose(found.norm(dim=1), torch.full((4,), 6**0.5)), "it stays where the prior is"
    assert all(torch.equal(p, before[name]) for name, p in generator.state_dict().items())


def test_rows_do_not_see_each_other(generator, scene):
    _, start, sentences, pictures = scene
    together = invert(generator, sentences, start, distance_to(pictures, SMALL), 10)
    alone = invert(generator, sentences[2:3], start[2:3], distance_to(pictures[2:3], SMALL), 10)
    assert torch.allclose(together[2:3], alone, atol=1e-4)


def test_held_back_it_stays_nearer_to_its_start(generator, scene):
    _, start, sentences, pictures = scene
    free, held = (invert(generator, sentences, start, distance_to(pictures, SMALL), 20, hold=h) for h in (0, 10))
    assert (F.cosine_similarity(held, start) > F.cosine_similarity(free, start)).all()


def test_the_best_start_goes_on(generator, scene):
    z, start, sentences, pictures = scene
    # For the first two the first start is the answer, for the others the second one.
    starts = torch.stack([torch.cat([z[:2], start[2:]]), torch.cat([start[:2], z[2:]])])
    found = best_start(generator, sentences, starts, distance_to(pictures, SMALL), 2)
    assert F.cosine_similarity(found, z).min() > 0.9


def test_features_join_in(tiny, generator, scene):
    _, start, sentences, pictures = scene
    frozen = SqueezeNet(data.DATA / "imagenet-features" / "squeezenet_v1_0.npz")
    distance = distance_to(pictures, Likeness(edges=(16,), feature=0.5), frozen)
    plain = distance_to(pictures, Likeness(edges=(16,)))
    painted = generator(start, sentences)
    assert (distance(painted) > plain(painted)).all()
    assert distance(pictures).abs().max() < 1e-5
    found = invert(generator, sentences, start, distance, 5)
    assert (distance(generator(found, sentences)) < distance(painted)).all()
