// What is asked: shows what belongs to what was chosen, and sends it once.
'use strict';
(() => {
  const form = document.getElementById('setup'), fault = document.getElementById('fault'), begin = document.getElementById('begin');
  const items = text => (text ?? '').split(',').map(t => t.trim()).filter(t => t);
  function choice() {
    const data = new FormData(form);
    return {
      findings: [...data.getAll('finding'), ...items(data.get('others'))],
      classes: data.get('scale') === 'grades' ? Number(data.get('most')) + 1 : 2,
      together: data.get('together') === '1',
      readers: items(data.get('readers')),
      shared_share: Number(data.get('shared') ?? 0),
      policy: data.get('policy') ?? 'random',
    };
  }
  function look() {
    const { findings, readers } = choice();
    document.getElementById('several').hidden = findings.length < 2;
    document.getElementById('shared').hidden = readers.length < 2 && form.elements.readers !== undefined;
  }
  form.elements.most.addEventListener('change', () => { form.querySelector('[value=grades]').checked = true; });
  form.addEventListener('input', () => { fault.textContent = ''; look(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    begin.disabled = true;
    try {
      const answer = await fetch('/api/setup', {
        method: 'POST', headers: { 'Content-Type': 'application/json', 'X-RadTex': '1' }, body: JSON.stringify(choice()),
      });
      if (answer.ok) { location.replace('/'); return; }
      fault.textContent = (await answer.json()).error;
    } catch { fault.textContent = 'The studio does not answer. Is it still running?'; }
    begin.disabled = false;
    if (!choice().findings.length) (form.querySelector('[name=finding]') ?? form.elements.others).focus();
  });
  look();
})();
