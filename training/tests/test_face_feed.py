"""What T2F is fed, and the encoder that reads it: who is drawn, what is said of them, and what is not true."""

import csv

import torch

import data
import train_face_encoder
from face_attributes import ATTRIBUTES, bit_table, bits
from face_feed import FaceFeed, balance, tell_all, tokens_of
from models.stem import PADDING, UNKNOWN
from models.t2f_encoder import load_encoder
from sentences import embed_captions


def test_mismatches_say_something_wrong(face_encoder):
    feed = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1))
    told = feed.told
    everyone = torch.arange(12)
    for which in range(10):
        assert told.true_of(everyone, torch.full((12,), which), everyone).all(), "all that is said of a face is true"
    random = feed.random.get_state()
    rows, _ = feed.pick(64)
    feed.random.set_state(random)
    _, _, mismatching = feed.real(64)
    owners = [int((feed.sentences == m).all(1).nonzero()[0]) for m in mismatching]
    lies = [
        not told.true_of(torch.tensor(o // 10), torch.tensor(o % 10), row) for o, row in zip(owners, rows, strict=True)
    ]
    assert sum(lies) > 60, "of eight descriptions one is wrong, nearly always"


def test_contrary_mismatches_are_of_this_very_face(face_encoder):
    feed = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1), 1.0)
    random = feed.random.get_state()
    rows, _ = feed.pick(64)
    feed.random.set_state(random)
    _, _, mismatching = feed.real(64)
    owners = [(feed.untrue == m).all(1).nonzero().flatten() // feed.each for m in mismatching]
    assert all(row in owner for owner, row in zip(owners, rows, strict=True))
    half = FaceFeed(face_encoder, 16, torch.device("cpu"), torch.Generator().manual_seed(1), 0.5).real(400)[2]
    untrue = {tuple(row.tolist()) for row in feed.untrue}
    assert 120 < sum(tuple(row.tolist()) in untrue for row in half) < 280


def test_who_is_seldom_comes_more_often():
    rows = [["Male", "No_Beard"]] * 98 + [["Wearing_Hat", "No_Beard"], ["Male"]]
    weights = balance(data.Faces(None, rows, [str(i) for i in range(100)]))
    assert weights[0] == 1 and weights[98] == weights[99] == 3


def test_bits():
    assert len(ATTRIBUTES) == 40
    table = bit_table(torch.tensor([bits(["Young", "Bald"]), 0]))
    assert table.shape == (2, 40) and table.sum(1).tolist() == [2, 0]
    assert table[0, ATTRIBUTES.index("Young")] == table[0, ATTRIBUTES.index("Bald")] == 1


def test_the_encoder_learns_to_read_and_is_standardised(face_encoder):
    model, known = load_encoder(face_encoder)
    faces = data.load_faces("train", 17)
    sentences = torch.cat(embed_captions(face_encoder, tell_all(faces).texts))
    assert torch.allclose(sentences.mean(0), torch.zeros(128), atol=0.02)
    assert torch.allclose(sentences.std(0), torch.ones(128), atol=0.02)
    assert known == sorted(known) and {"man", "glasses", "not"} <= set(known)
    tokens = tokens_of(["A man with zzyx glasses.", "!!"], known, model.config.longest)
    assert (tokens[0] == UNKNOWN).sum() == 1 and tokens[1].tolist() == [UNKNOWN, *[PADDING] * 4]
    with open(face_encoder.parent / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])


def test_strangers_come_between_and_nothing_is_lost():
    tokens = torch.tensor([[2, 3, 4, 5, 0, 0]] * 40)
    told = train_face_encoder.with_strangers(tokens, 0.0, torch.Generator().manual_seed(1))
    lengths = set()
    for row in told:
        said = row[row != PADDING]
        lengths.add(len(said))
        assert said[said != UNKNOWN].tolist() == [2, 3, 4, 5]
    assert 4 in lengths and max(lengths) <= 12 and len(lengths) > 3
    hidden = train_face_encoder.with_strangers(tokens, 1.0, torch.Generator().manual_seed(1))
    assert set(hidden.flatten().tolist()) <= {PADDING, UNKNOWN}


def test_only_honest_negatives_count():
    text, picture = torch.randn(3, 4), torch.randn(3, 4)
    scale = torch.tensor(0.0)
    honest = ~torch.eye(3, dtype=torch.bool)
    assert train_face_encoder.contrast(text, picture, scale, torch.zeros(3, 3, dtype=torch.bool)) < 1e-6
    assert train_face_encoder.contrast(text, picture, scale, honest) > 0.1
