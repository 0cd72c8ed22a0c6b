// A folder that is being prepared: how far it is, until the studio itself answers here.
'use strict';
(() => {
  const progress = document.getElementById('progress'), first = document.getElementById('first');
  first?.addEventListener('error', () => { first.hidden = true; });
  async function look() {
    try {
      const answer = await fetch('/api/preparing');
      if (answer.status === 404) { location.replace('/'); return; } // it is there
      const { done, total, unit } = await answer.json();
      if (total)
        progress.textContent = `The folder is being prepared: ${done} of ${total} ${unit}. This is its first picture; `
          + 'questions begin when all are known. No diagnostic display.';
    } catch { progress.textContent = 'The studio does not answer. Its terminal says why.'; }
    setTimeout(look, 500);
  }
  look();
})();
