import numpy as np
from PIL import Image

import timelapse


def test_checkpoints_are_closer_early():
    counts = list(range(10_000, 1_010_000, 10_000))
    chosen = timelapse.choose(counts, 30)
    assert chosen[0] == 0 and chosen[-1] == 99 and len(chosen) <= 30
    steps = np.diff(chosen)
    assert steps[:5].sum() < steps[-5:].sum()
    assert timelapse.choose([1, 2, 3], 30) == [0, 1, 2]


def test_a_film_is_cut_from_sheets(tmp_path, monkeypatch, capsys):
    for i in range(4):
        sheet = np.zeros((10 * 64, 10 * 64, 3), np.uint8)
        sheet[2 * 64 : 3 * 64, 64:128] = 40 * (i + 1)  # third caption, first draw
        Image.fromarray(sheet).save(tmp_path / f"{i:08d}.png")
    out = tmp_path / "film.webp"
    monkeypatch.setattr(
        "sys.argv",
        ["timelapse", "--sheets", str(tmp_path), "--out", str(out), "--captions", "0", "2", "--draws", "2"],
    )
    timelapse.main()
    with Image.open(out) as film:
        assert film.n_frames == 4 and film.size == (128, 132)
        film.seek(3)
        pixels = np.asarray(film.convert("RGB"))
        assert abs(int(pixels[32, 96, 0]) - 160) < 12 and pixels[32, 32, 0] < 12 and pixels[100, 96, 0] < 12
    assert "4 frames" in capsys.readouterr().out
