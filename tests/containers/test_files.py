"""Dockerfile, compose file and Kubernetes example: their schemas, and what keeps them closed."""

import fnmatch
import subprocess
import sys
import tomllib

import pytest
import yaml

from tests.cli.program import ROOT
from tests.containers import compose, image
from tests.corpus.inputs import commands

COMPOSE = ROOT / "docker-compose.yml"
MANIFESTS = sorted((ROOT / "docs" / "kubernetes").glob("*.yaml"))
SET = {"HPSEARCH_DB_PASSWORD": "secret", "HPSEARCH_DASHBOARD_TOKEN": "secret"}
OLDEST_KUBERNETES = "1.31"
"""The first in which a Job's podFailurePolicy is stable."""


@pytest.fixture(scope="module")
def dockerfile():
    """Return the instructions of the image."""
    return image.instructions(ROOT / "Dockerfile")


@pytest.fixture(scope="module")
def services():
    """Return the services, filled in with the secrets alone."""
    return compose.load(COMPOSE, SET)["services"]


@pytest.fixture(scope="module")
def manifests():
    """Return the Kubernetes objects by kind and name."""
    found = [document for path in MANIFESTS for document in yaml.safe_load_all(path.read_text())]
    return {(one["kind"], one["metadata"]["name"]): one for one in found}


def pods(manifests):
    """Return the specification of each pod."""
    return [one["spec"]["template"]["spec"] for one in manifests.values() if "template" in one["spec"]]


def containers(manifests):
    """Return every container, those that only prepare too."""
    return [one for pod in pods(manifests) for one in [*pod.get("initContainers", []), *pod["containers"]]]


def accepted(arguments):
    """Parse the arguments of a container as the program would; raise where it would refuse them."""
    name = next(name for name in commands() if arguments[: len(name.split())] == name.split())
    return commands()[name].make_context(name, list(arguments[len(name.split()) :]))


def schema_errors(path):
    """Return what the schema of Compose has against a file."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_compose_file_is_one(tmp_path):
    """It agrees with the schema of the Compose specification; a misspelt key does not."""
    assert schema_errors(COMPOSE) == ""
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(COMPOSE.read_text().replace("    restart: on-failure", "    restarts: on-failure"))
    assert "'restarts' was unexpected" in schema_errors(wrong)


def test_nothing_is_reached_from_other_machines(services):
    """One port is published, the dashboard's, on the loopback interface; the database has none."""
    assert {name: compose.published(one) for name, one in services.items() if "ports" in one} == {
        "dashboard": [("127.0.0.1", "8080", "8080")]
    }
    assert all("network_mode" not in one for one in services.values())


def test_services_are_locked_down_and_limited(services):
    """A read-only root, no capability, no way to new rights, no root, limits; time to finish an epoch."""
    for name, one in services.items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["user"] not in {"root", "0", "0:0"}, name
        assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert one["stop_grace_period"] == "30s", name
        assert "/tmp" in one["tmpfs"], name


def test_who_is_restarted_and_who_is_scaled(services):
    """Workers that fail come back, searches do not; as many workers as wanted may stand side by side."""
    assert {name: one.get("restart", "no") for name, one in services.items()} == {
        "database": "unless-stopped",
        "upgrade": "no",
        "search": "no",
        "worker": "on-failure",
        "dashboard": "unless-stopped",
    }
    assert "container_name" not in services["worker"]
    assert "ports" not in services["worker"]
    eight = compose.load(COMPOSE, SET | {"HPSEARCH_WORKERS": "8"})["services"]["worker"]
    assert eight["scale"] == "8"
    assert "--fleet=8" in eight["command"]


def test_commands_are_those_of_the_program(services, manifests):
    """Every command and option of a container is one that the program has."""
    given = [one["command"] for one in services.values() if "command" in one]
    given += [one["args"] for one in containers(manifests)]
    assert len(given) == 9
    for arguments in given:
        accepted(arguments)
    with pytest.raises(Exception, match="No such option: --wate"):
        accepted(["worker", "--wate=1"])


def test_one_name_says_which_study_is_searched_and_joined():
    """A file of the mounted folder, and the study that bears its name."""
    services = compose.load(COMPOSE, SET | {"HPSEARCH_STUDY": "wine", "HPSEARCH_STUDIES": "/home/me"})[
        "services"
    ]
    assert services["search"]["command"][1] == "/studies/wine.toml"
    assert "--study=wine" in services["worker"]["command"]
    assert compose.binds(services["search"])["/studies"] == "/home/me"


