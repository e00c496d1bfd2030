"""The template of a customer list in the reader's language: one column for everything that an import takes."""

from bot.domain.customer import Grade
from bot.domain.customer_problem import Field
from bot.media.workbooks import TemplateColumn, customer_template
from bot.media.workers import MediaWorkers
from bot.rendering import Renderer

_WIDTHS = {Field.NAME: 28, Field.ADDRESS: 36, Field.NOTE: 36}
_WIDTH = 14
# Excel would make numbers of these, and lose the zeros they begin with
_TEXTS = {Field.EXTERNAL_ID, Field.PHONE}
_DATUMS = ("WGS-84", "GCJ-02", "BD-09")


async def template(workers: MediaWorkers, renderer: Renderer, language: str) -> bytes:
    """An xlsx without examples: they would be imported as customers by whoever forgets to delete them."""
    titles, explanations = (renderer.words(f"import/{name}", language) for name in ("columns", "explanations"))
    words = renderer.words("import/sheets", language)
    choices = {
        Field.GRADE: tuple(Grade),
        Field.CLASS: tuple(renderer.words("import/classes", language).values()),
        Field.DATUM: _DATUMS,
    }
    columns = [
        TemplateColumn(
            title,
            explanations[name],
            width=_WIDTHS.get(Field(name), _WIDTH),
            choices=choices.get(Field(name), ()),
            is_text=Field(name) in _TEXTS,
        )
        for name, title in titles.items()
    ]
    notes = (words["note_empty"], words["note_again"])
    return await workers.run(customer_template, words["template_tab"], columns, words["notes_tab"], notes)
