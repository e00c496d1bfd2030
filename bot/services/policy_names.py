"""What policies are called, in every language: a person may type the key, the name on the button, or another one."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bot.domain.policy import DECLARATIONS
from bot.domain.policy_text import alike
from bot.rendering import LANGUAGES, Renderer

BETWEEN = "|"  # other names of one policy, in `templates/messages/policy_also.html`


@cache
def names() -> Mapping[str, str]:
    """Keys by names as `alike` writes them: a matter of the templates alone, so it is worked out once."""
    renderer = Renderer()
    found = {alike(key): key for key in DECLARATIONS}
    for language in LANGUAGES:
        for file in ("policy_names", "policy_also"):
            for key, wording in renderer.words(file, language).items():
                for name in wording.split(BETWEEN):
                    found.setdefault(alike(name), key)
    return MappingProxyType(found)
