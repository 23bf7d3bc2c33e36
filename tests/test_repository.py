"""Git is asked for facts only, and every way in which there is no base is one clear line."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from analyzer.errors import AssayError, UsageError
from analyzer.repository import Repository, find_repository
from tests.scratch import Scratch, scratch


@pytest.fixture
def made(tmp_path: Path) -> Scratch:
    return scratch(tmp_path / "repository")


def written(made: Scratch, folder: Path, commit: str = "HEAD", **named: list[str]) -> set[str]:
    """The files that were written of a commit."""
    folder.mkdir()
    Repository(made.root).tree(commit).write(folder, **named)
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


def test_the_root_is_found_from_any_path_inside(made: Scratch) -> None:
    made.commit(deep__er__a_yaml="a: 1")
    assert find_repository([made.root / "deep/er/a.yaml"]).root == made.root.resolve()


def test_paths_outside_of_any_repository_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not in a git repository"):
        find_repository([tmp_path])


def test_paths_of_two_repositories_are_refused(made: Scratch, tmp_path: Path) -> None:
    other = scratch(tmp_path / "other")
    with pytest.raises(UsageError, match="several repositories"):
        find_repository([made.root, other.root])


def test_a_repository_without_commits_is_refused(made: Scratch) -> None:
    with pytest.raises(UsageError, match="has no commit yet"):
        find_repository([made.root])


def test_a_name_that_is_unknown_is_refused(made: Scratch) -> None:
    made.commit()
    with pytest.raises(UsageError, match=r"there is no commit 'origin/nowhere'.*fetch it"):
        Repository(made.root).merge_base("origin/nowhere")


@pytest.mark.parametrize("ref", ["--output=/tmp/owned", "-h", "^main", "", " ", "a\nb", "a\0b"])
def test_what_is_no_name_never_reaches_git(made: Scratch, ref: str) -> None:
    made.commit()
    with pytest.raises(UsageError, match="is no name of a commit"):
        Repository(made.root).commit(ref)


def test_the_base_is_where_the_branch_left(made: Scratch) -> None:
    start = made.commit(a_yaml="a: 1")
    made.git("checkout", "--quiet", "-b", "change")
    made.commit(a_yaml="a: 2")
    made.git("checkout", "--quiet", "main")
    made.commit(b_yaml="b: 1")
    made.git("checkout", "--quiet", "change")
    assert Repository(made.root).merge_base("main") == start


def test_branches_without_a_common_commit_are_refused(made: Scratch) -> None:
    made.commit(a_yaml="a: 1")
    made.git("checkout", "--quiet", "--orphan", "other")
    made.commit(b_yaml="b: 1")
    with pytest.raises(UsageError, match="have no commit in common"):
        Repository(made.root).merge_base("main")


def shallow(made: Scratch, place: Path) -> Scratch:
    made.commit(a_yaml="a: 1")
    made.git("checkout", "--quiet", "-b", "change")
    made.commit(a_yaml="a: 2")
    made.git("checkout", "--quiet", "main")
    made.commit(b_yaml="b: 1")
    origin = f"file://{made.root}"
    made.git("clone", "--quiet", "--depth=1", "--branch=change", origin, str(place))
    return Scratch(place)


def test_a_shallow_clone_without_the_base_says_what_to_fetch(made: Scratch, tmp_path: Path) -> None:
    clone = shallow(made, tmp_path / "clone")
    clone.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(UsageError, match=r"shallow clone.*fetch-depth: 0"):
        Repository(clone.root).merge_base("origin/main")


def test_a_shallow_clone_that_does_not_know_the_branch_says_so(
    made: Scratch, tmp_path: Path
) -> None:
    clone = shallow(made, tmp_path / "clone")
    with pytest.raises(UsageError, match=r"no commit 'origin/main'.*--unshallow"):
        Repository(clone.root).merge_base("origin/main")


def test_a_partial_clone_without_a_content_is_told(made: Scratch, tmp_path: Path) -> None:
    made.commit(a_yaml="a: 1")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit(a_yaml="a: 2")
    place = tmp_path / "clone"
    made.git("clone", "--quiet", "--filter=blob:none", f"file://{made.root}", str(place))
    with pytest.raises(AssayError, match="partial clone"):
        written(Scratch(place), tmp_path / "out", "HEAD~1")


@pytest.mark.parametrize("asked", ["tree", "renamed"])
def test_a_partial_clone_without_a_folder_is_told(
    made: Scratch, tmp_path: Path, asked: str
) -> None:
    base = made.commit(a_yaml="a: 1")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit(a_yaml="a: 2")
    place = tmp_path / "clone"
    made.git("clone", "--quiet", "--filter=tree:0", f"file://{made.root}", str(place))
    with pytest.raises(AssayError, match="partial clone"):
        getattr(Repository(place), asked)(base)


def test_without_git_the_line_says_so(
    made: Scratch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        find_repository([made.root])


def test_what_can_be_read_is_written_and_nothing_else(made: Scratch, tmp_path: Path) -> None:
    made.commit(
        a__template_yaml="x: 1",
        a__b_json="{}",
        packs__own_py="",
        image_png="",
        code_js="",
        samconfig_toml="",
    )
    assert written(made, tmp_path / "out") == {
        "a/template.yaml",
        "a/b.json",
        "packs/own.py",
        "samconfig.toml",
    }


def test_a_file_of_any_name_is_written_where_an_architecture_names_it(
    made: Scratch, tmp_path: Path
) -> None:
    made.write("system/stack.cfn", "Resources: {}")
    made.write("other/left.cfn", "Resources: {}")
    made.commit(system__architecture_yaml="stacks: {main: {template: stack.cfn}}")
    assert "system/stack.cfn" in written(made, tmp_path / "out")


def test_a_file_of_any_name_is_written_where_the_user_names_it(
    made: Scratch, tmp_path: Path
) -> None:
    made.write("stack.cfn", "Resources: {}")
    made.commit()
    assert written(made, tmp_path / "out", also=["stack.cfn"]) == {"stack.cfn"}


def test_contents_are_those_of_the_commit_whatever_attributes_say(
    made: Scratch, tmp_path: Path
) -> None:
    made.write(".gitattributes", "*.yaml export-ignore\n*.json export-subst eol=crlf\n")
    made.commit(a_yaml="a: 1\n", b_json='{"a": "$Format:%H$"}\n')
    written(made, tmp_path / "out")
    contents = [(tmp_path / "out" / name).read_bytes() for name in ("a.yaml", "b.json")]
    assert contents == [b"a: 1\n", b'{"a": "$Format:%H$"}\n']


def test_links_are_written_where_they_stay_inside(made: Scratch, tmp_path: Path) -> None:
    made.write("shared/a.yaml", "a: 1")
    (made.root / "own").mkdir()
    (made.root / "own" / "inside.yaml").symlink_to("../shared/a.yaml")
    made.commit()
    written(made, tmp_path / "out")
    assert (tmp_path / "out/own/inside.yaml").read_text() == "a: 1"


@pytest.mark.parametrize("target", ["../../../etc/passwd", "/etc/passwd", "x.yaml"])
def test_links_that_lead_out_or_in_circles_bring_nothing(
    made: Scratch, tmp_path: Path, target: str
) -> None:
    (made.root / "x.yaml").symlink_to(target)
    made.commit()
    written(made, tmp_path / "out")
    assert not (tmp_path / "out/x.yaml").exists()


def test_links_that_lead_out_through_one_another_bring_nothing(
    made: Scratch, tmp_path: Path
) -> None:
    made.write("p/q/keep.yaml", "a: 1")
    (tmp_path / "secret").write_text("secret")
    (made.root / "p/q/top").symlink_to("../..")
    (made.root / "x.yaml").symlink_to("p/q/top/../secret")
    made.commit()
    written(made, tmp_path / "out")
    assert not (tmp_path / "out/x.yaml").is_symlink()


def test_odd_names_are_written_as_they_are(made: Scratch, tmp_path: Path) -> None:
    names = {"a b.yaml", "é.yaml", 'q"uote.yaml', "-dash.yaml", "tab\there.yaml", "new\nline.yaml"}
    for name in names:
        made.write(name, "a: 1")
    made.commit()
    assert written(made, tmp_path / "out") == names


def test_submodules_are_known_as_such(made: Scratch) -> None:
    commit = made.commit(a_yaml="a: 1")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/module")
    made.git("commit", "--quiet", "--message", "a module")
    assert Repository(made.root).tree("HEAD").submodules == ("vendor/module",)


def test_moved_files_are_found(made: Scratch) -> None:
    start = made.commit(old_yaml="".join(f"line{n}: {n}\n" for n in range(20)))
    made.git("mv", "old.yaml", "new.yaml")
    made.commit()
    assert Repository(made.root).renamed(start) == {"old.yaml": "new.yaml"}


def test_a_content_is_recognised_without_asking_git(made: Scratch) -> None:
    made.commit(a_yaml="a: 1\n")
    tree = Repository(made.root).tree("HEAD")
    assert [tree.has_same("a.yaml", text) for text in (b"a: 1\n", b"a: 2\n")] == [True, False]


def test_nothing_of_the_repository_is_changed_or_run(made: Scratch, tmp_path: Path) -> None:
    made.commit(a_yaml="a: 1")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "core.editor"):
        made.git("config", name, str(trap))
    made.git("config", "core.hooksPath", str(tmp_path))
    before = snapshot(made.root)
    repository = find_repository([made.root])
    written(made, tmp_path / "out", repository.merge_base("main"))
    repository.renamed("HEAD")
    assert (snapshot(made.root), (tmp_path / "sprung").exists()) == (before, False)


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(file): (file.stat().st_mtime_ns, file.read_bytes())
        for file in root.rglob("*")
        if file.is_file()
    }


def test_a_hook_of_git_does_not_point_elsewhere(
    made: Scratch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commit = made.commit(a_yaml="a: 1")
    other = scratch(tmp_path / "other")
    other.commit(b_yaml="b: 1")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert Repository(made.root).commit("main") == commit


def test_repositories_with_long_ids_are_read(tmp_path: Path) -> None:
    root = tmp_path / "long"
    root.mkdir()
    done = subprocess.run(
        ["git", "init", "--quiet", "--object-format=sha256", "--initial-branch=main", str(root)],  # noqa: S607
        check=False,
        env={**os.environ},
    )
    if done.returncode:
        pytest.skip("this git knows short ids only")
    made = Scratch(root)
    made.commit(a_yaml="a: 1\n")
    assert Repository(root).tree("HEAD").has_same("a.yaml", b"a: 1\n")
