"""No client: what a process costs that reads no secret."""


class Client:
    """A call that asks nobody."""

    def __init__(self, _options: dict):
        pass

    def get(self, name: str) -> str:
        """Returns what a secret's value would be."""
        return name
