"use strict";
const element = id => document.getElementById(id);
element("form").addEventListener("submit", async event => {
  event.preventDefault();
  element("status").textContent = "Judging ...";
  element("findings").hidden = true;
  element("answer").textContent = "";
  const headers = { "Content-Type": "application/octet-stream" };
  if (element("key").value) headers["X-API-Key"] = element("key").value;
  try {
    const response = await fetch("/v1/predictions", { method: "POST", headers, body: element("file").files[0] });
    const answer = await response.json();
    const words = answer.reason ? `Not judged: ${answer.reason}` : answer.title ?? "Judged.";
    element("status").textContent = `${response.status}: ${words}`;
    const rows = element("findings").tBodies[0];
    rows.replaceChildren();
    for (const finding of answer.findings ?? []) {
      const row = rows.insertRow();
      for (const text of [finding.label, finding.outcome, finding.probability.toFixed(3), finding.decision ?? "none"])
        row.insertCell().textContent = text;
    }
    element("findings").hidden = rows.rows.length === 0;
    element("answer").textContent = JSON.stringify(answer, null, 2);
  } catch { element("status").textContent = "The service cannot be reached."; }
});
