// Progress along the top, and the place for a photo opens when something is wrong. The sheet works without it.
(function () {
  'use strict';
  var sheet = document.getElementById('sheet'), prog = document.getElementById('prog');
  if (!sheet || !prog) return;
  var cells = [].slice.call(prog.querySelectorAll('[data-of]')), head = prog.querySelector('[data-left]');
  var marks = { pass: 'p', fail: 'f', na: 'n' };
  function kindOf(name) {
    var chosen = sheet.querySelector('[name="' + name + '"]:checked');
    if (chosen) {
      var found = /answer--(\w+)/.exec(chosen.closest('.answer').className);
      return found ? marks[found[1]] || 'n' : 'n';
    }
    var field = sheet.querySelector('input[name="' + name + '"]:not([type=radio]), textarea[name="' + name + '"]');
    return field && field.value.trim() ? 'p' : '';
  }
  function show() {
    var done = 0;
    cells.forEach(function (cell) {
      var kind = kindOf(cell.dataset.of);
      cell.className = kind;
      if (kind) done += 1;
    });
    head.textContent = done + ' / ' + cells.length + ' ' + head.dataset.left;
  }
  sheet.addEventListener('change', function (event) {
    if (event.target.type === 'radio') {
      var item = event.target.closest('.item'), more = item && item.querySelector('.more');
      if (more && event.target.closest('.answer--fail')) more.open = true;
    }
    show();
  });
  sheet.addEventListener('input', show);
  show();
})();
