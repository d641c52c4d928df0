import pytest
import torch

from arrays import style_arrays, to_numpy
from models.style_encoder import Config, StyleEncoder, load_style_encoder, onto_shell, save_style_encoder

SMALL = Config(z=5, size=16, channels=(4, 6))


def test_styles_lie_where_the_prior_does():
    encoder = StyleEncoder(Config())
    z = encoder(torch.rand(2, 3, 64, 64) * 2 - 1)
    assert z.shape == (2, 100)
    assert torch.allclose(z.norm(dim=1), torch.full((2,), 10.0))
    assert sum(p.numel() for p in encoder.parameters()) < 1_200_000
    assert onto_shell(torch.tensor([[3.0, 4.0]])).tolist() == [pytest.approx([3 * 2**0.5 / 5, 4 * 2**0.5 / 5])]


def test_the_norms_fold_away():
    torch.manual_seed(2)
    encoder = StyleEncoder(SMALL, normed=True)
    pictures = torch.rand(8, 3, 16, 16) * 2 - 1
    for norm in encoder.norms:
        torch.nn.init.uniform_(norm.weight, 0.5, 2)
        torch.nn.init.normal_(norm.bias)
    for _ in range(5):
        encoder(pictures)
    encoder.eval()
    plain = encoder.folded()
    assert plain.norms is None and not any("norm" in name for name in plain.state_dict())
    with torch.no_grad():
        assert torch.allclose(plain(pictures), encoder(pictures), atol=1e-5)
        assert torch.equal(plain.folded()(pictures), plain(pictures))


def test_exported_axes_are_those_of_the_browser():
    torch.manual_seed(3)
    encoder = StyleEncoder(SMALL).eval()
    arrays = style_arrays(to_numpy(encoder.state_dict()))
    assert {k: v.shape for k, v in arrays.items()} == {
        "convs.0.weight": (4, 4, 3, 4),
        "convs.0.bias": (4,),
        "convs.1.weight": (4, 4, 4, 6),
        "convs.1.bias": (6,),
        "project.weight": (96, 5),
        "project.bias": (5,),
    }
    x = torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        maps = x
        for conv in encoder.convs:
            maps = torch.nn.functional.leaky_relu(conv(maps), 0.2)
        # [4,4,6] in memory order, as a browser's map is.
        flat = maps[0].permute(1, 2, 0).numpy().ravel()
        found = torch.from_numpy(flat @ arrays["project.weight"] + arrays["project.bias"])[None]
        assert torch.allclose(onto_shell(found), encoder(x), atol=1e-5)


def test_it_lands_and_comes_back(tmp_path):
    encoder = StyleEncoder(SMALL).eval()
    save_style_encoder(tmp_path / "s.safetensors", encoder, {"generator": "abc"})
    found, metadata = load_style_encoder(tmp_path / "s.safetensors")
    assert found.config == SMALL and metadata["generator"] == "abc"
    x = torch.rand(2, 3, 16, 16)
    with torch.no_grad():
        assert torch.allclose(found(x), encoder(x), atol=1e-2), "float16"
    assert not any(p.requires_grad for p in found.parameters())
