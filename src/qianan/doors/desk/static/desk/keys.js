// Keys of the work lists, and how many rows are ticked. Every page works without this file.
(function () {
  'use strict';
  var table = document.querySelector('table[data-keys]');
  var form = document.querySelector('form[data-bulk]');
  var said = document.querySelector('[data-picked]');
  var before = said ? said.textContent : '';
  var typing = function (node) { return /^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName) && !/^(checkbox|radio)$/.test(node.type); };

  function ticks() { return form ? Array.prototype.slice.call(form.querySelectorAll('td input[type=checkbox][name]')) : []; }
  function mark() {
    if (!form) return;
    var all = form.querySelector('input[name=all]');
    var count = 0;
    ticks().forEach(function (box) {
      var row = box.closest('tr');
      if (box.checked) { count += 1; row.setAttribute('aria-selected', 'true'); } else { row.removeAttribute('aria-selected'); }
    });
    if (said) said.textContent = count === 0 ? before : count === 1 ? said.dataset.one : said.dataset.many.replace('#', count);
    if (all && all.checked && said) said.textContent = all.parentNode.textContent.trim();
  }
  document.addEventListener('change', function (event) {
    if (event.target.matches('[data-pick-all]')) ticks().forEach(function (box) { box.checked = event.target.checked; });
    mark();
  });
  addEventListener('pageshow', mark);
  mark();

  function rows() { return table ? Array.prototype.slice.call(table.tBodies[0].rows) : []; }
  function here() { return table ? table.querySelector('tr.here') : null; }
  function go(step) {
    var all = rows(); if (!all.length) return;
    var now = here(), at = now ? all.indexOf(now) + step : step > 0 ? 0 : all.length - 1;
    at = Math.max(0, Math.min(all.length - 1, at));
    if (now) now.classList.remove('here');
    all[at].classList.add('here');
    all[at].scrollIntoView({ block: 'nearest' });
    var link = all[at].querySelector('a'); if (link) link.focus({ preventScroll: true });
  }
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
      if (event.key === 'Escape' && typing(event.target)) event.target.blur();
      return;
    }
    var key = event.key.toLowerCase(), now = here(), box;
    if (key === '/') { box = document.querySelector('input[type=search]'); if (box) { event.preventDefault(); box.focus(); box.select(); } }
    else if (key === 'j' && table) { event.preventDefault(); go(1); }
    else if (key === 'k' && table) { event.preventDefault(); go(-1); }
    else if (key === 'x' && now) { box = now.querySelector('td input[type=checkbox]'); if (box) { box.checked = !box.checked; mark(); } }
    else if (key === 'escape') {
      document.querySelectorAll('details.drop[open]').forEach(function (drop) { drop.open = false; });
      ticks().forEach(function (each) { each.checked = false; }); mark();
    }
    else if (form && (box = form.querySelector('button[data-key="' + (window.CSS ? CSS.escape(key) : key) + '"]')) && ticks().some(function (each) { return each.checked; })) { event.preventDefault(); box.click(); }
  });
  document.addEventListener('click', function (event) {
    document.querySelectorAll('details.drop[open]').forEach(function (drop) { if (!drop.contains(event.target)) drop.open = false; });
  });
})();
