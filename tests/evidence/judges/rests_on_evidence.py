from djudge.engine.values import Finding, Observations, Words, not_shown, partly, shown


def judge(observations: Observations, words: Words) -> Finding:
    seen = observations.saw("growth").read(lambda value: value == 4)
    answered = observations.answer("page")
    if seen.value:
        return shown("growth", words, seen, answered)
    quoted = Words(measured="", expected="", candidate="", recruiter="", claims=(observations.claim("said").quote(),))
    return partly("growth", quoted, answered) if answered.value else not_shown("growth", words)
