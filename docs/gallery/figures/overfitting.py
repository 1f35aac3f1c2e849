"""Three hundred images learned by heart, and two remedies."""

from dataclasses import replace

import numpy as np
from look import BLUE, ORANGE, Plate, legend_below, panels
from matplotlib.figure import Figure
from probe import images

from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.types import Float64Array

ROWS = 300
EPOCHS = 200
EVERY = 4
SEEDS = range(5)

PLAIN = MLPConfig(hidden=(100,) * 6, optimizer="sgd", lr=0.02, batch_size=100)
KINDS = {
    "no remedy": {},
    "weight decay 0.1": {"weight_decay": 0.1},
    "dropout 0.2": {"dropout": 0.2},
}
"""Title -> settings beside the plain ones."""


def curves() -> Float64Array:
    """Return accuracies ``(kinds, seeds, 2, epochs)``, on training and validation rows, of one stack."""
    data = images("mnist5k", train=ROWS)
    X, y = data.X_train, data.y_train
    training = TrainingData(X=X, y=y, X_val=X[:0], y_val=y[:0], n_classes=10)
    configs = [replace(PLAIN, **settings) for settings in KINDS.values() for _ in SEEDS]
    trainer = StackTrainer(configs, data=training, seeds=[*SEEDS] * len(KINDS))
    found = []
    for epoch in range(EPOCHS):
        trainer.run_epoch()
        if (epoch + 1) % EVERY == 0:
            networks = [trainer.network(lane) for lane in range(len(configs))]
            found.append(
                [
                    [np.mean(n.predict(X) == y), np.mean(n.predict(data.X_val) == data.y_val)]
                    for n in networks
                ]
            )
    return np.moveaxis(np.array(found), 0, -1).reshape(len(KINDS), len(SEEDS), 2, -1)


def draw() -> Figure:
    """Draw one panel for each remedy: means over seeds, and their range."""
    figure, axes = panels(1, len(KINDS), height=4.2)
    epoch = np.arange(EVERY, EPOCHS + 1, EVERY)
    for panel, title, found in zip(axes, KINDS, curves(), strict=True):
        lines = (("300 training images", BLUE, "-"), ("1,000 validation images", ORANGE, "--"))
        for side, (label, color, line) in enumerate(lines):
            mean = found[:, side].mean(axis=0)
            panel.plot(epoch, mean, color=color, linestyle=line, label=label)
            panel.fill_between(
                epoch, found[:, side].min(axis=0), found[:, side].max(axis=0), color=color, alpha=0.18, lw=0
            )
        panel.set(title=title, xlabel="epoch", ylim=(0, 1.03), xlim=(0, EPOCHS))
    axes[0].set_ylabel("accuracy")
    legend_below(figure, axes[0], columns=2)
    return figure


OVERFITTING_PLATE = Plate(
    title="Overfitting on 300 images",
    setting="",
    see=("", "", ""),
    draw=draw,
)
