from djudge.engine.values import Finding, Observations, Words, not_shown, shown


def judge(observations: Observations, words: Words) -> Finding:
    if observations.claim("statements").quote() == "4":  # refused: comparison-overlap
        return shown("growth", words, observations.saw("growth"))
    return not_shown("growth", words)
