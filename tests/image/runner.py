"""One step of a container action, started as GitHub's runner starts it, and what it did to everything within its reach.

actions/runner: ContainerActionHandler.cs (mounts, variables), DockerCommandManager.cs (the command line), ActionCommandManager.cs and
OutputManager.cs (which lines of output are commands).
"""
import dataclasses
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import uuid

FILE_COMMANDS = {"GITHUB_ENV": "set_env_", "GITHUB_OUTPUT": "set_output_", "GITHUB_STATE": "save_state_", "GITHUB_PATH": "add_path_",
                 "GITHUB_STEP_SUMMARY": "step_summary_"}
FOLDERS = {"home": "_github_home", "workflow": "_github_workflow", "file_commands": "_runner_file_commands"}
IMAGE = "ghcr.io/waybill/waybill:edge"
COMMANDS = {"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path", "notice",
            "remove-matcher", "save-state", "set-env", "set-output", "warning"}
RUNNER_USER = 1001


@dataclasses.dataclass
class Ended:
    code: int
    output: str
    files: dict        # by variable: what the step wrote
    commands: list     # (name, properties, value) of each line that the runner would obey
    connections: int   # to the Docker socket
    root_owned: list   # files in any mount that the runner's user could not remove
    strange: list      # files that were not there before, but in .waybill/ of the workspace

    def outputs(self):
        return file_entries(self.files["GITHUB_OUTPUT"])


def file_entries(text):
    """NAME=VALUE or NAME<<DELIMITER … DELIMITER, as the runner reads a file command."""
    entries, lines = {}, text.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        name, mark, rest = min((part for part in (line.partition("="), line.partition("<<")) if part[1]), key=lambda part: len(part[0]))
        if mark == "<<":
            end = lines.index(rest)
            rest, lines = "\n".join(lines[:end]), lines[end + 1:]
        entries[name] = rest
    return entries


def command(line):
    """`::name properties::value`, or the older `##[name properties]value` anywhere in the line; None for other text."""
    line = line.strip()  # as .NET's Trim, more than ASCII is space
    if line.startswith("::") and "::" in line[2:]:
        head, _, value = line[2:].partition("::")
    elif "##[" in line and "]" in line.partition("##[")[2]:
        head, _, value = line.partition("##[")[2].partition("]")
    else:
        return None
    name, _, properties = head.partition(" ")
    return name, properties, value


def commands(output):
    """The commands in a step's output that the runner obeys: none between `::stop-commands::WORD` and `::WORD::`."""
    found, stopped = [], None
    for line in re.split("\r\n|\r|\n", output):
        said = command(line)
        if said and stopped:
            stopped = None if said[0] == stopped else stopped
        elif said and said[0] == "stop-commands":
            stopped = said[2]
        elif said and said[0] in COMMANDS:
            found.append(said)
    return found


def owned_by_root(*folders):
    every = (pathlib.Path(where) / name for folder in folders for where, below, files in os.walk(folder) for name in below + files)
    return sorted(str(path) for path in every if path.lstat().st_uid == 0)


def files_below(*folders):
    return {str(pathlib.Path(where) / name) for folder in folders for where, _, files in os.walk(folder) for name in files}


class Job:
    """The folders of a job on a runner, all the runner user's; steps follow one another in it."""

    def __init__(self, workspace=None, event="{}", user=RUNNER_USER):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="runner-"))
        self.user = user
        self.temp = self.root / "_temp"
        self.workspace = pathlib.Path(workspace) if workspace else self.root / "workspace"
        for folder in FOLDERS.values():
            (self.temp / folder).mkdir(parents=True)
        self.workspace.mkdir(parents=True, exist_ok=True)
        (self.temp / "_github_workflow/event.json").write_text(event)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.root / "docker.sock"))
        self.listener.listen()
        self.listener.setblocking(False)
        self.give(self.root, self.workspace)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def give(self, *folders):
        subprocess.run(["chown", "-R", f"{self.user}:{self.user}", *map(str, folders)], check=True)

    def connections(self):
        count = 0
        while True:
            try:
                self.listener.accept()[0].close()
                count += 1
            except BlockingIOError:
                return count

    def step(self, image, entrypoint, inputs=None, environment=None, *, runner_temp=True, command_files=True, network=None, options=()):
        """`runner_temp` False: an older runner, which did not mount it. `command_files` False: none exist, their variables do."""
        step = str(uuid.uuid4())
        variables = {"INPUT_" + name.replace(" ", "_").upper(): value for name, value in (inputs or {}).items()}
        variables |= environment or {}
        for name, prefix in FILE_COMMANDS.items():
            if command_files:
                file = self.temp / "_runner_file_commands" / (prefix + step)
                file.touch()
                os.chown(file, self.user, self.user)
            variables[name] = f"/github/file_commands/{prefix}{step}"
        variables |= {"HOME": "/github/home", "GITHUB_WORKSPACE": "/github/workspace", "GITHUB_EVENT_PATH": "/github/workflow/event.json",
                      "RUNNER_TEMP": "/github/runner_temp" if runner_temp else "/home/runner/work/_temp"}
        mounts = {self.root / "docker.sock": "/var/run/docker.sock", self.workspace: "/github/workspace"}
        mounts |= {self.temp / folder: f"/github/{inside}" for inside, folder in FOLDERS.items()}
        if runner_temp:
            mounts[self.temp] = "/github/runner_temp"

        line = [shutil.which("docker"), "run", "--name", f"step_{step[:8]}", "--label", "runner", "--workdir", "/github/workspace", "--rm"]
        for name in variables:
            line += ["-e", name]
        line += ["-e", "GITHUB_ACTIONS=true", "-e", "CI=true", "--entrypoint", entrypoint]  # one word, never split
        if network:
            line += ["--network", network]
        for host, inside in mounts.items():
            line += ["-v", f"{host}:{inside}"]
        before = files_below(self.root, self.workspace)
        # The values travel in the environment of docker itself, as the runner passes them.
        done = subprocess.run([*line, *options, image], env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = done.stdout.decode(errors="replace")
        files = {name: self.written(prefix + step) for name, prefix in FILE_COMMANDS.items()}
        new = files_below(self.root, self.workspace) - before
        own = (str(self.workspace / ".waybill") + "/", str(self.workspace / ".git") + "/")
        return Ended(done.returncode, output, files, commands(output), self.connections(),
                     owned_by_root(self.root, self.workspace) if self.user else [], sorted(path for path in new if not path.startswith(own)))

    def written(self, name):
        file = self.temp / "_runner_file_commands" / name
        return file.read_text() if file.exists() else ""
