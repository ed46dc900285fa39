/* What pages do beyond links and forms. Everything works without it, only slower. */
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (element) => element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  document.documentElement.classList.add("scripted");

  /* Tables with data-keys: one active row, moved by keys; letters press the row's buttons. */
  const rowsOf = (table) => Array.from(table.tBodies).flatMap((body) => Array.from(body.rows));
  const activeRow = () => document.querySelector("table[data-keys] tr.active");
  const activate = (row) => {
    all("tr.active").forEach((other) => other.classList.remove("active"));
    if (!row) return;
    row.classList.add("active");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const now = activeRow();
    const table = now ? now.closest("table") : document.querySelector("table[data-keys]");
    if (!table) return false;
    const rows = rowsOf(table);
    activate(rows[now ? Math.min(Math.max(rows.indexOf(now) + step, 0), rows.length - 1) : 0]);
    return true;
  };
  const press = (key) => {
    const row = activeRow();
    if (!row) return false;
    const box = row.querySelector("input[type=checkbox]");
    if ((key === "x" || key === " ") && box) { box.click(); return true; }
    const target = key === "Enter" ? row.querySelector("a.lead, a[href]") : row.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target) target.click();
    return Boolean(target);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target) && event.target.type !== "checkbox") return;
    if (event.target.closest("a, button, summary") && (event.key === "Enter" || event.key === " ")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let done = false;
    if (key === "/") {
      const box = all("[data-find]").find((input) => input.offsetParent);
      if (box) { box.focus(); box.select(); done = true; }
    } else if (key === "j" || key === "k") done = move(key === "j" ? 1 : -1);
    else done = press(key);
    if (done) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("table[data-keys] tbody tr");
    if (row) {
      all("tr.active").forEach((other) => other.classList.remove("active"));
      row.classList.add("active");
    }
    if (event.target.closest("[data-print]")) window.print();
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".toast, .notice").remove();
  });

  /* A row changed in place stays the active one; a row that is done hands over to the next that is open. */
  let changing = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const row = event.detail.target;
    changing = row && row.matches("table[data-keys] tr.active") ? row.id : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const row = changing && document.getElementById(changing);
    changing = "";
    if (!row) return;
    if (row.querySelector("form")) { row.classList.add("active"); return; }
    const rows = rowsOf(row.closest("table"));
    const next = rows.slice(rows.indexOf(row) + 1).find((other) => !("done" in other.dataset));
    activate("done" in row.dataset && next ? next : row);
  });

  /* Selection: the bar of bulk actions appears and says how many. */
  const count = (root) => {
    const boxes = all("tbody .pick input[type=checkbox]", root);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
    all("[data-bulk]", root).forEach((bar) => { bar.hidden = chosen.length === 0; });
    all("[data-bulk-count]", root).forEach((place) => { place.textContent = String(chosen.length); });
    all("[data-pick-all]", root).forEach((box) => {
      box.checked = boxes.length > 0 && chosen.length === boxes.length;
      box.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    });
  };
  const selections = () => all("[data-selection]").forEach(count);
  document.addEventListener("change", (event) => {
    const root = event.target.closest("[data-selection]");
    if (root && event.target.matches("[data-pick-all]")) {
      all("tbody .pick input[type=checkbox]", root).forEach((box) => { box.checked = event.target.checked; });
    }
    if (root) count(root);
    const form = event.target.closest("[data-autosubmit]") && event.target.form;
    if (form) form.requestSubmit();
  });

  /* Drafts: what was typed in a form with data-draft stays in this tab until it is sent. */
  const skipped = (field) => !field.name || field.name === "csrfmiddlewaretoken" || /^(password|file|hidden|submit|button)$/.test(field.type);
  const nameOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
  const read = (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } };
  const write = (name, value) => { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* full or forbidden */ } };
  const typed = (form) => Array.from(form.elements).filter((field) => !skipped(field)).map((field) =>
    [field.name, /^(checkbox|radio)$/.test(field.type) ? [field.value, field.checked] : field.value]);
  const restore = (form) => {
    const name = nameOf(form);
    const draft = read(name);
    if (!draft) return;
    if (document.querySelector("[data-error-summary]")) {
      form.dataset.fresh = draft.from;
      write(name, { values: draft.values, from: draft.from });
      return;
    }
    const [visit] = performance.getEntriesByType("navigation");
    const fields = Array.from(form.elements).filter((field) => !skipped(field));
    const before = JSON.parse(draft.from);
    const changed = draft.values.filter(([key, value], index) => fields[index] && fields[index].name === key
      && before[index] && JSON.stringify(value) !== JSON.stringify(before[index][1]));
    if ((draft.sent && !(visit && visit.type === "back_forward")) || changed.length === 0) {
      sessionStorage.removeItem(name);
      return;
    }
    changed.forEach((entry) => {
      const field = fields[draft.values.indexOf(entry)];
      if (Array.isArray(entry[1])) field.checked = entry[1][1];
      else field.value = entry[1];
    });
    form.dataset.dirty = "yes";
    const notice = document.getElementById("draft-notice").content.cloneNode(true);
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      sessionStorage.removeItem(name);
      delete form.dataset.dirty;
      form.reset();
      form.querySelector(".notice").remove();
    });
    form.prepend(notice);
  };
  const forms = () => all("form[data-draft]").forEach((form) => {
    if (form.dataset.watched) return;
    form.dataset.watched = "yes";
    form.dataset.fresh = JSON.stringify(typed(form));
    restore(form);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.matches("[data-draft], [data-guard]")) form.dataset.dirty = "yes";
    if (form.matches("[data-draft]")) write(nameOf(form), { values: typed(form), from: form.dataset.fresh });
  });
  window.addEventListener("beforeunload", (event) => {
    if (all("form[data-guard][data-dirty]").length) event.preventDefault();
  });

  /* Sending once: buttons rest after the first time, until the page is shown again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    delete form.dataset.dirty;
    if (form.matches("[data-draft]")) write(nameOf(form), { values: typed(form), from: form.dataset.fresh, sent: true });
    if (form.matches("[data-forget-drafts]")) {
      Object.keys(sessionStorage).filter((name) => name.startsWith("draft:")).forEach((name) => sessionStorage.removeItem(name));
    }
    if (form.method !== "post" || form.target === "_blank" || form.matches("[data-download]")) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    setTimeout(() => Array.from(form.elements).filter((field) => field.type === "submit").forEach((button) => {
      button.disabled = true;
      button.dataset.rests = "yes";
    }));
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sending]").forEach((form) => { delete form.dataset.sending; });
    all("[data-rests]").forEach((button) => { button.disabled = false; delete button.dataset.rests; });
    selections();
  });

  const start = () => { selections(); forms(); };
  document.addEventListener("htmx:afterSettle", start);
  start();
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
