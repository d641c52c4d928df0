"""Golden files of the networks that read words, or say them."""

from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from arrays import captioner_arrays, encoder_arrays, stem_arrays, to_numpy
from beam_search import beam_search
from golden_file import write
from models import char_cnn_rnn, stem, stream, t2f_encoder
from tiny import SAID, tiny_stream, unsettle


def golden_encoder(out: Path) -> None:
    generator = torch.Generator().manual_seed(8)
    torch.manual_seed(8)
    config = char_cnn_rnn.Config(length=201, alphabet=12, channels=(10, 8, 6), embedding=7)
    model = char_cnn_rnn.CharCnnRnn(config).eval()
    unsettle(model, generator)
    characters = torch.randint(0, config.alphabet + 1, (3, config.length), generator=generator)
    characters[1, 30:] = 0
    sentence = model(characters)
    probe = torch.randn(sentence.shape, generator=generator)
    (sentence * probe).sum().backward()
    values = {"characters": characters, "sentence": sentence, "probe": probe}
    values |= {
        "grad.gru.weight_hh_l0": model.gru.weight_hh_l0.grad.T,
        "grad.conv3.bias": model.conv3.bias.grad,
    }
    write(out, "char-cnn-rnn", asdict(config), encoder_arrays(to_numpy(model.state_dict())), values)


def golden_stream(out: Path) -> None:
    generator = torch.Generator().manual_seed(12)
    channels = (8, (2, 4), (2, 4), (3, 6), (3, 6), (4, 8), (4, 8), (5, 10), (5, 10))
    config = stream.Config(24, 40, 6, 7, 5, stream.SPECIAL + len(SAID), 8, channels)
    model = tiny_stream(12, config)
    pictures = (torch.rand(2, 3, 24, 24, generator=generator) * 2 - 1).requires_grad_()
    f = model.features(pictures)
    # 'this flower has red petals </s>' and another; <s> comes before, inside.
    tokens = torch.tensor([[7, 5, 8, 3, 6, 1], [9, 10, 5, 11, 14, 12]])
    said = model.log_probabilities(f, tokens)
    said.sum().backward()
    state = torch.rand(2, config.hidden, generator=generator) * 2 - 1
    token = torch.tensor([stream.BEGIN, 13])
    following, logits = model.step(state, token)
    # The three captions that beam search finds for the first picture, `</s>` to the end, and their scores.
    with torch.no_grad():
        best = beam_search(model.step, model.start(f)[0], config.longest)
    values = {
        "pictures": pictures.permute(0, 2, 3, 1),
        "features": f,
        "tokens": tokens,
        "logProbabilities": said,
        "grad.pictures": pictures.grad.permute(0, 2, 3, 1),
        "similarity": model.similarity(f),
        "step.state": state,
        "step.token": token,
        "step.nextState": following,
        "step.logits": logits,
        "beam.tokens": torch.tensor([[*t, *[stream.END] * (config.longest - len(t))] for t, _ in best]),
        "beam.scores": torch.tensor([score for _, score in best]),
    }
    write(out, "stream", asdict(config), captioner_arrays(to_numpy(model.state_dict())), values)


def three_captions(config: stem.Config | t2f_encoder.Config, random: torch.Generator) -> Tensor:
    """→ tokens [3,longest]: a full caption, a short one, and one whose only word is unknown"""
    tokens = torch.randint(2, config.vocabulary, (3, config.longest), generator=random)
    tokens[1, 4:], tokens[2, 0], tokens[2, 1:] = stem.PADDING, stem.UNKNOWN, stem.PADDING
    return tokens


def golden_stem(out: Path) -> None:
    generator = torch.Generator().manual_seed(16)
    torch.manual_seed(16)
    config = stem.Config(vocabulary=11, word=5, hidden=4, sentence=6, longest=7)
    model = stem.Stem(config).eval()
    unsettle(model, generator)
    tokens = three_captions(config, generator)
    words, sentence = model(tokens)
    probe, probe_words = (torch.randn(x.shape, generator=generator) for x in (sentence, words))
    ((sentence * probe).sum() + (words * probe_words).sum()).backward()
    values = {"tokens": tokens, "words": words, "sentence": sentence, "probe": probe, "probe.words": probe_words}
    for name in ("weight_hh_l0", "weight_hh_l0_reverse"):
        values[f"grad.lstm.{name}"] = getattr(model.lstm, name).grad.T
    write(out, "stem", asdict(config), stem_arrays(to_numpy(model.state_dict())), values)


def golden_t2f_encoder(out: Path) -> None:
    generator = torch.Generator().manual_seed(18)
    torch.manual_seed(18)
    config = t2f_encoder.Config(vocabulary=11, word=5, hidden=4, sentence=10, longest=7)
    model = t2f_encoder.T2fEncoder(config).eval()
    unsettle(model, generator)
    tokens = three_captions(config, generator)
    sentence = model(tokens)
    probe = torch.randn(sentence.shape, generator=generator)
    (sentence * probe).sum().backward()
    values = {"tokens": tokens, "sentence": sentence, "probe": probe}
    values |= {"grad.lstm.weight_hh_l0": model.lstm.weight_hh_l0.grad.T}
    write(out, "t2f-encoder", asdict(config), stem_arrays(to_numpy(model.state_dict())), values)
