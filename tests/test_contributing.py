"""What CONTRIBUTING, SECURITY and CHANGELOG show is so, and people, hooks and the gate run the same commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXTS = {
    name: (ROOT / f"{name}.md").read_text(encoding="utf-8")
    for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")
}
COMMANDS = dict(re.findall(r"^\| ([a-z ]+) \| `(\.venv/bin/[^`]+)` \|$", TEXTS["CONTRIBUTING"], re.MULTILINE))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]


def readme_command() -> str:
    found = re.search(r"<!-- test command -->\n```bash\n(.*?)\n```", TEXTS["README"], re.DOTALL)
    assert found
    return found.group(1)


def test_there_is_one_command_for_each_purpose() -> None:
    assert list(COMMANDS) == ["format", "check", "fast tests", "all tests"]


def test_set_up_and_all_tests_are_the_test_command_of_the_readme() -> None:
    (set_up,) = re.findall(r"```bash\n(.*?)\n```", TEXTS["CONTRIBUTING"], re.DOTALL)

    assert f"{set_up} && {COMMANDS['all tests']}" == readme_command()


def test_the_hooks_run_the_check_before_a_commit_and_the_fast_tests_before_a_push() -> None:
    before_commit = [hook["entry"] for hook in HOOKS if "stages" not in hook]
    before_push = [hook["entry"] for hook in HOOKS if hook.get("stages") == ["pre-push"]]

    assert " && ".join(before_commit) == COMMANDS["check"]
    assert before_push == [COMMANDS["fast tests"]]
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in HOOKS)
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-config"], cwd=ROOT, check=True)


def test_the_gate_runs_the_fast_tests_with_the_lowest_versions() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (reading,) = re.findall(r"^fast=\$\((.*)\)$", script, re.MULTILINE)
    read = subprocess.run(["bash", "-c", reading], cwd=ROOT, capture_output=True, text=True, check=True)

    assert f".venv/bin/{read.stdout.strip()}" == COMMANDS["fast tests"]
    assert shlex.split(read.stdout) == ["pytest", "-m", "not slow"]
    assert "--resolution lowest-direct" in script


@pytest.mark.parametrize("name", list(TEXTS))
def test_links_lead_somewhere(name: str) -> None:
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", TEXTS[name]) if not t.startswith("http")]
    anchors = re.findall(r"\]\(([^)#]*)#([\w-]+)\)", TEXTS[name])

    assert [t for t in targets if not (ROOT / t).exists()] == []
    for file, anchor in anchors:
        text = (ROOT / (file or f"{name}.md")).read_text(encoding="utf-8")
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles}


def test_the_changelog_has_the_present_version_and_what_is_to_come() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    versions = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$", TEXTS["CHANGELOG"], re.MULTILINE)
    kinds = set(re.findall(r"^### (.+)$", TEXTS["CHANGELOG"], re.MULTILINE))

    assert versions[0] == ("Unreleased", "")
    assert versions[1][0] == version
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_what_security_promises_has_an_option_of_the_command() -> None:
    options = set(re.findall(r"`(--[\w-]+)`", TEXTS["SECURITY"])) | {"--host"}
    readme = (ROOT / "server" / "cli" / "serve_options.py").read_text(encoding="utf-8")

    assert {o for o in options if o not in readme and o != "--version"} == set()


def test_the_recipes_name_files_and_tests_that_are_there() -> None:
    section = TEXTS["README"].split("## Change something")[1].split("\n## ")[0]
    rows = [row.split("|") for row in re.findall(r"^\|(.*)\|$", section, re.MULTILINE)[2:]]
    named = {path for row in rows for path in re.findall(r"`([\w/.…-]+/[\w/.…-]*)`", row[1])}
    tests = {path for row in rows for path in row[3].strip(" `").split()}

    assert len(rows) >= 9
    assert {path for path in tests if not (ROOT / path).exists()} == set()
    assert {p for p in named if not re.search(r"[A-Z]{3}|…", p) and not (ROOT / p).exists()} == set()
