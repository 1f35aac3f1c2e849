"""Runs the services of a compose file as plain processes: what a container engine does, without containers.

Each runs the command of its service with the environment of the image and of the service, and no other. In
place of what only a container has stand:

* for the image's programs: ``hpsearch`` and ``python`` of this checkout, ``pg_isready`` of the tests' server;
* for the service ``database``: a database and a role on that server, made from the service's environment;
* for the name ``database`` and its port: ``PGHOSTADDR`` and ``PGPORT``, which libpq asks before it looks a
  name up;
* for ``/studies`` and ``/work``: the folders that are mounted there; for the port 8080: one that is free;
* for process 1 in a health check: the process.

What this cannot show: the build of the image, the read-only root, capabilities and limits.
"""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import sql

from tests.cli.program import HPSEARCH, ROOT, eventually, kill_group
from tests.containers import compose, image

PATIENCE_S = 60


@dataclass(slots=True)
class Container:
    """One instance of a service: its process, and what it has written."""

    service: str
    process: subprocess.Popen
    log: Path
    restarts: int = 0
    told_to_stop: bool = False

    @property
    def text(self):
        """What it has written so far."""
        return self.log.read_text()


@dataclass
class Machine:
    """A compose project on this machine.

    Args:
        file: The compose file.
        dockerfile: What the services' image is made of.
        variables: What the file is filled in with.
        folder: Where the volumes and the logs lie.
        server: The PostgreSQL of the tests.
        port: The port that stands for that of the dashboard.
    """

    file: Path
    dockerfile: Path
    variables: dict
    folder: Path
    server: object
    port: int
    containers: list = field(default_factory=list)

    def __post_init__(self):
        """Read the files."""
        self.image = image.instructions(self.dockerfile)
        self.services = compose.load(self.file, self.variables)["services"]
        (self.folder / "work").mkdir(exist_ok=True)

    def up(self, *wanted, scale=None):
        """Start services and what they depend on, in order, each once its conditions hold.

        What has been started before and still runs stays; of the others new ones are started.
        """
        for name in compose.in_order(self.services, wanted):
            for other, needs in self.services[name].get("depends_on", {}).items():
                self._wait(other, needs["condition"])
            if name == "database":
                self._make_database()
                continue
            count = int((scale or {}).get(name, self.services[name].get("scale", 1)))
            for _ in range(count - sum(c.process.poll() is None for c in self.of(name))):
                self.start(name)

    def start(self, service):
        """Start one more container of a service, whatever it depends on; return it."""
        log = self.folder / f"{service}-{len(self.containers)}.log"
        self.containers.append(Container(service, self._launch(service, log), log))
        return self.containers[-1]

    def of(self, service):
        """Return the containers of a service, in the order of their making."""
        return [container for container in self.containers if container.service == service]

    def settle(self, container):
        """Wait for a container to end, each restarted as its service says; return its last exit code."""

        def is_over():
            self._restart()
            return container.process.poll() is not None

        eventually(is_over, timeout_s=PATIENCE_S, what=f"the end of {container.service}")
        return container.process.returncode

    def stop(self, container):
        """Stop a container as its engine would, which then does not restart it; return its exit code."""
        container.told_to_stop = True
        container.process.send_signal(signal.SIGTERM)
        return container.process.wait(PATIENCE_S)

    def run(self, service, *arguments):
        """Run another command in a container of a service; return what came of it."""
        return subprocess.run(
            [*HPSEARCH, *arguments], env=self.environment(service), cwd=self.folder / "work", check=False,
            capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip

    def is_healthy(self, service, container=None):
        """Run a service's health check once; tell whether it succeeds."""
        test = self.services[service].get("healthcheck", {}).get("test") or image.health_check(self.image)
        pid = container.process.pid if container else 1
        command = [self._here(word).replace("/proc/1/", f"/proc/{pid}/") for word in compose.command_of(test)]
        environment = self.environment(service)
        return subprocess.run(command, env=environment, check=False, capture_output=True).returncode == 0

    def environment(self, service):
        """Return the variables of a service's processes."""
        own = self.services[service].get("environment", {})
        inside = image.environment(self.image) | own if service != "database" else own
        replaced = {
            "PATH": f"{Path(sys.executable).parent}:{self._programs}:/usr/bin:/bin",
            "HOME": str(self.folder / "work"),
            "PYTHONPATH": str(ROOT),
            "PGHOSTADDR": "127.0.0.1",
            "PGPORT": str(self.server.port),
        }
        return inside | replaced

    def end(self):
        """Kill what is left, and drop the database."""
        for container in self.containers:
            kill_group(container.process)
        user, name, _ = self._account()
        self.server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.server.execute(f"DROP ROLE IF EXISTS {user}")

    @property
    def _programs(self):
        return self.server._bin

    def _account(self):
        given = self.services["database"]["environment"]
        return tuple(given[f"POSTGRES_{what}"] for what in ("USER", "DB", "PASSWORD"))

    def _make_database(self):
        """Do what the first start of the image ``postgres`` does, once."""
        user, name, password = self._account()
        if self.server.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return
        quoted = sql.Literal(password).as_string()
        self.server.execute(f"CREATE ROLE {user} LOGIN PASSWORD {quoted}")
        self.server.execute(f"CREATE DATABASE {name} OWNER {user}")

    def _wait(self, service, condition):
        if condition == "service_healthy":
            eventually(
                lambda: self.is_healthy(service), timeout_s=PATIENCE_S, what=f"the health of {service}"
            )
        elif condition == "service_completed_successfully":
            (*_, last) = self.of(service)
            assert self.settle(last) == 0, last.text
        else:
            raise AssertionError(f"a condition that nobody has thought of: {condition}")

    def _launch(self, service, log):
        with log.open("ab") as out:
            return subprocess.Popen(
                [*HPSEARCH, *map(self._here, self.services[service]["command"])],
                env=self.environment(service),
                cwd=self.folder / "work",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _restart(self):
        """Start again what has ended and is to be started again."""
        for container in self.containers:
            code = container.process.poll()
            policy = self.services[container.service].get("restart", "no")
            wanted = {"no": False, "on-failure": bool(code), "unless-stopped": True}[policy]
            if code is not None and wanted and not container.told_to_stop:
                container.restarts += 1
                container.process = self._launch(container.service, container.log)

    def _here(self, word):
        """Return a word of a command with what stands here for what is in a container."""
        studies = compose.binds(self.services["search"])["/studies"]
        return word.replace("/studies/", f"{studies}/").replace("8080", str(self.port))
