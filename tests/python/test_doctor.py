"""`python -m libkv doctor`: its table and its exit code."""

import subprocess
import sys

import pytest
from libkv.__main__ import main


@pytest.fixture
def doctor(vault, capsys):
    """Runs the command for the vault, and gives the exit code, the table by step, and what was told as an error."""

    def doctor(*options, url=vault.url):
        options = [f"ca_file={vault.ca_file}", "credential=static_token", f"credential.token={vault.token}", *options]
        code = main(["doctor", url, *(word for option in options for word in ("--option", option))])
        said = capsys.readouterr()
        assert vault.token not in said.out + said.err
        lines = said.out.splitlines()
        return code, {line.split()[0]: line.split()[1:] for line in lines if line[:1].strip()}, said

    return doctor


def test_a_good_way_is_shown_step_by_step(doctor):
    code, steps, said = doctor()
    assert code == 0
    assert list(steps) == ["step", "dns", "tcp", "tls", "challenge", "clock", "token", "call"]
    assert all(
        verdict == "ok" and time.isdigit() and unit == "ms" for verdict, time, unit, *_ in list(steps.values())[1:]
    )
    assert "next:" not in said.out


def test_a_step_that_fails_is_shown_with_what_to_do(doctor):
    code, steps, said = doctor("credential.token=refused")
    assert code == 1
    assert (steps["token"][0], steps["call"][0]) == ("ok", "failed")
    [advice] = [line for line in said.out.splitlines() if line.strip().startswith("next: ")]
    assert "token" in advice
    assert advice.index("next") == said.out.splitlines()[0].index("what")


def test_steps_behind_a_failure_are_skipped_without_a_time(doctor):
    code, steps, _ = doctor(url="https://localhost:1")
    assert code == 1
    assert (steps["tcp"][0], steps["call"]) == ("failed", ["skipped", "a", "step", "before", "it", "failed"])


@pytest.mark.parametrize(
    ("options", "url", "said"),
    [
        (["retry.max=1"], "https://kv.example", "retry.max: is not an option"),
        ([], "http://kv.example", "vault_url: must be https"),
    ],
)
def test_wrong_usage_is_told(doctor, options, url, said):
    code, _, shown = doctor(*options, url=url)
    assert (code, shown.out) == (2, "")
    assert shown.err.startswith(f"python -m libkv: {said}")


def test_it_is_a_command(vault):
    command = [sys.executable, "-m", "libkv", "doctor", "https://localhost:1", "--option", "credential"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--option: must be KEY=VALUE" in done.stderr
