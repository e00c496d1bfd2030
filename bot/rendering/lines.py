"""Lets a template be laid out in lines: one that only steers or lays out buttons leaves no line end behind."""

import re

from jinja2.ext import Extension

_STEERS = r"{%-?\s*(?:if|elif|else|endif|for|endfor|set|do|with|endwith|macro|endmacro|import|from)\b(?:(?!%}).)*%}"
_LAYS_OUT = r"{{\s*(?:button|link|key|row|once|no_keys)\((?:(?!}}).)*\)\s*}}"
_NOTE = r"{#.*?#}"
_SILENT = re.compile(rf"\s*(?:(?:{_STEERS}|{_LAYS_OUT}|{_NOTE})\s*)+")


class SilentLines(Extension):
    """Jinja's own `trim_blocks` would also eat the end of a line that closes a translation."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        lines = source.removesuffix("\n").split("\n")
        return "".join(line.strip() if _SILENT.fullmatch(line) else line + "\n" for line in lines)