def test_the_image_is_built_in_stages_from_named_versions(dockerfile):
    """Every base has a tag of a version, from no registry of its own; nothing is fetched by address."""
    bases = [line.words[0] for line in dockerfile if line.name == "FROM"]
    assert bases == ["python:3.13-slim"] * 2
    assert [line for line in dockerfile if line.name == "ADD"] == []
    (copied,) = (line for line in image.of_last_stage(dockerfile, "COPY") if "from" in line.flags)
    assert copied.flags["from"] == "build"
    bases += [one["image"] for one in compose.load(COMPOSE, SET)["services"].values()]
    assert [base for base in bases if base.endswith(":latest") or "/" in base] == []


def test_the_image_runs_as_nobody_in_particular(dockerfile, services):
    """A fixed number without rights, set before the entry point, which gets signals itself."""
    last = [line for line in dockerfile if line.stage == dockerfile[-1].stage]
    order = [line.name for line in last]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert order[order.index("USER") + 1 :].count("RUN") == 0
    (user,) = image.of_last_stage(dockerfile, "USER")
    assert user.text == services["worker"]["user"] == "10001:10001"
    (entry,) = image.of_last_stage(dockerfile, "ENTRYPOINT")
    assert entry.text == '["hpsearch"]'
    found = image.environment(dockerfile)
    assert (found["HOME"], found["PYTHONDONTWRITEBYTECODE"], found["OPENBLAS_NUM_THREADS"]) == (
        "/work",
        "1",
        "1",
    )


def test_the_image_has_what_the_wheel_is_made_of(dockerfile):
    """What is copied exists, is not kept out, and is all that the build of the wheel reads; no secret is."""
    sources = [
        word for line in dockerfile if line.name == "COPY" and not line.flags for word in line.words[:-1]
    ]
    assert [name for name in sources if not (ROOT / name).exists() or ignored(name)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    needed |= {*wheel["packages"], *(name.partition("/")[0] for name in wheel["force-include"])}
    assert needed <= set(sources)
    assert all(map(ignored, (".env", ".git", "hpsearch.db", "docs", "tests", "hpsearch/__pycache__")))


def ignored(name):
    """Tell whether a path is kept out of the build: the last line that names it or a folder above decides."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    found = False
    for line in (line for line in lines if line and not line.startswith("#")):
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = name.split("/")
        whole = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        if any(fnmatch.fnmatchcase(part, pattern) for part in [*whole, parts[-1]]):
            found = not line.startswith("!")
    return found


@pytest.mark.long
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_manifests_agree_with_the_schemas_of_kubernetes(path):
    """Every key is one that Kubernetes knows; a misspelt one is not."""
    kubernetes = pytest.importorskip("kubernetes_validate", reason="pip install 'hpsearch[test-kubernetes]'")
    for manifest in yaml.safe_load_all(path.read_text()):
        kubernetes.validate(manifest, OLDEST_KUBERNETES, strict=True)
        manifest["spec"]["nonsense"] = 1
        with pytest.raises(kubernetes.ValidationError, match="'nonsense' was unexpected"):
            kubernetes.validate(manifest, OLDEST_KUBERNETES, strict=True)


def test_pods_are_locked_down_and_limited(manifests):
    """What Kubernetes calls restricted: not root, nothing writable but two volumes, no rights, limits."""
    assert len(pods(manifests)) == 3
    for pod in pods(manifests):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not pod["automountServiceAccountToken"]
        assert pod["terminationGracePeriodSeconds"] == 30
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for one in containers(manifests):
        assert one["image"] == f"hpsearch:{version}"
        assert one["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(one["resources"]["limits"]) == {"cpu", "memory"}
        assert {"/tmp", "/work"} <= {mount["mountPath"] for mount in one["volumeMounts"]}


def test_manifests_hold_no_secret_and_fit_together(manifests):
    """Secrets are named, not held; the service finds the dashboard; workers are as many as they think."""
    assert {kind for kind, _ in manifests} == {"Job", "Deployment", "Service"}
    named = {name["secretRef"]["name"] for one in containers(manifests) for name in one["envFrom"]}
    assert named == {"hpsearch-database", "hpsearch-dashboard"}
    assert [one for one in containers(manifests) if "env" in one] == []
    service = manifests["Service", "hpsearch-dashboard"]["spec"]
    deployment = manifests["Deployment", "hpsearch-dashboard"]["spec"]
    assert service["type"] == "ClusterIP"
    assert (
        service["selector"]
        == deployment["template"]["metadata"]["labels"]
        == deployment["selector"]["matchLabels"]
    )
    workers = manifests["Job", "hpsearch-workers"]["spec"]
    assert "completions" not in workers
    (worker,) = workers["template"]["spec"]["containers"]
    assert f"--fleet={workers['parallelism']}" in worker["args"]
