import numpy as np
import pytest
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


def test_a_film_goes_on_from_an_earlier_one(tmp_path, monkeypatch):
    def cut(sheets, out, *more):
        arguments = ["--sheets", str(sheets), "--out", str(out), "--captions", "0", "2", "--draws", "2", *more]
        monkeypatch.setattr("sys.argv", ["timelapse", *arguments])
        timelapse.main()

    def sheets(folder, counts, grey):
        folder.mkdir()
        for count in counts:
            sheet = np.full((10 * 64, 10 * 64, 3), grey, np.uint8)
            Image.fromarray(sheet).save(folder / f"{count:08d}.png")
        return folder

    first, second = tmp_path / "first.webp", tmp_path / "second.webp"
    cut(sheets(tmp_path / "a", [100, 200, 400], 60), first)
    after = sheets(tmp_path / "b", [400, 600, 800], 180)
    with pytest.raises(SystemExit):
        cut(after, second, "--before", str(first))
    cut(after, second, "--before", str(first), "--before-pictures", "400")
    seen = timelapse.read_film(second, 800)
    # What both hold is in it once, and every bar stands where it belongs.
    assert np.allclose([count for count, _ in seen], [100, 200, 400, 600, 800], atol=8)
    assert [round(float(picture.mean()), -1) for _, picture in seen] == [60, 60, 60, 180, 180]
    with pytest.raises(SystemExit, match="cut otherwise"):
        cut(after, second, "--before", str(first), "--before-pictures", "400", "--draws", "3")
