"""Where a repository stands, which commit a change began at, and which files it moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import InputError, UsageError
from analyzer.repository.git import GitError, git
from analyzer.repository.tree import INCOMPLETE, Tree, read_tree

_FETCH = "fetch its history: `git fetch --unshallow`, or fetch-depth: 0 in actions/checkout"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree; `root` is its top folder, without symbolic links."""

    root: Path

    def commit(self, ref: str) -> str:
        """The commit that a name means. Raises `UsageError` where there is none."""
        if ref.startswith(("-", "^")) or not ref.isprintable() or not ref.strip():
            raise UsageError(f"'{ref}' is no name of a commit", hint="give a branch, tag or commit")
        try:
            return git(self.root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        except GitError:
            hint = _FETCH if self._is_shallow() else "fetch it, or check its name"
            raise UsageError(f"there is no commit '{ref}' in {self.root}", hint=hint) from None

    def merge_base(self, ref: str) -> str:
        """The commit at which the working tree's branch left another. Raises `UsageError`."""
        other = self.commit(ref)
        try:
            return git(self.root, "merge-base", "HEAD", other).splitlines()[0]
        except GitError:
            if self._is_shallow():
                message = f"the commit at which HEAD left '{ref}' is not in this shallow clone"
                raise UsageError(message, hint=_FETCH) from None
            message = f"HEAD and '{ref}' have no commit in common"
            raise UsageError(message, hint="name the branch that the change began at") from None

    def tree(self, commit: str) -> Tree:
        """The files of a commit. Raises `InputError` where an object is missing."""
        try:
            return read_tree(self.root, commit)
        except GitError as error:
            raise self._incomplete(error) from None

    def renamed(self, commit: str) -> dict[str, str]:
        """The files that were moved since a commit: the new path by the old one.

        Raises `InputError` where an object is missing.
        """
        diff = ("diff-tree", "-r", "-z", "--find-renames", "--diff-filter=R", "--name-status")
        try:
            fields = git(self.root, *diff, "--no-ext-diff", commit, "HEAD").split("\0")
        except GitError as error:
            raise self._incomplete(error) from None
        return {old: new for _, old, new in zip(*[iter(fields)] * 3, strict=False)}

    def _incomplete(self, error: GitError) -> InputError:
        message = f"git cannot read all of it: {error}"
        return InputError(message, file=f"{self.root}", hint=INCOMPLETE)

    def _is_shallow(self) -> bool:
        try:
            return git(self.root, "rev-parse", "--is-shallow-repository") == "true"
        except GitError:
            return False


def find_repository(paths: Iterable[Path]) -> Repository:
    """The one repository that all paths stand in; without a path, that of the working folder.

    Raises `UsageError` where there is not one.
    """
    folders = dict.fromkeys(map(_folder_of, paths)) or [Path()]
    roots = dict.fromkeys(_root(folder) for folder in folders)
    if len(roots) > 1:
        listed = ", ".join(map(str, roots))
        raise UsageError(f"the paths stand in several repositories: {listed}", hint="check each")
    repository = Repository(next(iter(roots)))
    try:
        git(repository.root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitError:
        message = f"the repository {repository.root} has no commit yet"
        raise UsageError(message, hint="there is nothing to compare with") from None
    return repository


def _folder_of(path: Path) -> Path:
    """The nearest folder that is there: a change may have taken away what is named."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), Path())


def _root(folder: Path) -> Path:
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel")).resolve()
    except GitError as error:
        if "not a git repository" in f"{error}":
            raise UsageError(
                f"'{folder}' is not in a git repository", hint="--base compares with a commit"
            ) from None
        raise UsageError(f"git cannot read '{folder}': {error}") from None
