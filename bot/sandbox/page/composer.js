/** The lower edge of a phone: the field, the command menu, the reply keyboard and the buttons around them. */

import { h, icon, iconButton } from './dom.js';
import { t } from './words.js';

const drafts = new Map();      // by person: what he had begun to write survives a change of language or phone

export class Composer {
  constructor(actions) {
    this.actions = actions;
    this.editing = null;
    this.keyboard = null;
    this.open = false;
    this.commands = [];
    this.field = h('textarea', { rows: 1, 'data-testid': 'composer', 'aria-label': t('message'), placeholder: t('message') });
    this.field.value = drafts.get(actions.personId) ?? '';
    this.menuButton = h('button', { type: 'button', class: 'menu-button', 'data-testid': 'menu', onclick: () => this.toggleCommands() },
      icon('menu', 18), h('span', {}, t('menu')));
    this.keysButton = iconButton('keyboard', t('keyboard'), () => this.toggleKeys(), { 'data-testid': 'keyboard-toggle', hidden: true });
    this.attachButton = iconButton('attach', t('attach'), () => actions.attach(this.attachButton), { 'data-testid': 'attach' });
    this.sendButton = iconButton('send', t('send'), () => this.send(), { 'data-testid': 'send', class: 'icon-button send' });
    this.editBar = h('div', { class: 'edit-bar', hidden: true });
    this.commandList = h('div', { class: 'command-list', 'data-testid': 'commands', hidden: true });
    this.keys = h('div', { class: 'reply-keys', 'data-testid': 'reply-keyboard', hidden: true });
    this.bar = h('div', { class: 'composer-bar' }, this.menuButton, this.field, this.keysButton, this.attachButton, this.sendButton);
    this.wide = h('button', { type: 'button', class: 'wide-button', hidden: true });
    this.node = h('div', { class: 'composer' }, this.commandList, this.editBar, this.bar, this.wide, this.keys);
    this.field.addEventListener('input', () => this.onInput());
    this.field.addEventListener('keydown', (event) => this.onKey(event));
    this.field.addEventListener('paste', (event) => this.onPaste(event));
    this.onInput();
  }

  onInput() {
    const { field } = this;
    if (!this.editing) drafts.set(this.actions.personId, field.value);
    field.style.height = '';
    if (field.scrollHeight > field.clientHeight) field.style.height = `${Math.min(field.scrollHeight, 130)}px`;
    this.node.classList.toggle('writing', field.value.trim() !== '');
    const typed = /^\/(\w*)$/.exec(field.value);
    if (typed) this.showCommands(typed[1].toLowerCase());
    else this.commandList.hidden = true;
  }

  onKey(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') {
      this.commandList.hidden = true;
      if (this.editing) this.stopEditing();
    } else if (event.key === 'ArrowUp' && this.field.value === '') {
      const message = this.actions.lastOwnText();
      if (message) this.edit(message);
    }
  }

  onPaste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.actions.offerFiles(files);
  }

  send() {
    const text = this.field.value.trim();
    if (!text) return;
    const message = this.editing;
    this.field.value = '';
    this.stopEditing();
    if (message) this.actions.edit(message, text);
    else this.actions.say(text);
  }

  /** Puts a sent message back into the field; the next "send" changes it. */
  edit(message) {
    this.editing = message;
    this.field.value = message.text;
    this.editBar.hidden = false;
    this.editBar.replaceChildren(icon('edit', 18), h('span', {}, h('b', {}, t('editing')), h('span', {}, message.text)),
      iconButton('close', t('cancel'), () => {
        this.field.value = '';
        this.stopEditing();
      }));
    this.onInput();
    this.field.focus();
  }

  stopEditing() {
    this.editing = null;
    this.editBar.hidden = true;
    this.onInput();
  }

  toggleCommands() {
    if (this.commandList.hidden) this.showCommands('');
    else this.commandList.hidden = true;
  }

  showCommands(beginning) {
    const found = this.commands.filter(({ command }) => command.startsWith(beginning));
    this.commandList.hidden = !found.length;
    this.commandList.replaceChildren(...found.map(({ command, description }) => h('button', {
      type: 'button', 'data-testid': 'command', 'data-command': command, onclick: () => {
        this.field.value = '';
        this.onInput();
        this.actions.say(`/${command}`);
      },
    }, h('b', {}, `/${command}`), h('span', {}, description))));
  }

  /** mode: 'write', or the one wide button that stands in its place: {text, testid, action}. */
  show({ commands, keyboard, wide, menu }) {
    this.commands = commands;
    this.menuButton.hidden = !commands.length || menu?.type === 'web_app';
    this.bar.hidden = Boolean(wide);
    this.wide.hidden = !wide;
    if (wide) {
      this.wide.textContent = wide.text;
      this.wide.dataset.testid = wide.testid;
      this.wide.onclick = wide.action;
    }
    this.field.placeholder = (keyboard ?? {}).input_field_placeholder || t('message');
    const sign = JSON.stringify(keyboard ?? null);
    if (sign !== this.sign) {
      this.sign = sign;
      this.keyboard = keyboard?.keyboard?.length ? keyboard : null;
      this.open = Boolean(this.keyboard);
      this.drawKeys();
    }
    this.showKeys();
  }

  toggleKeys() {
    this.open = !this.open;
    this.showKeys();
  }

  showKeys() {
    this.keys.hidden = !this.open || !this.keyboard || this.bar.hidden;
    this.keysButton.hidden = !this.keyboard;
    this.keysButton.classList.toggle('on', this.open);
  }

  drawKeys() {
    this.keys.classList.toggle('tall', !this.keyboard?.resize_keyboard);
    this.keys.replaceChildren(...(this.keyboard?.keyboard ?? []).map((row) => h('div', { class: 'reply-row' }, row.map((key) => {
      const button = typeof key === 'string' ? { text: key } : key;
      return h('button', {
        type: 'button', class: ['reply-key', button.style].filter(Boolean).join(' '), 'data-testid': 'reply-key', 'data-text': button.text,
        title: button.text, onclick: () => {
          if (this.keyboard?.one_time_keyboard) this.toggleKeys();
          this.actions.pressKey(button);
        },
      }, h('span', {}, button.text));
    }))));
  }
}
