"""The words of a checklist's workbook in the reader's language, and what each column takes in all of them."""

from bot.media.sop_workbook import SopWords
from bot.rendering import LANGUAGES, Renderer


def words_for(renderer: Renderer, language: str) -> SopWords:
    """What `write_sop` needs; the explanations come in the reader's language first."""
    tabs = renderer.words("sop_file/sheets", language)
    languages = [language, *(other for other in LANGUAGES if other != language)]
    return SopWords(
        tabs=tabs,
        titles=renderer.words("sop_file/columns", language),
        kinds=renderer.words("sop_file/kinds", language),
        yes=tabs["yes"],
        no=tabs["no"],
        explained=[
            (renderer.words("sop_file/columns", each), renderer.words("sop_file/explanations", each))
            for each in languages
        ],
    )
