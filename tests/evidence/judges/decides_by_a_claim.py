from djudge.engine.values import Finding, Observations, Words, not_shown, shown


def judge(observations: Observations, words: Words) -> Finding:
    if observations.claim("statements"):
        return shown("growth", words, observations.saw("growth"))  # refused: unreachable
    return not_shown("growth", words)
