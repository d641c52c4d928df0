"""GLAM, its attentions, STEM and conditioning augmentation: shapes, and what must not depend on what."""

import torch

from losses import kl_divergence
from models.attention import ABSENT, SentenceAttention, WordAttention
from models.conditioning import ConditioningAugmentation, augment
from models.glam import Config, Glam
from models.stem import PADDING, UNKNOWN, Stem, encode
from models.stem import Config as StemConfig

SMALL = Config(z=4, sentence=6, word=5, condition=7, channels=(8, 6, 4), stages=((6, 4), (4, 3)))


def asked(config: Config, words: int = 3, batch: int = 2) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(3)
    shapes = (batch, config.z), (batch, config.sentence), (batch, words, config.word), (batch, config.condition)
    z, sentence, said, noise = (torch.randn(*shape, generator=random) for shape in shapes)
    return z, sentence, said, torch.zeros(batch, words), noise


def cascade(seed: int = 1) -> Glam:
    torch.manual_seed(seed)
    return Glam(SMALL).eval()


def test_the_cascade_doubles_and_its_attention_sums_to_one():
    found = cascade()(*asked(SMALL))
    assert [p.shape[-1] for p in found.pictures] == [16, 32, 64] == list(SMALL.sizes)
    assert [a.shape for a in found.attention] == [(2, 256, 3), (2, 1024, 3)]
    for attention in found.attention:
        torch.testing.assert_close(attention.sum(2), torch.ones(attention.shape[:2]))


def test_a_lower_stage_is_the_same_alone():
    model, what = cascade(), asked(SMALL)
    whole, alone = model(*what), model(*what, depth=0)
    assert len(alone.pictures) == 1
    torch.testing.assert_close(alone.pictures[0], whole.pictures[0])


def test_a_word_that_is_not_there_changes_nothing():
    model = cascade()
    z, sentence, words, weight, noise = asked(SMALL)
    more = torch.cat([words, torch.full((2, 2, SMALL.word), 9.0)], 1)
    absent = torch.cat([weight, torch.full((2, 2), ABSENT)], 1)
    a, b = model(z, sentence, words, weight, noise), model(z, sentence, more, absent, noise)
    torch.testing.assert_close(a.pictures[-1], b.pictures[-1])
    assert float(b.attention[0][:, :, 3:].detach().abs().max()) == 0


def test_a_caption_mixed_with_itself_is_itself():
    """Between two captions both captions' words are there, at log(1-t) and log t."""
    model = cascade()
    z, sentence, words, weight, noise = asked(SMALL)
    for t in (0.25, 0.5):
        log_weights = torch.log(torch.tensor([1 - t] * 3 + [t] * 3)).expand(2, -1)
        mixed = model(z, sentence, torch.cat([words, words], 1), log_weights, noise)
        torch.testing.assert_close(mixed.pictures[-1], model(z, sentence, words, weight, noise).pictures[-1])


def test_places_ask_for_their_own_word():
    attend = WordAttention(2, 2)
    attend.read.weight.data = 20 * torch.eye(2)
    f = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])  # two places, each along one word
    context, attention = attend(f, torch.eye(2)[None], torch.zeros(1, 2))
    assert float(attention[0, 0, 0].detach()) > 0.99 and float(attention[0, 1, 1].detach()) > 0.99
    assert context.shape == f.shape


def test_sentence_attention_is_equation_4():
    attend = SentenceAttention(3, 2)
    f, s = torch.randn(1, 2, 4, 4), torch.randn(1, 3)
    said = attend.read(s)[0]
    expected = said * torch.softmax(f[0, :, 1, 2] * said, 0)
    torch.testing.assert_close(attend(f, s)[0, :, 1, 2], expected)


def test_conditioning_augmentation_and_its_divergence():
    torch.manual_seed(2)
    mean, log_variance = ConditioningAugmentation(5, 3)(torch.randn(4, 5) * 100)
    assert mean.shape == log_variance.shape == (4, 3)
    assert float(log_variance.detach().abs().max()) <= 8
    torch.testing.assert_close(augment(mean, log_variance, torch.zeros(4, 3)), mean)
    zero = torch.zeros(2, 3)
    assert float(kl_divergence(zero, zero)) == 0
    # Against PyTorch's own.
    normal = torch.distributions.Normal
    own = torch.distributions.kl_divergence(normal(mean, (0.5 * log_variance).exp()), normal(0.0, 1.0)).mean()
    torch.testing.assert_close(kl_divergence(mean, log_variance), own)


def test_stem_does_not_see_the_padding():
    torch.manual_seed(5)
    model = Stem(StemConfig(vocabulary=9, word=4, hidden=3, sentence=5)).eval()
    short = torch.tensor([[2, 3, 4]])
    long = torch.tensor([[2, 3, 4, PADDING, PADDING], [2, 3, 4, 5, 6]])
    words, sentence = model(short)
    padded, sentences = model(long)
    torch.testing.assert_close(padded[0, :3], words[0])
    assert float(padded[0, 3:].detach().abs().max()) == 0
    torch.testing.assert_close(sentences[0], sentence[0])
    # The backward direction has read what follows: 'what comes later' matters to the first word.
    assert not torch.allclose(padded[0, 0], padded[1, 0])


def test_words_that_stem_does_not_know():
    places = {"red": 2, "flower": 3}
    assert encode("A RED flower!", places, 5) == [UNKNOWN, 2, 3, PADDING, PADDING]
    assert encode("red red red", places, 2) == [2, 2]
    assert encode("…", places, 3) == [UNKNOWN, PADDING, PADDING]
