"""What README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.resources import folder

pytestmark = pytest.mark.usefixtures("user_cache")
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ cablegraph ([^\n]*)\n(.*?)```", README, re.DOTALL)


def block(marker: str) -> str:
    """Return the command under an HTML comment of the README."""
    found = re.search(rf"<!-- {marker} -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    assert found
    return found.group(1)


def test_the_console_blocks_are_there() -> None:
    assert [shlex.split(command)[0] for command, _ in CONSOLE] == ["query", "why"]


def test_a_command_shows_what_the_readme_shows() -> None:
    command, shown = CONSOLE[0]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; cablegraph {command}"],
        capture_output=True, text=True, check=True, env={**os.environ, "PATH": path},
    )  # fmt: skip

    assert shown.splitlines() == done.stdout.splitlines()


def test_the_why_of_the_readme_quotes_the_words() -> None:
    result = CliRunner().invoke(main, shlex.split(CONSOLE[1][0]))

    assert "did not speak" in result.stdout


def test_both_commands_do_all_set_up_themselves() -> None:
    for marker, last in (("serve command", "cablegraph serve"), ("test command", "pytest --cov")):
        assert block(marker).startswith("python3 -m venv .venv && .venv/bin/pip install")
        assert block(marker).endswith(f"&& .venv/bin/{last}")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "<!-- test command -->" in script
    assert "--resolution lowest-direct" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_command_of_the_table_exists_and_none_is_missing() -> None:
    named = set(re.findall(r"^\| `cablegraph (\w+)", README, re.MULTILINE))

    assert named == set(main.list_commands(click.Context(main)))


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", README) if not t.startswith("http")]

    assert len(targets) >= 5
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_serve_answers_the_request_of_the_readme() -> None:
    query = re.search(r"'query=(.*?)' -H", README)
    assert query
    server = subprocess.Popen(
        [sys.executable, "-c", "from kg.cli.main import main; main()", "serve", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert address
        request = urllib.request.Request(  # noqa: S310 (our own server on loopback)
            f"{address.group()}sparql",
            data=urllib.parse.urlencode({"query": query.group(1)}).encode(),
            headers={"Accept": "text/csv"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            rows = sorted(answer.read().decode().split("\r\n"))
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(timeout=20)
        server.stdout.close()

    assert code == 0
    assert '"Ernesto ""Che"" Guevara"' in rows
    assert "Emilio Aragones" in rows


def test_the_lines_of_python_give_a_table_a_citation_words_and_a_proof() -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found
    done = subprocess.run([sys.executable, "-c", found.group(1)], capture_output=True, text=True, check=True)

    assert "Haydée Santamaría Cuadrado" in done.stdout
    assert "who-criticised" in done.stdout
    assert "According to our information" in done.stdout
    assert "by participation-in-an-event" in done.stdout
    assert "United States action against Cuba (feared or alleged)" in done.stdout


def test_the_records_readme_shows_a_record_that_is_in_the_graph() -> None:
    text = (folder("records") / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```yaml\n(garcia-criticises:.*?)```", text, re.DOTALL)
    assert shown
    lines = [re.sub(r"\s+#.*", "", line).strip() for line in shown.group(1).splitlines()]
    record = (folder("records") / "telegram/1962-11-02-havana-1717/body-7.yaml").read_text(encoding="utf-8")

    missing = [line for line in lines if line and line.lstrip("- ") not in record]

    assert missing == []


def test_every_kind_is_explained_in_the_records_readme() -> None:
    text = (folder("records") / "README.md").read_text(encoding="utf-8")
    kinds = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    used = {
        line.split("type:")[1].strip()
        for file in (ROOT / "kg" / "records" / "telegram").rglob("*.yaml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.match(r"^  type: ", line)
    }

    assert used - kinds <= {"Passage", "Rendering"}
