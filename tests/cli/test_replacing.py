"""Changed files: written whole, as they were encoded, or not at all."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from analyzer.cli.replacing import replace_files
from analyzer.errors import InputError
from analyzer.template import read_source

TEXT = "Resources:\n  A: {Type: 'AWS::SNS::Topic'}\n"


def read(file: Path) -> dict:
    return {f"{file}": read_source(file)}


def test_the_text_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT)
    assert replace_files(read(file), {f"{file}": TEXT + "# more\n"}) == [f"{file}"]
    assert file.read_text() == TEXT + "# more\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_the_encoding_stays(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(TEXT.encode(encoding))
    replace_files(read(file), {f"{file}": TEXT + "# é\n"})
    assert file.read_bytes() == (TEXT + "# é\n").encode(encoding)


def test_the_order_of_bytes_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))
    replace_files(read(file), {f"{file}": TEXT + "# é\n"})
    assert file.read_bytes() == codecs.BOM_UTF16_BE + (TEXT + "# é\n").encode("utf-16-be")


def test_line_breaks_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode())
    sources = read(file)
    replace_files(sources, {f"{file}": sources[f"{file}"].text + "# more\r\n"})
    assert file.read_bytes() == (TEXT + "# more\n").replace("\n", "\r\n").encode()


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT)
    file.chmod(0o640)
    replace_files(read(file), {f"{file}": "Resources: {}\n"})
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    file.write_text(TEXT)
    link.symlink_to(file)
    replace_files(read(link), {f"{link}": "Resources: {}\n"})
    assert link.is_symlink()
    assert file.read_text() == "Resources: {}\n"


def test_of_files_that_changed_none_is_written(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for file in (first, second):
        file.write_text(TEXT)
    sources = {**read(first), **read(second)}
    second.write_text(TEXT + "# somebody else\n")
    texts = {f"{file}": "Resources: {}\n" for file in (first, second)}
    with pytest.raises(InputError, match="has changed since it was read"):
        replace_files(sources, texts)
    assert first.read_text() == TEXT
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_a_file_is_not_written_under_two_names(tmp_path: Path) -> None:
    file, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    file.write_text(TEXT)
    link.symlink_to(file)
    texts = {f"{file}": "Resources: {}\n", f"{link}": TEXT + "# more\n"}
    with pytest.raises(InputError, match="is the same file as"):
        replace_files({**read(file), **read(link)}, texts)
    assert file.read_text() == TEXT


def test_where_a_folder_cannot_be_written_the_file_is_named_and_none_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for file in (first, second):
        file.write_text(TEXT)
    sources = {**read(first), **read(second)}
    replaced = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if target == second:
            raise PermissionError(13, "Permission denied", f"{self}")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    texts = {f"{file}": "Resources: {}\n" for file in (first, second)}
    with pytest.raises(InputError) as told:
        replace_files(sources, texts)
    assert f"{told.value}" == f"{second}: cannot be written: permission denied; nothing is written"
    assert (first.read_text(), second.read_text()) == (TEXT, TEXT)
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_a_file_that_is_read_only_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(TEXT)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(InputError, match="is read-only: nothing is written"):
        replace_files(read(file), {f"{file}": "Resources: {}\n"})
    assert file.read_text() == TEXT
