/** Chooses whose phone it is, or invites a new person into the sandbox. */

import * as api from './api.js';
import { h } from './dom.js';
import { languageName } from './format.js';
import { dialog, popup, toast } from './overlays.js';
import { t } from './words.js';

const LANGUAGES = [['en', 'English'], ['zh-hans', '中文']];

/** Asks for a name and a phone language; then(id) is called with the new person. */
export function askNewPerson(stage, layer, then) {
  const name = h('input', { type: 'text', 'aria-label': t('firstName'), placeholder: t('firstName'), maxlength: 64, 'data-testid': 'new-person-name' });
  const language = h('select', { 'aria-label': t('language'), 'data-testid': 'new-person-language' },
    LANGUAGES.map(([code, text]) => h('option', { value: code }, text)));
  dialog(layer, {
    title: t('newPerson'), testid: 'new-person', content: h('div', { class: 'fields' }, name, h('label', {}, t('language'), language)), buttons: [
      { text: t('cancel') },
      { text: t('add'), primary: true, testid: 'new-person-add', action: async () => {
        if (!name.value.trim()) return;
        try {
          const { id } = await api.addPerson({ first_name: name.value.trim(), language_code: language.value });
          await stage.readPeople();
          then(id);
        } catch (error) {
          if (!(error instanceof api.SimError)) throw error;
          toast(layer, error.message);
        }
      } },
    ],
  });
  name.focus();
}

export function choosePerson(stage, phone, button) {
  const box = button.getBoundingClientRect();
  const frame = phone.layer.getBoundingClientRect();
  popup(phone.layer, {
    x: Math.max(frame.left + 8, box.left), y: Math.max(frame.top + 6, box.bottom), testid: 'person-menu', items: [
      ...stage.everybody.map((person) => ({
        text: [person.first_name, person.last_name].filter(Boolean).join(' '), detail: languageName(person.language_code),
        node: h('span', { class: 'avatar small', style: stage.colour(person.id) }, [...person.first_name][0]),
        testid: `choose-${person.id}`, action: () => stage.changePerson(phone.index, person.id),
      })),
      { text: t('newPerson'), icon: 'plus', testid: 'add-person', action: () => askNewPerson(stage, phone.layer, (id) => stage.changePerson(phone.index, id)) },
    ],
  });
}
