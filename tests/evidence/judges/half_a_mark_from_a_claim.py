from djudge.engine.values import Finding, Observations, Words, partly


def judge(observations: Observations, words: Words) -> Finding:
    return partly("growth", words, observations.saw("growth"), observations.claim("said"))  # refused: arg-type
