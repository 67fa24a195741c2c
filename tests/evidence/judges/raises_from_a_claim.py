from djudge.engine.values import Finding, Observations, Words, shown


def judge(observations: Observations, words: Words) -> Finding:
    return shown("growth", words, observations.claim("said"))  # refused: arg-type
