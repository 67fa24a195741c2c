"""The words of the interview questions, and what to listen for in the answers."""

from __future__ import annotations

from typing import Final

FAULT: Final = "Your submission stopped before it could be measured. How would you find the cause, step by step?"
FAULT_ANSWERS: Final = (
    "Reads the traceback from the bottom, reproduces it in the smallest way, names the command. "
    "Weaker: changes things until it works."
)

GATE: Final = "Something that worked before your change no longer does. How would you have noticed before handing in?"
GATE_ANSWERS: Final = (
    "A test of behaviour written before the change, or a comparison of the page before and after. "
    "Weaker: clicking through it once."
)

LOOP: Final = (
    "Your page ran {few.executions} statements with {few.n} {axis} and {many.executions} with {many.n}. "
    "Which line asks for more each time, and what would have shown you that before release?"
)
LOOP_ANSWERS: Final = (
    "Finds the line where a relation is first touched, says what would fetch it together, and names a test "
    "or a log that counts statements. Weaker: “add a cache” without a cause."
)

REPEAT: Final = (
    "One statement ran {count} times for one page. What decides how often it runs, and when would that be acceptable?"
)
REPEAT_ANSWERS: Final = (
    "Ties the count to the rows on the page, and knows cases where repeating is fine (a batch, a loop over "
    "three choices). Weaker: all repeats are bad."
)

INTEGRITY: Final = "The judge saw something that it could not explain. Can you walk us through how it comes about?"

RED_FLAG: Final = "In {file}, line {line}: {what}. What else did you think of there, and why did you settle on this?"
RED_FLAG_ANSWERS: Final = (
    "Names the framework's own way and what it would have cost here. Weaker: has not heard of it. "
    "An ordinary explanation is possible:"
)

GAP: Final = "What did you try, and what would you try next?"
GAP_ANSWERS: Final = "Knows what was left undone and why, and has a way to check it. Weaker: surprised by the figure."

TRADE_OFF: Final = (
    "Statements that your page needs even with {many.n} {axis}: {many.executions}. What does each of them "
    "fetch, and what would make you choose fewer or more?"
)
TRADE_OFF_ANSWERS: Final = (
    "Explains a join against a second query (rows multiplied, memory, one-to-many), and when neither helps. "
    "Weaker: names the methods without the cost."
)

ROWS: Final = (
    "Your page reads {rows} rows where a reference solution reads {allowed}. What happens when the tables "
    "are a hundred times larger?"
)
ROWS_ANSWERS: Final = (
    "Moves counting, filtering and picking into the database, and says what that costs. "
    "Weaker: trusts pagination of what was already read."
)

PLACE: Final = "Walk us through {file}, line {line}. What would break without it?"
PLACE_ANSWERS: Final = "Explains what the line causes at run time, not only what it is called."

#: Questions that fit any submission, so that there are always three.
ANYTHING: Final = (
    (
        "Which test would fail first if a colleague undid your change, and why that one?",
        "Names an observable behaviour or a count. Weaker: a test of the implementation.",
    ),
    (
        "With another hour on this ticket, what would you do next, and what would you leave alone?",
        "Weighs risk against value for the user. Weaker: a list of refactorings.",
    ),
    (
        "What would you watch in production during the day after this is released?",
        "Statements or rows a request, slow statements, errors, and a way back.",
    ),
)
