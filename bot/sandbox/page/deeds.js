/** What a person does with his phone: every tap, word, place and photo becomes one call to the sandbox. */

import { SimError } from './api.js';
import { offerPhotos, openAttachMenu, sendFiles } from './attach.js';
import { copyText, dialog, enlarge, popup, toast } from './overlays.js';
import { isLive } from './placecard.js';
import { PlacePicker } from './placepicker.js';
import { t } from './words.js';

const MOVE_EVERY_MS = 350;      // a dragged marker makes dozens of places a second; a phone sends far fewer
const SPINS_MS = 15_000;        // Telegram's apps, too, stop waiting for a bot that never answers a tap

const PHONE_STORE = 'stands-at';

export class Deeds {
  constructor(phone) {
    this.phone = phone;
    this.personId = phone.personId;
    this.waiting = new Map();
    const kept = sessionStorage.getItem(`${PHONE_STORE}-${this.personId}`);
    this.place = kept ? JSON.parse(kept) : null;
  }

  /** Does something at the server, and shows in the phone what it refused. */
  async attempt(deed) {
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof SimError || error instanceof TypeError)) throw error;
      toast(this.phone.layer, error.message);
    }
    await this.phone.refresh();
  }

  botName() { return this.phone.chat?.bot?.username; }
  places() { return this.phone.stage.places; }
  now() { return this.phone.stage.clock.now(); }
  colour(seed) { return this.phone.stage.colour(seed); }
  standing() { return this.place; }
  closed() { this.phone.closed(); }
  enlarge(address, caption) { enlarge(address, caption); }
  offerFiles(files) { offerPhotos(this.phone, files); }
  attach(button) { openAttachMenu(this.phone, button); }
  send(message) { return this.attempt(() => this.phone.account.send(message)); }
  say(text) { return this.send({ text }); }
  edit(message, text) { return this.attempt(() => this.phone.account.edit(message.message_id, text)); }
  block(blocked) { return this.attempt(() => this.phone.account.block(blocked)); }
  openStart(token) { return this.say(token ? `/start ${token}` : '/start'); }

  drop(files) {
    const pictures = files.every((file) => file.type.startsWith('image/'));
    return pictures ? this.offerFiles(files) : sendFiles(this.phone, files);
  }

  async copy(text) {
    await copyText(text);
    toast(this.phone.layer, t('copied'));
  }

  lastOwnText() {
    return [...(this.phone.chat?.messages ?? [])].reverse().find((message) => message.outgoing && message.text) ?? null;
  }

  tap(message, data) {
    const key = `${message.message_id} ${data}`;
    clearTimeout(this.waiting.get(key));
    const timer = setTimeout(() => this.answered(key), SPINS_MS);
    this.waiting.set(key, timer);
    this.phone.paintWaiting();
    return this.attempt(() => this.phone.account.tap({ message_id: message.message_id, callback_data: data }));
  }

  isWaiting(message, data) {
    return data !== undefined && this.waiting.has(`${message.message_id} ${data}`);
  }

  /** The bot answered a tap: the one that the event names, else the one that has waited longest. */
  onAnswer({ message_id: messageId, callback_data: data }) {
    const named = `${messageId} ${data}`;
    this.answered(this.waiting.has(named) ? named : this.waiting.keys().next().value);
  }

  /** Stops the spinner of a tap. */
  answered(key) {
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    this.phone.paintWaiting();
  }

  pressKey(button) {
    if (button.request_contact) return this.shareContact(() => this.tapKey({ text: button.text }));
    if (!button.request_location) return this.tapKey({ text: button.text });
    const press = (place) => this.tapKey({ text: button.text, location: place });
    if (this.place) return press(this.place);
    return this.pickPlace({ title: t('whereAreYou'), onSend: press });
  }

  tapKey(tapped) {
    return this.attempt(() => this.phone.account.tap(tapped));
  }

  shareContact(share = () => this.send({ contact: {} })) {
    dialog(this.phone.layer, {
      title: t('sharePhone'), text: t('sharePhoneMore', { phone: this.phone.person.phone }), testid: 'share-contact',
      buttons: [{ text: t('cancel') }, { text: t('share'), primary: true, testid: 'share-contact-ok', action: share }],
    });
  }

  pickPlace(options) {
    this.phone.openSheet(new PlacePicker(this, options));
  }

  liveMessage() {
    const now = this.now();
    return (this.phone.chat?.messages ?? []).findLast((message) => message.outgoing && isLive(message, now)) ?? null;
  }

  stopLive(message) {
    return this.attempt(() => this.phone.account.stop(message.message_id));
  }

  /** The phone is at another place from now on; a live location follows. */
  standAt(place) {
    this.place = place;
    sessionStorage.setItem(`${PHONE_STORE}-${this.personId}`, JSON.stringify(place));
    this.phone.showPlace();
    if (!this.moving && this.liveMessage()) {
      this.moving = setTimeout(() => {
        this.moving = null;
        const message = this.liveMessage();
        if (message) this.attempt(() => this.phone.account.move({ message_id: message.message_id, ...this.place }));
      }, MOVE_EVERY_MS);
    }
  }

  otherPhones() {
    return this.phone.stage.phones.filter((other) => other !== this.phone);
  }

  askMessage(message, x, y) {
    const text = message.text ?? message.caption;
    const items = [];
    if (message.outgoing && message.text) items.push({ text: t('edit'), icon: 'edit', testid: 'message-edit', action: () => this.phone.composer.edit(message) });
    items.push({
      text: t('forward'), icon: 'forward', testid: 'message-forward',
      action: () => this.send({ forward_of: { message_id: message.message_id } }),
    });
    for (const other of this.otherPhones()) {
      items.push({
        text: t('forwardBy', { name: other.person.first_name }), icon: 'forward', testid: `message-forward-${other.index}`,
        action: () => other.deeds.send({ forward_of: { message_id: message.message_id, person_id: this.personId } }),
      });
    }
    if (text) items.push({ text: t('copy'), icon: 'copy', testid: 'message-copy', action: () => this.copy(text) });
    popup(this.phone.layer, { x, y, items, testid: 'message-menu' });
  }

  /** What to do with an invitation: copy it, or open it on one of the phones. */
  askStart(token, address, x, y) {
    const whole = /^https?:/i.test(address) ? address : `https://${address}`;
    popup(this.phone.layer, {
      x, y, testid: 'link-menu', items: [
        { text: t('copyLink'), icon: 'copy', testid: 'link-copy', action: () => this.copy(whole) },
        { text: t('openHere'), icon: 'play', testid: 'link-open', action: () => this.openStart(token) },
        ...this.otherPhones().map((other) => ({
          text: t('openOn', { name: other.person.first_name }), icon: 'forward', testid: `link-open-${other.index}`,
          action: () => other.deeds.openStart(token),
        })),
      ],
    });
  }
}
