// The reading room: a key is an answer and the next picture. Answers go one after the other; "saved" is said when one is on the disk.
'use strict';
(() => {
  const room = document.getElementById('room'), finding = room.dataset.finding, classes = Number(room.dataset.classes);
  const isTogether = 'together' in room.dataset; // a picture stays until each finding has its answer
  const $ = id => document.getElementById(id);
  const overlay = $('overlay'), stage = $('stage');
  let viewer = null;
  const Ahead = 3, Kept = 10;

  // ---- what a reader chose: in cookies, which hold whatever free port the next start takes ---------------------------------------------------
  function remember(name, text) { document.cookie = `radtex-${name}=${encodeURIComponent(text)}; path=/; max-age=31536000; samesite=strict`; }
  function recall(name) {
    const found = document.cookie.split('; ').find(c => c.startsWith(`radtex-${name}=`));
    return found ? decodeURIComponent(found.slice(found.indexOf('=') + 1)) : '';
  }

  // ---- what the server says -------------------------------------------------------------------------------------------------------------
  async function ask(path, body) {
    const answer = await fetch(path, body === undefined ? {} : {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-RadTex': '1' }, body: JSON.stringify(body),
    }).catch(() => { throw new Error('The studio does not answer. Is it still running? Nothing that was said to be saved is lost.'); });
    const data = await answer.json();
    if (!answer.ok) throw new Error(data.error);
    return data;
  }
  const query = `finding=${encodeURIComponent(finding)}`;

  // ---- pictures: sixteen bits and tables of greys ----------------------------------------------------------------------------------------
  const pictures = new Map(); // by hash and size; the oldest are let go
  function load(hash, isFull) {
    const most = viewer.mostSide;
    const size = isFull ? (most < Infinity ? `?h=${most}&w=${most}` : '') : `?h=${Math.round(stage.clientHeight * devicePixelRatio)}&w=${Math.round(stage.clientWidth * devicePixelRatio)}`;
    const key = hash + size;
    let found = pictures.get(key);
    if (found) pictures.delete(key);
    else {
      found = fetch(`/api/picture/${hash}${size}`).then(async answer => {
        if (!answer.ok) throw new Error((await answer.json()).error);
        return decode(await answer.arrayBuffer());
      });
      found.catch(() => pictures.delete(key));
    }
    pictures.set(key, found);
    while (pictures.size > Kept) pictures.delete(pictures.keys().next().value);
    return found;
  }
  function decode(buffer) {
    const length = new DataView(buffer).getInt32(0, true);
    const picture = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    let at = 4 + length;
    for (const table of picture.tables) {
      table.greys = new Uint8Array(buffer, at, picture.values);
      at += picture.values;
    }
    picture.pixels = new Uint16Array(buffer, at + at % 2, picture.height * picture.width);
    return picture;
  }

  // ---- the viewer -------------------------------------------------------------------------------------------------------------------------
  let shown = null, full = null, table = 0, range = null, isInverted = false, zoom = 1, panX = 0, panY = 0, map = null;
  let look = null; // how its values become greys
  function changeLook() {
    const isFlipped = (range !== null && shown.is_inverted) !== isInverted; // a file's table holds its own inversion already
    look = range ? { ...range, isFlipped } : { greys: shown.tables[table].greys, isFlipped };
  }
  function open(canvas, wanted) {
    viewer = openViewer(canvas, wanted);
    room.dataset.viewer = viewer.name;
    // The driver was restarted, or another page took all there is: on without it.
    viewer.canvas.addEventListener('webglcontextlost', () => { open(viewer.canvas, 'Canvas'); draw(); });
  }
  function rectangle() { // where the picture lies on the canvas, in its pixels
    const { canvas } = viewer;
    const fit = Math.min(canvas.width / shown.full_width, canvas.height / shown.full_height, Math.max(shown.width / shown.full_width, 1e-9) * 16);
    const scale = fit * zoom, width = shown.full_width * scale, height = shown.full_height * scale;
    return { x: Math.round((canvas.width - width) / 2 + panX), y: Math.round((canvas.height - height) / 2 + panY), width: Math.round(width), height: Math.round(height) };
  }
  function draw() {
    const { canvas } = viewer, width = Math.round(stage.clientWidth * devicePixelRatio), height = Math.round(stage.clientHeight * devicePixelRatio);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    if (!shown) { viewer.draw(null); return; }
    const to = rectangle();
    viewer.draw(zoom > 1 && full ? full : shown, look, to);
    drawMap(to);
    const unit = value => +(value * shown.unit_slope + shown.unit_intercept).toPrecision(4);
    const { low, high } = range ?? shown.tables[table];
    $('window').textContent = `${range ? 'own window' : shown.tables[table].name} ${unit(low)} to ${unit(high)}${isInverted ? ', inverted' : ''}`
      + (zoom > 1 ? `, ${zoom.toFixed(1)}×` : '');
  }
  function redraw() { changeLook(); draw(); }
  function drawMap(to) {
    [overlay.width, overlay.height] = [viewer.canvas.width, viewer.canvas.height];
    if (!map) return;
    const small = document.createElement('canvas'), smallPen = small.getContext('2d');
    [small.width, small.height] = [map.width, map.height];
    const image = smallPen.createImageData(map.width, map.height), most = Math.max(...map.values.map(Math.abs), 1e-12);
    map.values.forEach((value, i) => { // for the finding: amber; against it: blue
      image.data.set(value > 0 ? [255, 170, 40] : [70, 150, 255], 4 * i);
      image.data[4 * i + 3] = Math.round(150 * Math.abs(value) / most);
    });
    smallPen.putImageData(image, 0, 0);
    // The network saw the square in the middle.
    const side = Math.min(to.width, to.height), over = overlay.getContext('2d');
    over.imageSmoothingQuality = 'high';
    over.drawImage(small, to.x + (to.width - side) / 2, to.y + (to.height - side) / 2, side, side);
  }
  function resetView() { [table, range, isInverted, zoom, panX, panY, full] = [0, null, false, 1, 0, 0, null]; }
  function windowText() {
    if (!shown) return '';
    const { low, high } = range ?? shown.tables[table], unit = value => value * shown.unit_slope + shown.unit_intercept;
    return `${range ? 'own' : shown.tables[table].name}, ${+unit(low).toPrecision(5)} to ${+unit(high).toPrecision(5)}${isInverted ? ', inverted' : ''}`;
  }
  function preset(number) {
    const { low, high } = shown.tables[table], middle = (low + high) / 2, half = (high - low) / 2;
    range = [null, { low: 0, high: shown.values - 1 }, { low: middle - half / 2, high: middle + half / 2 }, { low: middle - 2 * half, high: middle + 2 * half }][number];
    redraw();
  }
  async function needFull() {
    if (full || !current || shown.width === shown.full_width) return;
    const of = current.picture, picture = await load(of, true).catch(() => null);
    if (picture && current?.picture === of) { full = picture; draw(); }
  }

  // ---- what is asked ------------------------------------------------------------------------------------------------------------------------
  let queue = [], current = null, isPainted = false, shownAt = 0, history = null, at = -1, sending = Promise.resolve(), waiting = 0, answered = 0;
  const given = new Set(); // picks that were answered here and may still be on the way
  const isAsked = () => at < 0;
  const asked = () => current?.finding ?? finding;
  function say(text) { $('message').textContent = text; $('message').hidden = !text; }
  function status(text) { $('saved').textContent = text; }

  async function show(item, since) {
    const isSame = isTogether && shown && current && item && current.picture === item.picture;
    current = item;
    isPainted = false;
    delete room.dataset.shown;
    map = null;
    $('asked').textContent = asked();
    $('about').hidden = true;
    for (const button of document.querySelectorAll('[data-action]')) button.classList.toggle('given', !!item?.label && item.label === labelOf(button.dataset.action));
    if (!item) {
      shown = null;
      draw();
      viewer.canvas.setAttribute('aria-label', 'No radiograph');
      say('Nothing is left to ask. Thank you. The figures are under “progress”.');
      return;
    }
    let picture;
    try { picture = await load(item.picture, false); } catch (fault) {
      if (current !== item) return;
      [shown, isPainted] = [null, false];
      draw();
      say(fault.message);
      return;
    }
    if (current !== item) return;
    say('');
    shown = picture;
    if (!isSame) resetView(); // the next finding of the same picture keeps the window
    redraw();
    viewer.canvas.setAttribute('aria-label', item.label ? `An earlier radiograph, your answer: ${item.label}` : `Radiograph ${answered + 1}, ${asked()}: not answered yet`);
    requestAnimationFrame(() => {
      if (current !== item) return;
      [isPainted, shownAt] = [true, performance.now()];
      [room.dataset.asked, room.dataset.shown] = [asked(), item.picture]; // may be answered from now on
      if (since !== undefined) performance.measure('radtex-key-to-picture', { start: since, end: performance.now() });
    });
    if (isAsked()) prefetch();
  }
  function prefetch() {
    const ahead = [...new Set(queue.map(p => p.picture))].filter(p => p !== current?.picture).slice(0, Ahead);
    for (const picture of ahead) load(picture, false).catch(() => {});
  }
  function wait() { // for what comes next: no key answers what is still in view
    [current, isPainted] = [null, false];
    delete room.dataset.shown;
  }
  function take(next) { // what the server says comes next, without what was answered here meanwhile
    queue = next.queue.filter(p => !given.has(p.pick) && (!isAsked() || p.pick !== current?.pick));
    answered = next.answered;
  }
  async function refill(since) {
    const next = await ask(`/api/queue?${query}`);
    given.clear();
    current = null;
    take(next);
    at = -1;
    await show(queue.shift() ?? null, since);
  }
  function send(work) { // one after the other, so that they are kept in the order of the keys
    waiting++;
    status('saving…');
    sending = sending.then(work).then(() => { if (--waiting === 0) { status(`saved · ${answered} answered`); figuresSoon(); } }, async fault => {
      waiting = 0;
      status('not saved');
      await refill().catch(() => {});
      say(fault.message);
    });
    return sending;
  }
  function answer(value, isSure, reason) {
    if (!current || !isPainted) return; // never on a picture that is not there yet
    const pressed = performance.now(), item = current;
    const body = { finding: item.finding ?? finding, picture: item.picture, value, pick: isAsked() ? item.pick : null, is_sure: isSure, milliseconds: Math.round(pressed - shownAt),
      window: windowText(), reason: reason ?? null };
    if (!isAsked()) {
      send(async () => { await ask('/api/answer', body); item.label = labelOf(value); item.current = value; }).then(() => { if (current === item) show(item); });
      return;
    }
    given.add(item.pick);
    const next = queue.shift();
    send(async () => { // on its way before the next picture is drawn
      const kept = await ask('/api/answer', body);
      performance.measure('radtex-key-to-saved', { start: pressed, end: performance.now() });
      take(kept.next);
      if (!current && isAsked()) show(queue.shift() ?? null, pressed);
      else prefetch();
    });
    if (next) show(next, pressed); else wait();
  }
  function later() {
    if (!current || !isAsked()) return;
    const item = current, pressed = performance.now();
    wait();
    send(async () => { const kept = await ask('/api/skip', { finding: item.finding ?? finding, picture: item.picture }); take(kept.next); await show(queue.shift() ?? null, pressed); });
  }
  function undo() {
    send(async () => {
      const undone = await ask('/api/undo', { finding });
      if (undone.finding && undone.finding !== finding && !isTogether) { location.href = `/?finding=${encodeURIComponent(undone.finding)}`; return; }
      given.clear();
      [current, at] = [null, -1];
      take(undone.next);
      await show(queue.shift() ?? null);
      if (!undone.event) say('Nothing is left to take back.');
    });
  }
  let held = null; // the picture that is asked, while earlier ones are looked at
  async function revisit(step) {
    await sending;
    if (isAsked()) {
      if (step > 0) return;
      history = await ask(`/api/history?finding=${encodeURIComponent(asked())}`);
      for (const old of history) old.finding = asked();
      if (history.length === 0) return;
      held = current;
      at = history.length;
    }
    at += step;
    if (at < 0) at = 0;
    if (at >= history.length) { at = -1; await show(held); return; }
    const old = history[at];
    await show({ picture: old.picture, finding: old.finding, label: labelOf(old.current), current: old.current });
    status(`${at + 1} of ${history.length}: ${labelOf(old.current)}`);
  }
  function labelOf(value) { return classes > 2 && /^\d$/.test(value) ? `grade ${value}` : { 0: 'absent', 1: 'present', uncertain: 'uncertain', unassessable: 'not assessable' }[value] ?? value; }
  async function openMap() {
    if (isAsked()) { say('The map can be seen once you have answered: arrow left.'); setTimeout(() => say(''), 2500); return; }
    const item = current, found = await ask('/api/map', { finding: asked(), picture: item.picture }).catch(fault => { say(fault.message); return null; });
    if (!found || current !== item) return;
    map = found;
    draw();
    about(`The present model: ${found.probability.toFixed(2)}. Amber speaks for ${asked()}, blue against it; all places add up to its logit, ${found.logit.toFixed(2)}.`);
  }
  async function openReport() {
    if (isAsked()) { say('The report can be read once you have answered: arrow left.'); setTimeout(() => say(''), 2500); return; }
    const item = current, found = await ask('/api/report', { finding: asked(), picture: item.picture }).catch(fault => { say(fault.message); return null; });
    if (found && current === item) about(found.text);
  }
  function about(text) { $('about').textContent = text; $('about').hidden = false; }
  let soon = 0;
  function figuresSoon() {
    clearTimeout(soon);
    soon = setTimeout(figures, 300);
  }
  async function figures() {
    const found = await ask(`/api/figures?finding=${encodeURIComponent(asked())}`).catch(() => null);
    if (!found) return;
    $('labels').textContent = found.labels;
    $('auc').textContent = found.auc;
    $('calibration').textContent = found.calibration;
    $('forecast').textContent = found.forecast;
    $('model').textContent = found.model;
    if (found.model.startsWith('features:')) { clearTimeout(soon); soon = setTimeout(figures, 2000); }
  }

  // ---- keys: by position, so that layouts do not matter ----------------------------------------------------------------------------------
  const usual = { present: 'Digit1', absent: 'Digit0', uncertain: 'KeyU', unassessable: 'KeyX', later: 'Space', undo: 'Backspace', back: 'ArrowLeft',
    forward: 'ArrowRight', invert: 'KeyI', reset: 'KeyR', table: 'KeyV', map: 'KeyM', report: 'KeyT' };
  if (classes > 2) { delete usual.present; delete usual.absent; for (let grade = 0; grade < classes; grade++) usual[`grade ${grade}`] = `Digit${grade}`; }
  const words = { present: 'present', absent: 'absent', uncertain: 'uncertain', unassessable: 'not assessable', later: 'later', undo: 'undo (also Ctrl+Z)',
    back: 'the one before', forward: 'the next one', invert: 'invert', reset: 'reset the view', table: "the file's windows and tables", map: 'map', report: 'report text' };
  let keys = { ...usual };
  function changed() { return Object.fromEntries(Object.entries(keys).filter(([action, key]) => usual[action] !== key)); }
  try { keys = { ...usual, ...JSON.parse(recall('keys') || '{}') }; } catch { /* the usual ones */ }
  const does = {
    present: sure => answer('1', sure), absent: sure => answer('0', sure), uncertain: sure => answer('uncertain', sure),
    unassessable: () => { if (current && isPainted) $('reasons').showModal(); }, later, undo, back: () => revisit(-1), forward: () => revisit(1),
    invert: () => { isInverted = !isInverted; redraw(); }, reset: () => { resetView(); redraw(); },
    table: () => { range = null; table = (table + 1) % shown.tables.length; redraw(); }, map: openMap, report: openReport,
    help: () => { listKeys(); $('help').showModal(); },
  };
  for (let grade = 0; grade < classes; grade++) does[`grade ${grade}`] = sure => answer(String(grade), sure);
  const needsPicture = new Set(['invert', 'reset', 'table']);
  function act(action, isSure) { if (!needsPicture.has(action) || shown) does[action](isSure); }
  function actionOf(code) { const plain = code.replace('Numpad', 'Digit'); return Object.keys(keys).find(a => keys[a] === code || keys[a] === plain); }
  let changing = null;
  document.addEventListener('keydown', event => {
    if (changing) {
      event.preventDefault();
      if (event.code !== 'Escape') { keys[changing] = event.code; remember('keys', JSON.stringify(changed())); nameKeys(); }
      changing = null;
      listKeys();
      return;
    }
    if ($('reasons').open) {
      const reason = document.querySelectorAll('[data-reason]')[Number(event.code.replace(/Digit|Numpad/, '')) - 1];
      if (reason) { event.preventDefault(); reason.click(); }
      return;
    }
    if ($('help').open || event.target.closest?.('input, textarea, select')) return;
    if (event.altKey && /^Digit[1-4]$/.test(event.code)) { event.preventDefault(); if (shown) preset(Number(event.code[5]) - 1); return; }
    if ((event.ctrlKey || event.metaKey) && event.code === 'KeyZ') { event.preventDefault(); undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === '?') { event.preventDefault(); act('help'); return; }
    const action = actionOf(event.code);
    // Space and Enter on a button that has the focus press it.
    if (!action || event.code === 'Space' && event.target.closest?.('button, a')) return;
    event.preventDefault();
    act(action, event.shiftKey);
  });
  function keyName(code) { return code.replace(/^Key|^Digit/, ''); }
  function listKeys() {
    const rows = Object.keys(keys).map(action => {
      const row = document.createElement('tr'), name = document.createElement('td'), cell = document.createElement('td'), button = document.createElement('button');
      name.textContent = words[action] ?? action;
      button.type = 'button';
      button.textContent = changing === action ? 'press a key' : keyName(keys[action]);
      button.setAttribute('aria-label', `Key of ${name.textContent}: ${button.textContent}. Press to change it.`);
      button.addEventListener('click', () => { changing = action; listKeys(); });
      cell.append(button);
      row.append(name, cell);
      return row;
    });
    $('keys').tBodies[0].replaceChildren(...rows);
  }
  $('reset-keys').addEventListener('click', () => { keys = { ...usual }; remember('keys', ''); nameKeys(); listKeys(); });
  $('close-help').addEventListener('click', () => $('help').close());
  for (const button of document.querySelectorAll('[data-reason]')) button.addEventListener('click', () => {
    $('reasons').close();
    if (button.dataset.reason) answer('not assessable', false, button.dataset.reason);
  });
  function actionOfButton({ dataset: { action } }) {
    return /^\d$/.test(action) ? classes > 2 ? `grade ${action}` : action === '1' ? 'present' : 'absent' : action;
  }
  for (const button of document.querySelectorAll('[data-action]')) button.addEventListener('click', event => {
    button.blur();
    act(actionOfButton(button), event.shiftKey);
  });
  function nameKeys() { // each button bears the key that it has now
    for (const button of document.querySelectorAll('[data-action]')) {
      const action = actionOfButton(button), shownKey = button.querySelector('kbd');
      button.dataset.usualKey ??= shownKey.textContent;
      shownKey.textContent = action in usual && keys[action] !== usual[action] ? keyName(keys[action]) : button.dataset.usualKey;
    }
  }
  nameKeys();

  // ---- the pointer: drag is the window, shift and drag moves, the wheel zooms ---------------------------------------------------------------
  let from = null;
  stage.addEventListener('pointerdown', event => {
    if (!shown || event.target !== viewer.canvas) return;
    stage.setPointerCapture(event.pointerId);
    const { low, high } = range ?? shown.tables[table];
    from = { x: event.clientX, y: event.clientY, low, high, panX, panY, isMove: event.shiftKey || event.button === 1 };
  });
  let isDrawing = false;
  stage.addEventListener('pointermove', event => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    if (from.isMove) [panX, panY] = [from.panX + dx * devicePixelRatio, from.panY + dy * devicePixelRatio];
    else {
      const width = Math.max(1, (from.high - from.low) * Math.exp(dx / 300)), centre = (from.low + from.high) / 2 + dy * (from.high - from.low) / 600;
      range = { low: centre - width / 2, high: centre + width / 2 };
    }
    if (isDrawing) return; // one drawing a frame
    isDrawing = true;
    const isMove = from.isMove;
    requestAnimationFrame(() => { isDrawing = false; if (!shown) return; if (isMove) draw(); else redraw(); performance.mark('radtex-window-frame'); });
  });
  for (const end of ['pointerup', 'pointercancel']) stage.addEventListener(end, () => { from = null; });
  stage.addEventListener('wheel', event => {
    if (!shown || event.target !== viewer.canvas) return;
    event.preventDefault();
    const before = zoom;
    zoom = Math.max(1, Math.min(16, zoom * Math.exp(-event.deltaY / 400)));
    const frame = stage.getBoundingClientRect();
    const x = (event.clientX - frame.left - frame.width / 2) * devicePixelRatio, y = (event.clientY - frame.top - frame.height / 2) * devicePixelRatio;
    [panX, panY] = zoom === 1 ? [0, 0] : [x - (x - panX) * zoom / before, y - (y - panY) * zoom / before];
    draw();
    if (zoom > 1) needFull();
  }, { passive: false });
  let resizing = 0;
  addEventListener('resize', () => { clearTimeout(resizing); resizing = setTimeout(() => { if (current) show(current); else draw(); }, 150); });

  // ---- who draws: the graphics card or a canvas, as the reader wishes ------------------------------------------------------------------------
  const filled = refill(); // on its way while the shader is made
  open($('picture'), recall('viewer'));
  $('drawn-by').textContent = `Drawn by ${viewer.name}.`;
  $('other-viewer').textContent = `Draw by ${viewer.name === 'Canvas' ? 'WebGL2' : 'Canvas'}`;
  $('other-viewer').addEventListener('click', () => {
    remember('viewer', viewer.name === 'Canvas' ? 'WebGL2' : 'Canvas');
    location.reload();
  });

  filled.then(figures, fault => say(fault.message));
})();
