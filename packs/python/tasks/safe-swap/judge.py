"""PY2: what the scenes mean. Pure: the same observations and budget give the same findings, anywhere."""

from djudge.engine.values import Budget, Judgement, Observations

from ..scenes import Asked, Scene, doubts, finding


def in_the_folder(scene: Scene) -> object:
    """What lay in the folder at each look, and each use of `replace` and `sync` with what they found there."""
    return {"moments": scene.more}


def folder_and_answers(scene: Scene) -> object:
    """That, and what came out."""
    return {"moments": scene.more, "answers": scene.answers}


def files_and_answers(scene: Scene) -> object:
    """What the files held, whatever lay beside them, and what came out."""
    events = scene.more if isinstance(scene.more, list) else []
    return {"files": [event.get("files") for event in events if isinstance(event, dict)], "answers": scene.answers}


ASKED = (
    Asked(
        check="atomic",
        scenes={
            "ends-well": "a block that ends well",
            "new-file": "a file that was not there",
            "real-replace": "with `os.replace` itself",
        },
        facts=in_the_folder,
        expected="the old content until the end, then one `replace` of a complete file from the same folder",
        candidate="Only one step can't be seen half done: renaming a file that is complete, in the folder where it "
        "belongs. What is still in a buffer is not in the file, and a file of another folder may be on another disk.",
        recruiter="Whether readers ever see half a file.",
    ),
    Asked(
        check="cleanup",
        scenes={"block-fails": "the block fails, in three ways", "replace-fails": "`replace` fails"},
        facts=in_the_folder,
        expected="the old content, and nothing beside it, whatever the exception",
        candidate="A program is also ended by Ctrl-C and by sys.exit, which are no `Exception`. What a context makes "
        "it takes away again, however the block ends.",
        recruiter="Whether failures leave no rubbish behind.",
    ),
    Asked(
        check="passes",
        scenes={"block-fails": "the block fails, in three ways", "replace-fails": "`replace` fails"},
        facts=files_and_answers,
        expected="the very exception of the block or of `replace`",
        candidate="Cleaning up is no reason to keep quiet. A context that swallows the exception tells its caller that "
        "the file was written.",
        recruiter="Whether failures are heard of.",
    ),
    Asked(
        check="nested",
        scenes={"nested": "two files", "nested-in-itself": "the same file twice"},
        facts=in_the_folder,
        expected="each swap writes its own content, the outer one last",
        candidate="A fixed name for the draft is shared by all who use it at once. "
        "Each context needs a draft of its own.",
        recruiter="Whether two at once get in each other's way.",
    ),
    Asked(
        check="many",
        scenes={
            "several": "three files",
            "several-fail": "three files, and the block fails",
            "one-cannot-be-opened": "one of three can't be opened",
        },
        facts=in_the_folder,
        expected="all swapped or none, also where only some could be opened",
        candidate="When the third context can't be entered, somebody has to leave the first two. That is what "
        "contextlib.ExitStack is for.",
        recruiter="Whether lists that belong together change together.",
    ),
    Asked(
        check="sync",
        scenes={"synced": "one file with `sync`", "several-synced": "three files with `sync`"},
        facts=in_the_folder,
        expected="`sync` once a file, when all of it is written and before `replace`",
        candidate="Python's own buffer comes first: what has not been flushed can't be synced. And a rename that "
        "reaches the disk before the content leaves an empty file after a power cut.",
        recruiter="Whether a power cut can cost a file.",
    ),
    Asked(
        check="twin",
        scenes={
            "async-ends-well": "`async with`: a block that ends well",
            "async-block-fails": "`async with`: fails, and is cancelled",
            "async-replace-fails": "`async with`: `replace` fails",
        },
        facts=folder_and_answers,
        expected="the same as without async, also when the block is cancelled",
        candidate="Cancelling is an exception too, and no `Exception`: it has to clean up and go on its way.",
        recruiter="Whether it works in asynchronous code.",
    ),
)


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The seven checks, and what does not fit an honest run."""
    findings = tuple(finding(asked, observations, budget) for asked in ASKED)
    return Judgement(findings, tuple(doubts(observations)))
