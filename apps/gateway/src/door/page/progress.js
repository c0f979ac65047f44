// Keeps the progress page current, and goes on to the desktop when it runs. Text only ever becomes text.
const events = new EventSource('/.vdi/progress');

events.addEventListener('message', ({ data }) => {
  const progress = JSON.parse(data);
  if (progress.next === 'reload') {
    events.close();
    location.reload();
    return;
  }
  document.title = progress.title;
  show('title', progress.title);
  show('message', progress.message);
  show('todo', progress.whatToDo);
  showStages(progress.stages);
});

// The door ends the stream with an error only when there is nothing to wait for: its page then says what to do.
events.addEventListener('error', () => {
  if (events.readyState === EventSource.CLOSED) location.reload();
});

function show(id, text) {
  const element = document.getElementById(id);
  // A status that is set again would be read out again.
  if (element.textContent !== text) element.textContent = text;
}

function showStages(stages) {
  const current = stages.find(({ isReached }) => !isReached)?.stage;
  for (const { stage, isReached } of stages) {
    const item = document.querySelector(`[data-stage="${CSS.escape(stage)}"]`);
    item.className = isReached ? 'reached' : stage === current ? 'current' : '';
    if (stage === current) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  }
}
