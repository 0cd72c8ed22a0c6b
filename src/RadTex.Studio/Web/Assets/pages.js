// A page that waits for what is being made loads itself again; while one reads it with the keyboard it stays.
'use strict';
if ('waiting' in document.body.dataset) setTimeout(() => { if (document.activeElement === document.body) location.reload(); }, 3000);

// Adjudication: a button settles its case, and says so only when the server has it on the disk.
for (const one of document.querySelectorAll('.case')) {
  const done = one.querySelector('.done');
  for (const button of one.querySelectorAll('[data-settle]')) {
    button.addEventListener('click', async () => {
      done.textContent = 'saving…';
      try {
        const answer = await fetch('/api/settle', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-RadTex': '1' },
          body: JSON.stringify({
            finding: one.dataset.finding, picture: one.dataset.picture, value: button.dataset.settle,
            meeting: one.querySelector('.meeting').checked,
          }),
        });
        const body = await answer.json();
        done.textContent = answer.ok ? `saved: ${button.textContent}` : body.error;
        if (answer.ok) for (const other of one.querySelectorAll('[data-settle]')) other.disabled = true;
      } catch {
        done.textContent = 'Not saved: the studio does not answer. Is it still running?';
      }
    });
  }
}
