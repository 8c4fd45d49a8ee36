"""Trains a convolutional network on Fashion-MNIST; prints one line of JSON.

Use: convolution.py THREADS EPOCHS ROWS [channels_last]

Two convolutions of 3 x 3 with 16 and 32 filters, each with a pool of 2 x 2, then 128 hidden units: PyTorch, eager, fused
Adam, batches of 128.
"""

import json
import sys
import time

import torch
from network import BATCH, images


def run(threads: int, epochs: int, rows: int, layout: torch.memory_format) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(0)

    def read(part: str, count: int):
        features, labels = (torch.from_numpy(array) for array in images(part, count))
        return features.reshape(-1, 1, 28, 28).contiguous(memory_format=layout), labels

    features, labels = read("train", rows)
    layers = [
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(7 * 7 * 32, 128),
        torch.nn.ReLU(),
        torch.nn.Linear(128, 10),
    ]
    model = torch.nn.Sequential(*layers).to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    loss = torch.nn.CrossEntropyLoss()
    seconds = []
    for _ in range(epochs):
        begin = time.perf_counter()
        order = torch.randperm(rows)
        for at in range(0, rows, BATCH):
            chosen = order[at : at + BATCH]
            optimizer.zero_grad(set_to_none=True)
            loss(model(features[chosen]), labels[chosen]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - begin)
    held, wanted = read("t10k", 10000)
    with torch.no_grad():
        accuracy = float((model(held).argmax(1) == wanted).float().mean())
    print(json.dumps({"seconds": seconds, "accuracy": accuracy, "version": torch.__version__.split("+")[0]}))


if __name__ == "__main__":
    given = sys.argv[1:]
    run(*map(int, given[:3]), torch.channels_last if "channels_last" in given else torch.contiguous_format)
