"""PY2: the judge enters and leaves the submission's contexts. Its `replace` and `sync` look at the folder first.

What lies in the folder is asked in the guest, through functions of the standard library that are drawn from the seed:
an answer about the work that was done, see docs/decisions/0014-calls-and-collaborators.md.
"""

import json

from djudge.engine.calling import Named, Outcome, Raise, Use, raising
from djudge.engine.probes import call
from djudge.engine.run import Run
from djudge.engine.sandbox.calling import Reference
from djudge.engine.values import Json, Observations

from ..scenes import Told, observe_scenes

MODULE = "toolbelt.swapping"
LISTINGS = ("os:listdir", "os:walk", "pathlib:Path.iterdir")


class Folder:
    """A folder of the guest, what lies in it, and a `replace` and a `sync` that see it at their moment."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.path = str(self._ask("tempfile:mkdtemp"))
        self.events: list[Json] = []
        self.failing: Raise | None = None
        self.replace = told.caller.function("replace", self._replace)
        self.sync = told.caller.function("sync", self._sync)

    def file(self, *, old: bool = True) -> "File":
        """A file in it, with a name and a content that nobody knows beforehand; or the name alone."""
        file = File(self, self.told.word(), self.told.word().encode() if old else None)
        if file.content is not None:
            self._ask("pathlib:Path.write_bytes", self._path(file.path), file.content)
        return file

    def look(self, *files: "File") -> None:
        """Note what the files hold, and how many others lie beside them."""
        names = self._names()
        known = {file.name for file in files}
        contents: list[Json] = [self._content(file.path) if file.name in names else None for file in files]
        self.events.append({"files": contents, "others": sum(name not in known for name in names)})

    def look_at(self, *files: "File") -> None:
        """Note what the files hold, in the midst of it: what lies beside them then is not asked."""
        names = self._names()
        contents: list[Json] = [self._content(file.path) if file.name in names else None for file in files]
        self.events.append({"files": contents})

    def _names(self) -> list[str]:
        """The names in the folder, by one of several ways."""
        way = self.told.random.choice(LISTINGS)
        if way == "os:listdir":
            found = self._ask(way, self.path)
        elif way == "os:walk":
            steps = self._steps(self._ask(way, self.path))
            found = [name for step in steps for name in _named_by(step)]
        else:
            places = self._steps(self._ask(way, self._path(self.path)))
            found = [self._ask("os:path.basename", place) for place in places if isinstance(place, Reference)]
        return sorted(str(name) for name in found) if isinstance(found, list) else []

    def _content(self, path: str) -> Json:
        read = self._ask("pathlib:Path.read_bytes", self._path(path))
        return read.decode("ascii", "replace") if isinstance(read, bytes) else "?"

    def _replace(self, use: Use) -> object:
        """Look at both files, then replace one by the other."""
        paths = [self._text(one) for one in use.args]
        about: dict[str, Json] = {"replace": len(paths)}
        if len(paths) == 2:
            source, target = paths
            about["from the same folder"] = self._ask("os:path.dirname", self._absolute(source)) == self.path
            about["onto itself"] = self._absolute(source) == self._absolute(target)
            about["holds"] = self._content(source)
            about["instead of"] = self._content(target) if self._ask("os:path.exists", target) is True else None
        self.events.append(about)
        if self.failing is not None:
            return self.failing
        if len(paths) == 2:
            self._ask("os:replace", *paths)
        return None

    def _sync(self, use: Use) -> None:
        """Look at what is in the file behind the descriptor by now."""
        size = -1
        if len(use.args) == 1 and type(use.args[0]) is int:
            found = self._ask("os:fstat", use.args[0])
            size = self._number(found)
        self.events.append({"sync": size})

    def _number(self, found: object) -> int:
        size = self._ask("operator:getitem", found, 6) if isinstance(found, Reference) else -1
        return size if type(size) is int else -1

    def _absolute(self, path: str) -> str:
        return str(self._ask("os:path.abspath", path))

    def _text(self, path: object) -> str:
        """A path as text, whatever kind of path it is."""
        found = self._ask("os:fspath", path) if isinstance(path, Reference) else path
        return found if isinstance(found, str) else "?"

    def _path(self, path: str) -> object:
        return self._ask("pathlib:Path", path)

    def _steps(self, iterator: object) -> list[object]:
        found = self._ask("builtins:list", iterator) if isinstance(iterator, Reference) else []
        return found if isinstance(found, list) else []

    def _ask(self, name: str, *args: object) -> object:
        """Call a function of the standard library, in a thread of its own: the first one may be in the midst of it."""
        return self.told.caller.wait(self.told.caller.start(Named(name), *args)).value


def _named_by(step: object) -> list[object]:
    """Folders and files of one step of `os.walk`: the guest's answer, so it may be anything."""
    match step:
        case (_, [*folders], [*files]):
            return folders + files
        case _:
            return []


