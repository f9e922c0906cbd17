// What pages do better with script, and do without. No page needs this file.
(function () {
  'use strict';
  // one press, one send: the server takes the same id once anyway, this only shows that it is on its way
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method === 'get') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    var button = event.submitter;
    if (button && button.classList.contains('btn')) button.classList.add('btn--busy');
    setTimeout(function () { delete form.dataset.sent; if (button) button.classList.remove('btn--busy'); }, 8000);
  });
  // a page that comes back from the browser's memory can be sent again
  addEventListener('pageshow', function (event) {
    if (!event.persisted) return;
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
    document.querySelectorAll('.btn--busy').forEach(function (button) { button.classList.remove('btn--busy'); });
  });
  // menus close on a press elsewhere and on Escape
  document.addEventListener('click', function (event) {
    document.querySelectorAll('details.menu[open]').forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    document.querySelectorAll('details.menu[open]').forEach(function (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });
  // the summary of what is wrong takes the focus, so that it is read out
  var errors = document.querySelector('.errors[role=alert]');
  if (errors) errors.focus();
  // a select with data-go sends its form by itself
  document.addEventListener('change', function (event) {
    if (event.target.matches('[data-go]') && event.target.form) event.target.form.requestSubmit();
  });
})();
