"""One run: a fresh database, a fleet, the faults of a plan, to the end; then the check."""

import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.books import LOOK, Calm, Witness, read_books, read_lines
from tests.chaos.faults.all_faults import FAULTS
from tests.chaos.faults.fault import Fault, Scene
from tests.chaos.fleet import Fleet
from tests.chaos.invariants import Evidence, violations
from tests.chaos.plan import Draw, Plan
from tests.chaos.storage.places import PLACES, Place, SqlitePlace
from tests.chaos.study import LEASE_S, NAME, StormStudy

DEADLINE_S = 150.0
TICK_S = 0.02
LOOK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a run.

    Attributes:
        plan: What was meant to happen.
        injected: Kind -> how often it really did.
        violations: A line each; none is right.
        seconds: How long it took.
        log: What happened when, a line each.
    """

    plan: Plan
    injected: Counter
    violations: list[str]
    seconds: float
    log: list[str]


@dataclass(slots=True)
class Pending:
    """A fault that has not ended.

    Attributes:
        draw: What was drawn.
        fault: What it does.
        scene: What it does it to.
        due_s: When it comes, then when it ends; ``None`` until its place is reached.
        struck: Whether it came.
    """

    draw: Draw
    fault: Fault
    scene: Scene
    due_s: float | None = None
    struck: bool = False


@dataclass(slots=True, kw_only=True)
class Storm:
    """A run while it goes on."""

    plan: Plan
    fleet: Fleet
    place: Place
    kinds: Mapping[str, type[Fault]] = field(default_factory=lambda: FAULTS)
    say: Callable[[str], None] = lambda _line: None
    deadline_s: float = DEADLINE_S
    began_s: float = field(default_factory=time.monotonic)
    witness: Witness = field(default_factory=Witness)
    injected: Counter = field(default_factory=Counter)
    pending: list[Pending] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    waiting: int = 0
    looked_s: float = 0.0

    def rage(self):
        """Run to the end; return whether it came before the deadline."""
        self.pending = [self._pending(drawn) for drawn in self.plan.faults]
        self.waiting = self.plan.joined
        self.fleet.launch("start", "storm.toml", "--workers", str(self.plan.launched), "--quiet")
        while self.fleet.members or self.fleet.processes():
            if time.monotonic() > self.began_s + self.deadline_s:
                return False
            self._look()
            self._strike()
            self._heal()
            self.fleet.collect()
            time.sleep(TICK_S)
        return True

    def note(self, line):
        """Write down what happened, with its time."""
        self.log.append(f"{time.monotonic() - self.began_s:6.2f} s  {line}")
        self.say(self.log[-1])

    def calm_down(self):
        """End every fault that has not ended."""
        for pending in self.pending:
            if pending.struck:
                pending.fault.heal(pending.scene)
        self.pending.clear()

    def last_words(self):
        """Return what the commands wrote that had to be killed in the end."""
        killed = [ending for ending in self.fleet.endings if ending.code == -signal.SIGKILL and ending.err]
        return [f"0. hpsearch {ending.arguments[0]} wrote: {ending.err[-500:]}" for ending in killed]

    def _pending(self, drawn):
        scene = Scene(fleet=self.fleet, place=self.place, rng=random.Random(drawn.seed))
        return Pending(draw=drawn, fault=self.kinds[drawn.kind](), scene=scene)

    def _look(self):
        """See how far the study is; let workers join once there is one."""
        if time.monotonic() < self.looked_s + LOOK_S:
            return
        self.looked_s = time.monotonic()
        rows = self.place.rows(LOOK)
        if rows is None:
            return
        self.witness.look(rows)
        while rows and self.waiting:
            self.waiting -= 1
            self.fleet.join(NAME)

    def _strike(self):
        """Inject what has come due; what finds nothing to hit is tried again."""
        now = time.monotonic()
        for pending in [p for p in self.pending if not p.struck]:
            if pending.due_s is None and len(self.witness.settled) >= pending.draw.at:
                pending.due_s = now + pending.draw.delay_s
            if pending.due_s is not None and now >= pending.due_s and pending.fault.inject(pending.scene):
                pending.struck = True
                pending.due_s = time.monotonic() + pending.draw.lasts_s
                self.note(f"{pending.draw.kind} after {len(self.witness.settled)} trials")

    def _heal(self):
        """End what has lasted long enough; what struck counts."""
        now = time.monotonic()
        for pending in [p for p in self.pending if p.struck and now >= p.due_s]:
            self.injected[pending.draw.kind] += pending.fault.heal(pending.scene)
            self.pending.remove(pending)


def run(plan: Plan, calm: Calm, *, yard=None, cache: Path, say=lambda _line: None) -> Report:
    """Run a plan; return what came of it."""
    with tempfile.TemporaryDirectory(prefix="storm-") as name:
        folder = Path(name)
        with PLACES[plan.database](folder, yard, empty=plan.empty) as place:
            write_study(calm.study, folder)
            surroundings = environment(place.url, cache)
            fleet = Fleet(folder=folder, environment=surroundings, joining=calm.study.worker)
            return weather(Storm(plan=plan, fleet=fleet, place=place, say=say), calm)


def write_study(study: StormStudy, folder: Path) -> None:
    """Write a study file, and what lies beside it, into a folder."""
    for name, text in {"storm.toml": study.text, **study.files}.items():
        (folder / name).write_text(text)


def weather(storm: Storm, calm: Calm) -> Report:
    """Let a storm rage to its end; return what came of it."""
    try:
        in_time = storm.rage()
    finally:
        storm.calm_down()
        gone = storm.fleet.end()
    found = [] if in_time else [f"0. the run did not end within {storm.deadline_s} s", *storm.last_words()]
    found += [] if gone else ["0. processes were left that SIGKILL did not end"]
    found += check(storm, calm) if in_time else []
    return Report(
        plan=storm.plan,
        injected=storm.injected,
        violations=found,
        seconds=time.monotonic() - storm.began_s,
        log=storm.log,
    )


def environment(url: str, cache: Path, *, lease_s: float = LEASE_S) -> dict[str, str]:
    """Return what every command of a run finds in its environment."""
    return {"HPSEARCH_STORAGE": url, "HPSEARCH_CACHE": str(cache), "HPSEARCH_LEASE": str(lease_s)}


def check(storm: Storm, calm: Calm) -> list[str]:
    """Return the violations that a run has left."""
    evidence = Evidence(
        books=read_books(storm.place.reader),
        calm=calm,
        witness=storm.witness,
        endings=storm.fleet.endings,
        url=getattr(storm.place, "direct", storm.place.url),
        secret=storm.place.secret,
    )
    return violations(evidence)


def run_calmly(study: StormStudy, folder: Path, cache: Path) -> Calm:
    """Run a study with one worker on SQLite, undisturbed; leave its database in the folder.

    The data that all later runs read are prepared on the way.
    """
    write_study(study, folder)
    place = SqlitePlace(folder)
    fleet = Fleet(folder=folder, environment=environment(place.url, cache))
    fleet.launch("start", "storm.toml", "--workers", "1", "--quiet")
    fleet.members[0].process.wait(DEADLINE_S)
    fleet.end()
    (ending,) = fleet.endings
    if ending.code != 0:
        raise RuntimeError(f"the calm run ended with {ending.code}: {ending.err}")
    calm = Calm(study=study, books=read_books(place.reader), lines=read_lines(place.url))
    place.reader.dispose()
    return calm