class File:
    """A file of the judge's folder."""

    def __init__(self, folder: Folder, name: str, content: bytes | None) -> None:
        self.folder = folder
        self.name = name
        self.content = content
        self.path = f"{folder.path}/{name}"


class Swap:
    """One context of the submission, entered and left by the judge."""

    def __init__(
        self, folder: Folder, name: str, *paths: str, is_async: bool = False, sync: bool = False, replace: bool = True
    ) -> None:
        self.folder, self.is_async = folder, is_async
        self._caller = folder.told.caller
        given: dict[str, object] = {"replace": folder.replace} if replace else {}
        self._made = self._caller.call(
            Named(f"{MODULE}:{name}"), *paths, **given, **({"sync": folder.sync} if sync else {})
        )
        self.entered = self._made
        if isinstance(self._made.value, Reference):
            self.entered = self._caller.enter(self._made.value, is_async=is_async)
        if self.entered.raised is not None:
            folder.told.note(self.entered)

    def write(self, content: bytes, number: int | None = None) -> None:
        """Write to its file, or to one of its files."""
        file = self.entered.value
        if number is not None and isinstance(file, Reference):
            file = self._caller.call(Named("operator:getitem"), file, number).value
        elif number is not None:
            file = file[number] if isinstance(file, list | tuple) and len(file) > number else None
        if isinstance(file, Reference):
            write = self._caller.attribute(file, "write", keep=True)
            if isinstance(write.value, Reference):
                self.folder.told.note(self._caller.call(write.value, content))

    def leave(self, error: Raise | None = None) -> None:
        """End the block, well or with an exception."""
        left: Outcome = self._made
        if self.entered.raised is None and isinstance(self._made.value, Reference):
            left = self._caller.leave(self._made.value, error, is_async=self.is_async)
        # That an exception goes on is the same whether the context raises it once more or only does not swallow it.
        fails = error is not None and left.raised is None and left.value is False
        self.folder.told.note(Outcome(value="goes on") if fails or _is(left, error) else left)


def _is(left: Outcome, error: Raise | None) -> bool:
    """Whether the block's own exception came out."""
    if left.raised is None or error is None or not isinstance(error.what, Named):
        return False
    name = error.what.name.rpartition(":")[2]
    return left.raised_type.rpartition(".")[2] == name and call.is_exactly(left.raised.args, error.args)


def ends_well(told: Told, *, name: str = "swapped", old: bool = True, replace: bool = True, sync: bool = False) -> Json:
    """Two pieces are written, and the file is looked at before the block ends, and afterwards."""
    folder = Folder(told)
    file = folder.file(old=old)
    swap = Swap(folder, name, file.path, is_async=name == "swapped_async", replace=replace, sync=sync)
    for _ in range(2):
        swap.write(told.word().encode())
        folder.look_at(file)
    swap.leave()
    folder.look(file)
    return folder.events


def block_fails(told: Told, *, name: str = "swapped", errors: tuple[str, ...]) -> Json:
    """Something is written, then the block fails in one of several ways; at last it ends well."""
    folder = Folder(told)
    file = folder.file()
    for error in errors:
        swap = Swap(folder, name, file.path, is_async=name == "swapped_async")
        swap.write(told.word().encode())
        swap.leave(raising(error, told.word()))
        folder.look(file)
    _swap_well(folder, name, file)
    return folder.events


