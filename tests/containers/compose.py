"""The part of the Compose language that ``docker-compose.yml`` uses, read as the specification says."""

import re

import yaml

VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^{}]*))?\})")
"""``$$``, ``$NAME``, ``${NAME}``, and ``${NAME:-default}``, ``${NAME:?message}`` or without the colon."""


class MissingVariableError(Exception):
    """A variable that must be set is not, or is empty where that counts as not set."""


def load(path, variables):
    """Return a compose file with its anchors merged and its variables filled in."""
    return _filled(yaml.safe_load(path.read_text(encoding="utf-8")), variables, ())


def _filled(value, variables, place):
    if isinstance(value, dict):
        return {key: _filled(below, variables, (*place, str(key))) for key, below in value.items()}
    if isinstance(value, list):
        return [_filled(below, variables, (*place, "[]")) for below in value]
    return interpolate(value, variables, ".".join(place)) if isinstance(value, str) else value


def interpolate(text, variables, place=""):
    """Return a text with its variables filled in."""

    def fill(match):
        dollar, plain, name, operator, given = match.groups()
        if dollar:
            return "$"
        found = variables.get(plain or name)
        if found is not None and not (found == "" and operator and operator.startswith(":")):
            return found
        if operator and operator.endswith("?"):
            missing = f"required variable {name} is missing a value: {given}"
            raise MissingVariableError(f"error while interpolating {place}: {missing}")
        return given or ""

    return VARIABLE.sub(fill, text)


def binds(service):
    """Return path in the container -> volume or folder of each mount of a service."""
    mounts = [mount.removesuffix(":ro").rpartition(":") for mount in service.get("volumes", [])]
    return {inside: outside for outside, _, inside in mounts}


def published(service):
    """Return (address, port of this machine, port of the container) of each port that is published."""
    found = []
    for port in service.get("ports", []):
        address, _, rest = port.rpartition(":")[0].rpartition(":")
        found.append((address, rest, port.rpartition(":")[2]))
    return found


def in_order(services, wanted):
    """Return the names of services and of all that they depend on, those first."""
    order = []
    for name in wanted:
        before = services[name].get("depends_on", {})
        order += [other for other in [*in_order(services, before), name] if other not in order]
    return order


def command_of(test):
    """Return the command of a health check."""
    kind, *words = test
    return words if kind == "CMD" else ["/bin/sh", "-c", words[0]]
