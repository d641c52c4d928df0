"""The two attentions of GLAM (Qiao et al. 2019, 'MirrorGAN', section 3.2, equations 2 to 4)."""

import torch
from torch import Tensor, nn

# The log-weight of a word that is not there.
ABSENT = -1e9


class WordAttention(nn.Module):
    """Every place asks every word: words [B,T,W], f [B,N,H,W] → context [B,N,H,W] (equation 3), and how much each place
    listens to each word, β [B,H·W,T], rows of sum 1."""

    def __init__(self, word: int, channels: int):
        super().__init__()
        self.read = nn.Linear(word, channels, bias=False)  # U

    def forward(self, f: Tensor, words: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """weight [B,T]: the log of what each word counts for: 0, less between two captions, ABSENT behind the last"""
        b, n, h, w = f.shape
        read = self.read(words)  # [B,T,N]
        places = f.flatten(2).transpose(1, 2)  # [B,HW,N]
        scores = places @ read.transpose(1, 2) / n**0.5
        attention = (scores.float() + weight[:, None]).softmax(2)  # [B,HW,T]
        context = attention.to(read.dtype) @ read  # [B,HW,N]
        return context.transpose(1, 2).reshape(b, n, h, w), attention


class SentenceAttention(nn.Module):
    """The sentence, weighed at every place: s [B,S], f [B,N,H,W] → (V s) ∘ softmax(f ∘ (V s)) [B,N,H,W] (equation 4);
    the softmax goes over the N channels, as in the authors' code."""

    def __init__(self, sentence: int, channels: int):
        super().__init__()
        self.read = nn.Linear(sentence, channels, bias=False)  # V

    def forward(self, f: Tensor, sentence: Tensor) -> Tensor:
        said = self.read(sentence)[:, :, None, None]
        return said * torch.softmax((f * said).float(), 1).to(said.dtype)