def replace_fails(told: Told, *, name: str = "swapped") -> Json:
    """The block ends well, and `replace` can't be done; later it can."""
    folder = Folder(told)
    file = folder.file()
    for error in ("builtins:PermissionError", "builtins:KeyboardInterrupt"):
        folder.failing = raising(error, told.word())
        _swap_well(folder, name, file)
    folder.failing = None
    _swap_well(folder, name, file)
    return folder.events


def _swap_well(folder: Folder, name: str, file: File) -> None:
    swap = Swap(folder, name, file.path, is_async=name == "swapped_async")
    swap.write(folder.told.word().encode())
    swap.leave()
    folder.look(file)


def nested(told: Told) -> Json:
    """Two files, the inner one done first; then again, and the inner block fails."""
    folder = Folder(told)
    first, second = folder.file(), folder.file()
    for error in (None, raising("builtins:ValueError", told.word())):
        outer, inner = Swap(folder, "swapped", first.path), Swap(folder, "swapped", second.path)
        for swap in (outer, inner):
            swap.write(told.word().encode())
        inner.leave(error)
        folder.look_at(first, second)
        outer.leave()
        folder.look(first, second)
    return folder.events


def nested_in_itself(told: Told) -> Json:
    """The same file twice: the inner content first, then the outer one."""
    folder = Folder(told)
    file = folder.file()
    outer, inner = Swap(folder, "swapped", file.path), Swap(folder, "swapped", file.path)
    for swap in (outer, inner, outer):
        swap.write(told.word().encode())
    inner.leave()
    folder.look_at(file)
    outer.leave()
    folder.look(file)
    return folder.events


def several(told: Told, *, error: str | None = None, sync: bool = False) -> Json:
    """Three files at once; where the block fails, they are tried once more, and it ends well."""
    folder = Folder(told)
    files = [folder.file(), folder.file(old=False), folder.file()]
    for failure in [raising(error, told.word()), None] if error else [None]:
        swap = Swap(folder, "swapped_all", *(file.path for file in files), sync=sync)
        for number in (2, 0, 1):
            swap.write(told.word().encode(), number)
        folder.look_at(*files)
        swap.leave(failure)
        folder.look(*files)
    # In which order they are swapped is nobody's business.
    return sorted(folder.events, key=lambda event: json.dumps(event, sort_keys=True))


def one_cannot_be_opened(told: Told) -> Json:
    """The last of three lies in a folder that does not exist; without it, the others are swapped."""
    folder = Folder(told)
    files = [folder.file(), folder.file()]
    swap = Swap(folder, "swapped_all", *(file.path for file in files), f"{folder.path}/{told.word()}/{told.word()}")
    failed = swap.entered.raised is not None
    folder.look(*files)
    swap = Swap(folder, "swapped_all", *(file.path for file in files))
    for number in (0, 1):
        swap.write(told.word().encode(), number)
    swap.leave()
    folder.look(*files)
    return [{"failed": failed}, *sorted(folder.events, key=lambda event: json.dumps(event, sort_keys=True))]


ENDS = ("builtins:ValueError", "builtins:KeyboardInterrupt", "builtins:SystemExit")
PLAYS = {
    "ends-well": ends_well,
    "new-file": lambda told: ends_well(told, old=False),
    "real-replace": lambda told: ends_well(told, replace=False),
    "block-fails": lambda told: block_fails(told, errors=ENDS),
    "replace-fails": replace_fails,
    "nested": nested,
    "nested-in-itself": nested_in_itself,
    "several": several,
    "several-fail": lambda told: several(told, error="builtins:KeyboardInterrupt"),
    "one-cannot-be-opened": one_cannot_be_opened,
    "synced": lambda told: ends_well(told, sync=True),
    "several-synced": lambda told: several(told, sync=True),
    "async-ends-well": lambda told: ends_well(told, name="swapped_async", sync=True),
    "async-block-fails": lambda told: block_fails(
        told, name="swapped_async", errors=("builtins:ValueError", "asyncio:CancelledError")
    ),
    "async-replace-fails": lambda told: replace_fails(told, name="swapped_async"),
}


def observe(run: Run) -> Observations:
    """All scenes, each in a guest of its own."""
    return observe_scenes(run, MODULE, PLAYS)
